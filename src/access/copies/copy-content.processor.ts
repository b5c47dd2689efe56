// Takes a copy up, keeps its lease while it runs, and ends it with a reason. A worker that is killed leaves it to the
// next one, and one that was only taken for dead leaves it too; a revocation stops it within seconds, also in the middle of
// a file.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { SecretKeys } from '../../auth/index.js';
import { Transactions } from '../../database/index.js';
import { type DeliveryFacts, findDelivery, TRANSFER_GRACE_MS } from '../../deliveries/index.js';
import { type Sentence, sentence, wordsFor } from '../../language/index.js';
import { MailDispatcher } from '../../mail/index.js';
import { isMediafluxError, MediafluxGateway, type UserSession } from '../../mediaflux/index.js';
import { type JobProcessor, Processes } from '../../queue/index.js';
import { Clock } from '../../time/index.js';
import { isCounting } from '../access.rules.js';
import { AccessStore } from '../access.store.js';
import { ContentCopying } from './content-copying.js';
import { copyContent } from './copies.jobs.js';
import { CopiesStore, type CopyRow } from './copies.store.js';
import { CopyRefused, decideEnd } from './copy-ends.js';

const ATTEND_EVERY_MS = 2_000;

/** Another worker, which took this one for dead, goes on with the copy. */
class TakenOver extends Error {}

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
    const { pool } = this.transactions;
    const copy = await this.copies.claim(pool, copyId);
    if (!copy?.sealed_credential) return;
    const delivery = await findDelivery(pool, copy.delivery_id);
    if (!delivery) return;
    const session = this.mediaflux.userSession({ token: this.keys.unseal(copy.sealed_credential, `copy:${copyId}`) });
    try {
      await this.attended(copy, stopping, (signal, moved) =>
        this.copying.run({
          delivery,
          destination: copy.destination,
          session,
          signal,
          moved,
          progress: (files, bytes) => this.copies.progress(pool, copy, files, bytes, this.clock.now()),
        }),
      );
      // The end first: whoever took the copy up after a crash in between would find the logon ended, and all of it there.
      if (await this.end(copy, delivery, 'completed', null)) await this.destroyToken(copy, session);
    } catch (error) {
      if (stopping.aborted) throw error;
      if (error instanceof TakenOver) {
        this.logger.warn({ copyId }, 'The lease on a copy was lost; another worker goes on with it.');
        return;
      }
      const decision = decideEnd(error, session, copy.failures);
      if (!decision.ends) {
        if (decision.counts) await this.copies.failed(pool, copy);
        throw error;
      }
      if (await this.end(copy, delivery, 'failed', decision.because)) await this.destroyToken(copy, session);
    } finally {
      await this.copies.release(pool, copy);
      await session.close().catch((error: unknown) => {
        if (!isMediafluxError(error)) throw error;
      });
    }
  }

  /** Does `work`, keeps the lease meanwhile, and ends it when the link may no longer be used. */
  private async attended(
    copy: CopyRow,
    stopping: AbortSignal,
    work: (signal: AbortSignal, moved: (bytes: number) => void) => Promise<void>,
  ): Promise<void> {
    const { pool } = this.transactions;
    await this.mustBeAlive(copy.delivery_id);
    const ending = new AbortController();
    let passed = 0;
    let noted = 0;
    const attend = async (): Promise<void> => {
      try {
        await this.mustBeAlive(copy.delivery_id);
        const hasMoved = passed > noted;
        noted = passed;
        if (!(await this.copies.renew(pool, copy, hasMoved ? this.clock.now() : null))) ending.abort(new TakenOver());
      } catch (error) {
        if (error instanceof CopyRefused) ending.abort(error);
        else
          this.logger.warn(
            { copyId: copy.id, err: error },
            'The lease on a copy was not renewed; another worker may go on with it.',
          );
      }
    };
    const attending = setInterval(() => void attend(), ATTEND_EVERY_MS);
    try {
      await work(AbortSignal.any([stopping, ending.signal]), (bytes) => (passed += bytes));
    } catch (error) {
      ending.signal.throwIfAborted();
      throw error;
    } finally {
      clearInterval(attending);
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

  /** False: another worker has taken the copy up, and its token with it. */
  private async end(
    copy: CopyRow,
    delivery: DeliveryFacts,
    state: 'completed' | 'failed',
    reason: Sentence | null,
  ): Promise<boolean> {
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
