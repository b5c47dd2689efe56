// Streams a delivery's data into the end user's namespace: read with the service's rights, written with the user's own,
// so that Mediaflux itself decides where they may write. What is there and equal is skipped, what differs is refused,
// nothing is overwritten, and every file is compared. A worker that is killed leaves it to the next one.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { SecretKeys } from '../auth/index.js';
import { rows, Transactions } from '../database/index.js';
import { type DeliveryFacts, findDelivery, TRANSFER_GRACE_MS } from '../deliveries/index.js';
import { type Sentence, sentence, wordsFor } from '../language/index.js';
import { MailDispatcher } from '../mail/index.js';
import { isMediafluxError, type ListedFile, MediafluxGateway, type UserSession } from '../mediaflux/index.js';
import { type JobProcessor, Processes } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { isCounting } from './access.rules.js';
import { AccessStore } from './access.store.js';
import { copyContent } from './copies.jobs.js';
import { CopiesStore, type CopyRow } from './copies.store.js';

const RENEW_EVERY_MS = 5_000;

/** A reason that the end user can act on; the copy ends with it. */
class CopyRefused extends Error {
  constructor(readonly sentence: Sentence) {
    super(wordsFor('en').tell(sentence));
  }
}

@Injectable()
@Processes(copyContent)
export class CopyContentProcessor implements JobProcessor<{ copyId: string }> {
  private readonly logger = new Logger('copies');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CopiesStore) private readonly copies: CopiesStore,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(SecretKeys) private readonly keys: SecretKeys,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async process({ copyId }: { copyId: string }, signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    const copy = await this.copies.claim(pool, copyId);
    if (!copy?.sealed_credential) return;
    const delivery = await findDelivery(pool, copy.delivery_id);
    if (!delivery) return;
    const renewing = setInterval(() => {
      this.copies.renew(pool, copyId).catch((error: unknown) => {
        this.logger.warn(
          { copyId, err: error },
          'The lease on a copy was not renewed; another worker may go on with it.',
        );
      });
    }, RENEW_EVERY_MS);
    const session = this.mediaflux.userSession({ token: this.keys.unseal(copy.sealed_credential, `copy:${copyId}`) });
    try {
      await this.copyAll(copy, delivery, session, signal);
      // The end first: whoever took the copy up after a crash in between would find the logon ended, and all of it there.
      await this.end(copy, delivery, 'completed', null);
      await this.destroyToken(copy, session);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      await this.end(copy, delivery, 'failed', reason);
      await this.destroyToken(copy, session);
    } finally {
      clearInterval(renewing);
      await this.copies.release(pool, copyId);
      await session.close().catch((error: unknown) => {
        if (!isMediafluxError(error)) throw error;
      });
    }
  }

  private async copyAll(
    copy: CopyRow,
    delivery: DeliveryFacts,
    session: UserSession,
    signal: AbortSignal,
  ): Promise<void> {
    let files = 0;
    let bytes = 0;
    await session.createNamespace(copy.destination);
    const made = new Set<string>([copy.destination]);
    for (const folder of await this.emptyFolders(delivery))
      await this.makeFolder(session, made, `${copy.destination}/${folder}`);
    for await (const file of this.mediaflux.listFolder(delivery.dataNamespace, signal)) {
      signal.throwIfAborted();
      await this.mustBeAlive(delivery.id);
      const target = `${copy.destination}/${file.path}`;
      await this.makeFolder(session, made, target.slice(0, target.lastIndexOf('/')));
      await this.copyFile(file, target, session, signal);
      files += 1;
      bytes += file.size ?? 0;
      await this.copies.progress(this.transactions.pool, copy.id, files, bytes, this.clock.now());
    }
    if (files !== delivery.files || bytes !== delivery.bytes) {
      throw new CopyRefused(
        sentence('copyTrouble.changed', { files, bytes, ofFiles: delivery.files, ofBytes: delivery.bytes }),
      );
    }
  }

  private async copyFile(file: ListedFile, target: string, session: UserSession, signal: AbortSignal): Promise<void> {
    const size = file.size ?? 0;
    const held = await session.stat(target);
    if (held) {
      if ((held.size ?? 0) === size && (held.crc32 === file.crc32 || size === 0)) return;
      throw new CopyRefused(sentence('copyTrouble.differs', { path: target }));
    }
    const { mediaflux } = this;
    const open = async function* () {
      if (size === 0) return;
      yield* await mediaflux.openContent(file, signal);
    };
    const written = await session.write(
      target,
      { name: target.slice(target.lastIndexOf('/') + 1), size, open },
      signal,
    );
    if ((written.size ?? 0) !== size || (size > 0 && written.crc32 !== file.crc32)) {
      throw new CopyRefused(sentence('copyTrouble.notWhole', { path: target }));
    }
  }

  private async makeFolder(session: UserSession, made: Set<string>, namespace: string): Promise<void> {
    if (made.has(namespace)) return;
    await session.createNamespace(namespace);
    made.add(namespace);
  }

  private async emptyFolders(delivery: DeliveryFacts): Promise<string[]> {
    const found = await rows<{ path: string }>(
      this.transactions.pool,
      `select path from manifest_entry where manifest_id = $1 and type = 'directory' order by path`,
      [delivery.manifestId],
    );
    return found.map((folder) => folder.path);
  }

  /** A copy that began before expiry may finish; a revocation stops it at the next file. */
  private async mustBeAlive(deliveryId: string): Promise<void> {
    const delivery = await findDelivery(this.transactions.pool, deliveryId);
    if (!delivery || delivery.revokedAt || delivery.goneAt) throw new CopyRefused(sentence('copyTrouble.ended'));
    if (delivery.expiresAt && this.clock.now().getTime() > delivery.expiresAt.getTime() + TRANSFER_GRACE_MS) {
      throw new CopyRefused(sentence('copyTrouble.expired'));
    }
  }

  /** The token that was made for this copy; one that the user gave stays theirs. */
  private async destroyToken(copy: CopyRow, session: UserSession): Promise<void> {
    if (copy.credential_id === null || copy.credential_id === '') return;
    await session.destroyOwnToken(copy.credential_id).catch((error: unknown) => {
      if (!isMediafluxError(error)) throw error;
      this.logger.warn(
        { copyId: copy.id, kind: error.kind },
        "A copy's token could not be destroyed; it ends by itself within a week.",
      );
    });
  }

  private async end(
    copy: CopyRow,
    delivery: DeliveryFacts,
    state: 'completed' | 'failed',
    reason: Sentence | null,
  ): Promise<void> {
    const now = this.clock.now();
    const told = reason && { english: wordsFor('en').tell(reason), sentence: reason };
    await this.transactions.run(async (tx) => {
      if (!(await this.copies.end(tx, copy.id, state, told, now))) return;
      await this.access.record(tx, delivery, {
        method: 'copy',
        phase: state,
        counts: isCounting('copy', state, true, true),
        at: now,
        details: { copyId: copy.id },
      });
    });
    await this.mails.kick();
  }
}

/** Why a copy cannot go on; undefined for what passes by itself, so that the job is tried again. */
function reasonOf(error: unknown): Sentence | undefined {
  if (error instanceof CopyRefused) return error.sentence;
  if (!isMediafluxError(error)) return undefined;
  switch (error.kind) {
    case 'not-authenticated':
    case 'session-expired':
      return sentence('copyTrouble.loggedOff');
    case 'not-permitted':
    case 'not-found':
      return sentence('copyTrouble.notPermitted');
    case 'store-full':
      return sentence('copyTrouble.quota');
    case 'invalid-arguments':
      return sentence('copyTrouble.name');
    default:
      return undefined;
  }
}
