// Makes, shows, rotates and revokes upload shareables. A token is told once, in the answer that made it.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import { newToken, tokenHash } from '../auth/index.js';
import { Transactions, type Tx } from '../database/index.js';
import {
  Conflict,
  decodeCursor,
  earlierResult,
  NotFound,
  pageOf,
  type PageQuery,
  PublicAddress,
} from '../http/index.js';
import { Ids, isId } from '../ids/index.js';
import { parseAddress, PersonsStore } from '../persons/index.js';
import { findPlatform } from '../platforms/index.js';
import { durationMs } from '../time/index.js';
import { settingsXml } from './settings-xml.js';
import { ShareableRevocations } from './shareable-revocations.js';
import type { CreateShareable, RevokeShareable, RotateShareable } from './shareables.schema.js';
import { type ShareableRow, ShareablesStore } from './shareables.store.js';

@Injectable()
export class ShareablesService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ShareablesStore) private readonly shareables: ShareablesStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(PublicAddress) private readonly address: PublicAddress,
    @Inject(ShareableRevocations) private readonly revocations: ShareableRevocations,
    @Inject(Ids) private readonly ids: Ids,
  ) {}

  async create(platformId: string, request: CreateShareable, idempotencyKey: string | undefined) {
    const newId = this.ids.next();
    const token = newToken();
    const id = await this.transactions.run(async (tx) => {
      if (!isId(platformId) || !(await findPlatform(tx, platformId))) throw new NotFound('platform');
      const scope = `shareables:${platformId}`;
      const earlier = await earlierResult(tx, { scope, key: idempotencyKey, request }, newId);
      if (earlier === undefined) await this.insert(tx, newId, platformId, request);
      const shareableId = earlier ?? newId;
      // A replay gets a fresh token: the first answer may never have arrived, and its token is kept nowhere.
      await this.shareables.addToken(tx, shareableId, tokenHash(token), token.slice(-4));
      return shareableId;
    });
    return this.withToken(id, token);
  }

  async rotate(id: string, request: RotateShareable) {
    const token = newToken();
    await this.transactions.run(async (tx) => {
      const shareable = await this.locked(tx, id);
      if (shareable.revoked_at) throw new Conflict('This shareable is revoked; make another one.');
      await this.shareables.addToken(tx, id, tokenHash(token), token.slice(-4));
      await this.shareables.retireTokens(tx, id, tokenHash(token), durationMs(request.overlap) / 1000);
      await this.record(tx, 'shareable.rotated', id, { overlap: request.overlap });
    });
    return this.withToken(id, token);
  }

  async revoke(id: string, request: RevokeShareable) {
    await this.transactions.run(async (tx) => {
      await this.locked(tx, id);
      await this.shareables.revoke(tx, id, request.stopRunning);
      await this.record(tx, 'shareable.revoked', id, { stopRunning: request.stopRunning });
    });
    if (request.stopRunning) await this.revocations.announceStop(id);
    return this.get(id);
  }

  async get(id: string) {
    const shareable = isId(id) ? await this.shareables.find(this.transactions.pool, id) : undefined;
    if (!shareable) throw new NotFound('upload shareable');
    return this.view(shareable);
  }

  async list(platformId: string, query: PageQuery) {
    if (!isId(platformId) || !(await findPlatform(this.transactions.pool, platformId))) throw new NotFound('platform');
    const after = decodeCursor(query.cursor, ['number']);
    const found = await this.shareables.list(
      this.transactions.pool,
      platformId,
      Number(after?.[0] ?? 0),
      query.limit + 1,
    );
    const page = pageOf(
      found,
      query.limit,
      (shareable) => shareable,
      (shareable) => [shareable.number],
    );
    return { ...page, items: await Promise.all(page.items.map((shareable) => this.view(shareable))) };
  }

  private async insert(tx: Tx, id: string, platformId: string, request: CreateShareable): Promise<void> {
    await this.shareables.insert(tx, { id, platformId, ...request });
    const personIds: string[] = [];
    for (const text of request.notify) {
      const address = parseAddress(text);
      if (address) personIds.push(await this.persons.idOf(tx, address));
    }
    await this.shareables.setNotify(tx, id, personIds);
    await this.record(tx, 'shareable.created', id, { platformId, label: request.label, notify: personIds });
  }

  private async locked(tx: Tx, id: string): Promise<ShareableRow> {
    const shareable = isId(id) ? await this.shareables.find(tx, id, true) : undefined;
    if (!shareable) throw new NotFound('upload shareable');
    return shareable;
  }

  private record(tx: Tx, action: string, subjectId: string, after: Record<string, unknown>): Promise<void> {
    return this.audit.record(tx, { actor: 'admin', action, subjectKind: 'shareable', subjectId, after });
  }

  private async withToken(id: string, token: string) {
    const view = await this.get(id);
    const server = this.address.url;
    return {
      ...view,
      token,
      settingsXml: settingsXml({ server, token, platform: view.platform.name, label: view.label }),
    };
  }

  private async view(shareable: ShareableRow) {
    const { pool } = this.transactions;
    const tokens = await this.shareables.tokensOf(pool, shareable.id);
    return {
      id: shareable.id,
      number: shareable.number,
      platform: { id: shareable.platform_id, name: shareable.platform_name },
      label: shareable.label,
      notify: await this.shareables.notifyOf(pool, shareable.id),
      askName: shareable.ask_name,
      askKeywords: shareable.ask_keywords,
      state: shareable.revoked_at ? 'revoked' : 'active',
      uses: shareable.uses,
      lastUsedAt: shareable.last_used_at?.toISOString() ?? null,
      lastUsedHost: shareable.last_used_host,
      lastUsedProgram: shareable.last_used_program,
      tokens: tokens.map((token) => ({
        lastFour: token.last_four,
        createdAt: token.created_at.toISOString(),
        validUntil: token.valid_until?.toISOString() ?? null,
      })),
      createdAt: shareable.created_at.toISOString(),
      warnings: [] as string[],
    };
  }
}
