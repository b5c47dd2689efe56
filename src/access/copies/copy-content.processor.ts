// Takes a copy up, keeps its lease while it runs, and ends it with a reason. A worker that is killed leaves it to the
// next one, and one that was only taken for dead leaves it too; a revocation stops it within seconds, also in the middle of
// a file.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { CannotUnseal, SecretKeys } from '../../auth/index.js';
import { Transactions } from '../../database/index.js';
import { type DeliveryFacts, findDelivery, TRANSFER_GRACE_MS } from '../../deliveries/index.js';
import { type Sentence, sentence, wordsFor } from '../../language/index.js';
import { MailDispatcher } from '../../mail/index.js';
import { isMediafluxError, MediafluxGateway, type UserSession } from '../../mediaflux/index.js';
import { type JobProcessor, Processes, underLease } from '../../queue/index.js';
import { Clock } from '../../time/index.js';
import { isCounting } from '../access.rules.js';
import { AccessStore } from '../access.store.js';
import { ContentCopying } from './content-copying.js';
import { copyContent } from './copies.jobs.js';
import { CopiesStore, type CopyRow } from './copies.store.js';
import { CopyRefused, decideEnd } from './copy-ends.js';

const ATTEND_EVERY_MS = 2_000;

/** Another worker, which took this one for dead, goes on with the copy. */
class TakenOver extends Error {
  constructor() {
    super('The lease on a copy was lost; another worker goes on with it.');
  }
}

/** Of the present pass: what was read and written, and how much of it the last renewal knew of. */
interface Passed {
  bytes: number;
  noted: number;
}

@Injectable()
@Processes(copyContent)
export class CopyContentProcessor implements JobProcessor<{ copyId: string }> {
  private readonly logger = new Logger('copies');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CopiesStore) private readonly copies: CopiesStore,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ContentCopying) private readonly copying: ContentCopying,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(SecretKeys) private readonly keys: SecretKeys,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async process({ copyId }: { copyId: string }, stopping: AbortSignal): Promise<void> {
    const copy = await this.copies.claim(this.transactions.pool, copyId, this.keys.ids);
    if (!copy) return;
    const passed: Passed = { bytes: 0, noted: 0 };
    const lease = {
      renewEveryMs: ATTEND_EVERY_MS,
      renew: () => this.attend(copy, passed),
      release: () => this.copies.release(this.transactions.pool, copy),
    };
    try {
      await underLease(lease, stopping, (signal) => this.goOn(copy, passed, signal));
    } catch (error) {
      if (!(error instanceof TakenOver)) throw error;
      this.logger.warn({ copyId }, error.message);
    }
  }

  /** Keeps the lease; answers why the copy must end: another worker has it, or the link may no longer be used. */
  private async attend(copy: CopyRow, passed: Passed): Promise<Error | undefined> {
    try {
      await this.mustBeAlive(copy.delivery_id);
      const hasMoved = passed.bytes > passed.noted;
      passed.noted = passed.bytes;
      const progressAt = hasMoved ? this.clock.now() : null;
      return (await this.copies.renew(this.transactions.pool, copy, progressAt)) ? undefined : new TakenOver();
    } catch (error) {
      if (error instanceof CopyRefused) return error;
      this.logger.warn(
        { copyId: copy.id, err: error },
        'The lease on a copy was not renewed; another worker may go on with it.',
      );
      return undefined;
    }
  }

  private async goOn(copy: CopyRow, passed: Passed, signal: AbortSignal): Promise<void> {
    const delivery = await findDelivery(this.transactions.pool, copy.delivery_id);
    if (!copy.sealed_credential || !delivery) throw new Error('A copy that is under way lacks its token or delivery.');
    const token = this.opened(copy.id, copy.sealed_credential);
    if (token === undefined) {
      // Nobody will ever open it: whoever waits for the copy is told to log on again.
      await this.end(copy, delivery, sentence('copyTrouble.loggedOff'));
      return;
    }
    const session = this.mediaflux.userSession({ token });
    try {
      const because = await this.pass(copy, delivery, session, passed, signal);
      // The end first: whoever took the copy up after a crash in between would find the logon ended, and all of it there.
      if (await this.end(copy, delivery, because)) await this.destroyToken(copy, session);
    } finally {
      await session.close().catch((error: unknown) => {
        if (!isMediafluxError(error)) throw error;
      });
    }
  }

  private opened(copyId: string, sealed: Buffer): string | undefined {
    try {
      return this.keys.unseal(sealed, `copy:${copyId}`);
    } catch (error) {
      if (!(error instanceof CannotUnseal)) throw error;
      this.logger.warn(
        { copyId, err: error },
        'The token of a copy cannot be opened any more; its user has to log on again.',
      );
      return undefined;
    }
  }

  /** Why the copy fails for good, or null when all is there. @throws what may pass, and the reason of `signal` */
  private async pass(
    copy: CopyRow,
    delivery: DeliveryFacts,
    session: UserSession,
    passed: Passed,
    signal: AbortSignal,
  ): Promise<Sentence | null> {
    const { pool } = this.transactions;
    try {
      await this.mustBeAlive(copy.delivery_id);
      await this.copying.run({
        delivery,
        destination: copy.destination,
        session,
        signal,
        moved: (bytes) => (passed.bytes += bytes),
        progress: (files, bytes) => this.copies.progress(pool, copy, files, bytes, this.clock.now()),
      });
      return null;
    } catch (error) {
      const decision = decideEnd(signal.aborted ? signal.reason : error, session, copy.failures);
      if (decision.ends) return decision.because;
      if (decision.counts) await this.copies.failed(pool, copy);
      throw error;
    }
  }

  /** A copy that began before expiry may finish. */
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
      if (error.kind === 'not-authenticated' || error.kind === 'session-expired') return;
      this.logger.warn(
        { copyId: copy.id, kind: error.kind },
        "A copy's token could not be destroyed; it ends by itself within a week.",
      );
    });
  }

  /** @param reason of a failure; null: it is complete. False: another worker has it, and its token with it. */
  private async end(copy: CopyRow, delivery: DeliveryFacts, reason: Sentence | null): Promise<boolean> {
    const state = reason ? 'failed' : 'completed';
    const now = this.clock.now();
    const told = reason && { english: wordsFor('en').tell(reason), sentence: reason };
    const isOurs = await this.transactions.run(async (tx) => {
      if (!(await this.copies.end(tx, copy, state, told, now))) return false;
      await this.access.record(tx, delivery, {
        method: 'copy',
        phase: state,
        counts: isCounting('copy', state, true, true),
        at: now,
        details: { copyId: copy.id },
      });
      return true;
    });
    await this.mails.kick();
    return isOurs;
  }
}
