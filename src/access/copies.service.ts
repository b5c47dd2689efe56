// Starts a copy to an end user's own project: their logon is tried once, a short-lived token of theirs is made and
// sealed, the rest is a worker's.

import { Inject, Injectable } from '@nestjs/common';
import { type LinkIdentity, SecretKeys } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { NotFound } from '../http/index.js';
import { Ids, isId } from '../ids/index.js';
import { sentence } from '../language/index.js';
import { isMediafluxError, MediafluxGateway, type UserSession } from '../mediaflux/index.js';
import { whileAway } from '../platforms/index.js';
import { JobQueue } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { CopyNotPossible } from './access.errors.js';
import type { StartCopy } from './access.schema.js';
import { AccessStore } from './access.store.js';
import { ClientJudge } from './clients/client-judge.js';
import type { RequestingClient } from './clients/requesting-client.js';
import { copyContent } from './copies.jobs.js';
import { CopiesStore, type CopyRow } from './copies.store.js';
import { LogonTries } from './logon-tries.js';
import { SharedDataService } from './shared-data.service.js';

/** A copy of terabytes takes days; its token lives as long and is destroyed at the end. */
const TOKEN_LIFE_MS = 7 * 86_400_000;

@Injectable()
export class CopiesService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(CopiesStore) private readonly copies: CopiesStore,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ClientJudge) private readonly judge: ClientJudge,
    @Inject(LogonTries) private readonly tries: LogonTries,
    @Inject(SecretKeys) private readonly keys: SecretKeys,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async start(
    link: LinkIdentity,
    request: StartCopy,
    requesting: RequestingClient,
  ): Promise<{ id: string; warnings: string[] }> {
    const facts = await this.data.factsFor(link, 'copy');
    const id = this.ids.next();
    const now = this.clock.now();
    const made = await this.prepare(request, id, now);
    await this.transactions.run(async (tx) => {
      await this.copies.insert(tx, {
        id,
        deliveryId: facts.id,
        destination: request.destination,
        sealed: made.sealed,
        credentialId: made.tokenId,
        at: now,
      });
      const { client, details } = await this.judge.judge(tx, facts.id, requesting, now);
      await this.access.record(tx, facts, {
        method: 'copy',
        phase: 'requested',
        counts: false,
        at: now,
        details: { copyId: id, ...details },
        client,
      });
    });
    await this.queue.add(copyContent, { copyId: id });
    return { id, warnings: [] };
  }

  async find(link: LinkIdentity, id: string): Promise<CopyRow> {
    const copy = isId(id) ? await this.copies.find(this.transactions.pool, id, link.deliveryId) : undefined;
    if (!copy) throw new NotFound('copy behind this link');
    return copy;
  }

  async get(link: LinkIdentity, id: string) {
    const copy = await this.find(link, id);
    return {
      id: copy.id,
      state: copy.state,
      destination: copy.destination,
      files: copy.files,
      bytes: copy.bytes,
      ...(copy.reason === null ? {} : { reason: copy.reason }),
    };
  }

  /** Logs on once with what was given, looks whether the destination will do, and makes the sealed token. */
  private async prepare(request: StartCopy, id: string, now: Date): Promise<{ sealed: Buffer; tokenId: string }> {
    const isToken = 'token' in request;
    const account = isToken ? `token:${request.token}` : `${request.domain}:${request.user}`;
    await this.tries.mustBeAllowed(account);
    const session = this.mediaflux.userSession(
      isToken ? { token: request.token } : { domain: request.domain, user: request.user, password: request.password },
    );
    try {
      const self = await session.whoAmI();
      await mustBeWritable(session, request.destination);
      // A token of a user that stands for themselves makes none: it is used as it is.
      if (self.type !== 'user') return { sealed: this.seal(id, isToken ? request.token : ''), tokenId: '' };
      const made = await session.createOwnToken(self.name, new Date(now.getTime() + TOKEN_LIFE_MS));
      return { sealed: this.seal(id, made.token), tokenId: made.tokenId };
    } catch (error) {
      if (isMediafluxError(error, 'not-authenticated')) {
        await this.tries.refused(account);
        throw refusedLogon(isToken);
      }
      if (isMediafluxError(error)) throw whileAway(error);
      throw error;
    } finally {
      await session.close().catch((error: unknown) => {
        if (!isMediafluxError(error)) throw error;
      });
    }
  }

  private seal(id: string, token: string): Buffer {
    return this.keys.seal(token, `copy:${id}`);
  }
}

const refusedLogon = (isToken: boolean) =>
  isToken
    ? new CopyNotPossible('token', sentence('copyTrouble.token'))
    : new CopyNotPossible('password', sentence('copyTrouble.logon'));

/** It must be there and writable, or its parent must. @throws CopyNotPossible saying which is wrong */
async function mustBeWritable(session: UserSession, destination: string): Promise<void> {
  const here = await session.mayWrite(destination);
  if (here === 'yes') return;
  if (here === 'read-only')
    throw new CopyNotPossible('destination', sentence('copyTrouble.readOnly', { namespace: destination }));
  const parent = destination.slice(0, destination.lastIndexOf('/'));
  const above = parent === '' ? 'missing' : await session.mayWrite(parent);
  const places = { namespace: destination, parent: parent === '' ? '/' : parent };
  if (above === 'missing') throw new CopyNotPossible('destination', sentence('copyTrouble.parentMissing', places));
  if (above === 'read-only') throw new CopyNotPossible('destination', sentence('copyTrouble.parentReadOnly', places));
}
