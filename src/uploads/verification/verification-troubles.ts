// Verifications that fail: each is tried again ever more slowly, for as long as it takes, and after some tries the
// operators and whoever looks after the service are told, once. While Mediaflux is away nothing counts as a failure.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { row, rows, Transactions, type Tx } from '../../database/index.js';
import { redact } from '../../logging/index.js';
import { isMediafluxError } from '../../mediaflux/index.js';
import { type VerifiedUpload } from './verification.store.js';

const TOLD_AFTER_FAILURES = 5;
const AT_ONCE = 50;
const LONGEST_PAUSE_SECONDS = 300;
const AWAY_PAUSE_SECONDS = 10;
/** A verification that runs without failing is told of when it lasts as long as a stall, and so long at least. */
const SHORTEST_NOTICE_SECONDS = 3_600;

export class FolderChanges extends Error {
  constructor() {
    super('The folder of an upload changes while it is verified; verification is tried again.');
  }
}

export class WordsChange extends Error {
  constructor() {
    super('Keywords, note or recipients of an upload change while it is verified; verification is tried again.');
  }
}

@Injectable()
export class VerificationTroubles {
  private readonly logger = new Logger('uploads');

  constructor(@Inject(Transactions) private readonly transactions: Transactions) {}

  /** Records why this try failed and when the next may begin; a worker that was thought dead records nothing. */
  async failed(upload: VerifiedUpload, error: unknown): Promise<void> {
    const isAway = isMediafluxError(error, 'unreachable', 'busy', 'not-authenticated', 'session-expired');
    const noted = await row<{ failures: number; seconds: number }>(
      this.transactions.pool,
      `update upload
          set verification_failures = verification_failures + $3::int,
              verification_trouble = $4,
              verification_retry_at = now() + make_interval(secs =>
                case when $3::int = 0 then ${AWAY_PAUSE_SECONDS}
                     else least(${LONGEST_PAUSE_SECONDS}, power(2, least(verification_failures, 20))) end)
        where id = $1
          and state = 'verifying'
          and verification_attempt = $2
    returning verification_failures as failures,
              round(extract(epoch from verification_retry_at - now()))::int as seconds`,
      [upload.id, upload.attempt, isAway ? 0 : 1, troubleOf(error)],
    );
    if (!noted) return;
    const facts = { uploadId: upload.id, failures: noted.failures, err: error };
    const words = `A verification failed; it is tried again in ${noted.seconds} s.`;
    if (isAway) this.logger.warn(facts, words);
    else this.logger.error(facts, words);
  }

  /** Uploads whose verification cannot go on and of which nobody was told: each is answered once, to one process. */
  async markToTell(tx: Tx): Promise<string[]> {
    const marked = await rows<{ id: string }>(
      tx,
      `update upload
          set verification_told_at = now()
        where id in (
              select u.id
                from upload u
                join platform p on p.id = u.platform_id
               where u.state = 'verifying'
                 and u.verification_told_at is null
                 and (u.verification_failures >= ${TOLD_AFTER_FAILURES}
                      or now() - u.last_progress_at
                         >= greatest(p.stall_notice::interval, make_interval(secs => ${SHORTEST_NOTICE_SECONDS})))
               order by u.id
               limit ${AT_ONCE}
                 for update of u skip locked)
    returning id`,
    );
    return marked.map((upload) => upload.id);
  }
}

/** For people: never a secret, never an address. What is no error of Mediaflux stands in the log only. */
function troubleOf(error: unknown): string {
  if (isMediafluxError(error)) return redact(error.message);
  if (error instanceof FolderChanges) return 'The folder changes while it is verified; somebody is writing to it.';
  if (error instanceof WordsChange) return 'Keywords, note or recipients change again and again while it is verified.';
  return 'The service met an error of its own; its log says which.';
}
