// Upload shareables as the API shows them: never a token, but which computers use each.

import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { zonedIso } from '../time/index.js';
import { ShareableTokensStore, type TokenRow } from './shareable-tokens.store.js';
import type { ShownShareable } from './shown-shareables.schema.js';
import { fieldsOf, type ShareableRow, ShareablesStore } from './shareables.store.js';

const DAY_MS = 86_400_000;

@Injectable()
export class ShareablesView {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ShareablesStore) private readonly shareables: ShareablesStore,
    @Inject(ShareableTokensStore) private readonly tokens: ShareableTokensStore,
  ) {}

  async ofAll(shareables: readonly ShareableRow[]): Promise<ShownShareable[]> {
    const { pool } = this.transactions;
    const ids = shareables.map(({ id }) => id);
    const notify = await this.shareables.notifyOf(pool, ids);
    const tokens = await this.tokens.ofShareables(pool, ids);
    return shareables.map((shareable) => ({
      id: shareable.id,
      number: shareable.number,
      platform: { id: shareable.platform_id, name: shareable.platform_name },
      ...fieldsOf(shareable),
      notify: notify.filter((one) => one.shareable_id === shareable.id).map(({ address }) => address),
      state: shareable.revoked_at ? 'revoked' : 'active',
      revokedAt: shareable.revoked_at && zonedIso(shareable.revoked_at, shareable.time_zone),
      /** Until when a revoked one may finish what it began. */
      finishesUntil: finishesUntil(shareable),
      uses: shareable.uses,
      lastUsedAt: shareable.last_used_at && zonedIso(shareable.last_used_at, shareable.time_zone),
      lastUsedHost: shareable.last_used_host,
      lastUsedProgram: shareable.last_used_program,
      tokens: tokens
        .filter((token) => token.shareable_id === shareable.id)
        .map((token) => tokenView(token, shareable.time_zone)),
      createdAt: zonedIso(shareable.created_at, shareable.time_zone),
      warnings: [],
    }));
  }
}

const finishesUntil = ({
  revoked_at: revokedAt,
  stopped_at: stoppedAt,
  time_zone: zone,
}: ShareableRow): string | null =>
  revokedAt && !stoppedAt ? zonedIso(new Date(revokedAt.getTime() + DAY_MS), zone) : null;

const tokenView = (token: TokenRow, zone: string) => ({
  lastFour: token.last_four,
  createdAt: zonedIso(token.created_at, zone),
  validUntil: token.valid_until && zonedIso(token.valid_until, zone),
  lastUsedAt: token.last_used_at && zonedIso(token.last_used_at, zone),
  /** When somebody last came with it after its end. */
  lastRefusedAt: token.last_refused_at && zonedIso(token.last_refused_at, zone),
  usedFrom: token.used_from.map((use) => ({
    ...use,
    firstUsedAt: zonedIso(new Date(use.firstUsedAt), zone),
    lastUsedAt: zonedIso(new Date(use.lastUsedAt), zone),
  })),
});
