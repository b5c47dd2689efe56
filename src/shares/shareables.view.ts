// Upload shareables as the API shows them: never a token, but which computers use each.

import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { ShareableTokensStore, type TokenRow } from './shareable-tokens.store.js';
import { fieldsOf, type ShareableRow, ShareablesStore } from './shareables.store.js';

const DAY_MS = 86_400_000;

@Injectable()
export class ShareablesView {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ShareablesStore) private readonly shareables: ShareablesStore,
    @Inject(ShareableTokensStore) private readonly tokens: ShareableTokensStore,
  ) {}

  async ofAll(shareables: readonly ShareableRow[]) {
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
      revokedAt: shareable.revoked_at?.toISOString() ?? null,
      /** Until when a revoked one may finish what it began. */
      finishesUntil: finishesUntil(shareable),
      uses: shareable.uses,
      lastUsedAt: shareable.last_used_at?.toISOString() ?? null,
      lastUsedHost: shareable.last_used_host,
      lastUsedProgram: shareable.last_used_program,
      tokens: tokens.filter((token) => token.shareable_id === shareable.id).map(tokenView),
      createdAt: shareable.created_at.toISOString(),
      warnings: [] as string[],
    }));
  }
}

const finishesUntil = ({ revoked_at: revokedAt, stop_running: isStopped }: ShareableRow): string | null =>
  revokedAt && !isStopped ? new Date(revokedAt.getTime() + DAY_MS).toISOString() : null;

const tokenView = (token: TokenRow) => ({
  lastFour: token.last_four,
  createdAt: token.created_at.toISOString(),
  validUntil: token.valid_until?.toISOString() ?? null,
  lastUsedAt: token.last_used_at?.toISOString() ?? null,
  /** When somebody last came with it after its end. */
  lastRefusedAt: token.last_refused_at?.toISOString() ?? null,
  usedFrom: token.used_from.map((use) => ({
    ...use,
    firstUsedAt: new Date(use.firstUsedAt).toISOString(),
    lastUsedAt: new Date(use.lastUsedAt).toISOString(),
  })),
});
