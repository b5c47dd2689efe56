// Makes, shows, changes, rotates and revokes upload shareables. A token is told once, in the answer that made it.

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
import { ShareableTokensStore } from './shareable-tokens.store.js';
import type { ChangeShareable, CreateShareable, RevokeShareable, RotateShareable } from './shareables.schema.js';
import { fieldsOf, type ShareableFields, type ShareableRow, ShareablesStore } from './shareables.store.js';
import { ShareablesView } from './shareables.view.js';

const NO_LIMITS = { uploadsPerDay: null, recipientsPerDay: null, recipientDomains: null };

@Injectable()
export class ShareablesService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ShareablesStore) private readonly shareables: ShareablesStore,
    @Inject(ShareableTokensStore) private readonly tokens: ShareableTokensStore,
    @Inject(ShareablesView) private readonly views: ShareablesView,
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
      else await this.replaceLostToken(tx, earlier);
      const shareableId = earlier ?? newId;
      await this.tokens.add(tx, shareableId, tokenHash(token), token.slice(-4));
      return shareableId;
    });
    return this.withToken(id, token);
  }

  /** The same key again: no further rotation, and a fresh token in place of the one whose answer may never have arrived. */
  async rotate(id: string, request: RotateShareable, idempotencyKey: string | undefined) {
    const token = newToken();
    const rotationId = this.ids.next();
    await this.transactions.run(async (tx) => {
      const shareable = await this.locked(tx, id);
      if (shareable.revoked_at) throw new Conflict('This shareable is revoked; make another one.');
      const call = { scope: `rotations:${id}`, key: idempotencyKey, request };
      const earlier = await earlierResult(tx, call, rotationId);
      if (earlier !== undefined && earlier !== shareable.rotation_id)
        throw new Conflict(
          'The token was rotated since; rotate it again, with a new Idempotency-Key, for another one.',
        );
      if (earlier !== undefined) await this.tokens.endUnused(tx, id);
      await this.tokens.add(tx, id, tokenHash(token), token.slice(-4));
      if (earlier !== undefined) return;
      await this.tokens.retireOthers(tx, id, tokenHash(token), durationMs(request.overlap) / 1000);
      await this.shareables.rotated(tx, id, rotationId);
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

  async change(id: string, request: ChangeShareable) {
    await this.transactions.run(async (tx) => {
      const before = fieldsOf(await this.locked(tx, id));
      const after = { ...before, ...request, limits: { ...before.limits, ...request.limits } };
      await this.shareables.update(tx, id, after);
      const notify = request.notify && (await this.setNotify(tx, id, request.notify));
      await this.record(tx, 'shareable.changed', id, recorded(after, notify), recorded(before));
    });
    return this.get(id);
  }

  async get(id: string) {
    const shareable = isId(id) ? await this.shareables.find(this.transactions.pool, id) : undefined;
    const [view] = shareable ? await this.views.ofAll([shareable]) : [];
    if (!view) throw new NotFound('upload shareable');
    return view;
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
    return { ...page, items: await this.views.ofAll(page.items) };
  }

  /**
   * A replay gets a fresh token: the first answer may never have arrived, and its token is kept nowhere. Tokens of
   * answers that were lost end with it; one that came with a computer since then goes on.
   */
  private async replaceLostToken(tx: Tx, id: string): Promise<void> {
    const shareable = await this.locked(tx, id);
    if (shareable.revoked_at) throw new Conflict('This shareable was made and revoked since; make another one.');
    if (shareable.rotated_at)
      throw new Conflict('This shareable was made and its token rotated since; rotate it again for another token.');
    await this.tokens.endUnused(tx, id);
  }

  private async insert(tx: Tx, id: string, platformId: string, request: CreateShareable): Promise<void> {
    const fields = { ...request, limits: { ...NO_LIMITS, ...request.limits } };
    await this.shareables.insert(tx, { id, platformId, ...fields });
    const notify = await this.setNotify(tx, id, request.notify);
    await this.record(tx, 'shareable.created', id, { platformId, ...recorded(fields, notify) });
  }

  private async setNotify(tx: Tx, id: string, texts: readonly string[]): Promise<string[]> {
    const personIds = await this.persons.idsOf(
      tx,
      texts.flatMap((text) => parseAddress(text) ?? []),
    );
    await this.shareables.setNotify(tx, id, personIds);
    return personIds;
  }

  private async locked(tx: Tx, id: string): Promise<ShareableRow> {
    const shareable = isId(id) ? await this.shareables.find(tx, id, true) : undefined;
    if (!shareable) throw new NotFound('upload shareable');
    return shareable;
  }

  private record(
    tx: Tx,
    action: string,
    subjectId: string,
    after: Record<string, unknown>,
    before?: Record<string, unknown>,
  ): Promise<void> {
    const change = { actor: 'admin', action, subjectKind: 'shareable', subjectId, after };
    return this.audit.record(tx, before === undefined ? change : { ...change, before });
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
}

/** What the audit keeps: ids of persons in place of addresses. */
const recorded = (
  { label, askName, askKeywords, limits }: ShareableFields,
  notify?: readonly string[],
): Record<string, unknown> => ({ label, askName, askKeywords, limits, ...(notify ? { notify } : {}) });
