// Before anybody is reminded: are the data still where they were? What is gone ends its deliveries, and the operator is
// told once.

import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { rows, Transactions, type Tx } from '../database/index.js';
import { DeliveriesStore } from '../deliveries/index.js';
import { MediafluxGateway } from '../mediaflux/index.js';
import type { Platform } from '../platforms/index.js';
import { Clock } from '../time/index.js';
import { operatorsOf } from '../uploads/index.js';
import { CandidatesStore } from './candidates.store.js';
import { type RunProgress, RunsStore } from './runs.store.js';

const PAGE = 200;
const PARALLEL = 8;

@Injectable()
export class DataCheck {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CandidatesStore) private readonly candidates: CandidatesStore,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Once for each upload that a run of the platform is about, some at a time; goes on where it was interrupted.
   *
   * @throws MediafluxError it cannot be asked now
   */
  async run(
    platform: Platform,
    runId: string,
    { judgedAt, checkedUntil }: RunProgress,
    signal: AbortSignal,
  ): Promise<void> {
    const { pool } = this.transactions;
    const limit = pLimit(PARALLEL);
    for (let after = checkedUntil; ;) {
      const uploads = await this.candidates.uploadsInQuestion(pool, platform, judgedAt, after, PAGE);
      const faults: Error[] = [];
      await Promise.all(
        uploads.map((upload) =>
          limit(async () => {
            if (faults.length > 0 || signal.aborted) return;
            await this.check(upload).catch((error: unknown) => faults.push(error as Error));
          }),
        ),
      );
      signal.throwIfAborted();
      const [fault] = faults;
      if (fault) throw fault;
      const last = uploads.at(-1);
      if (!last || uploads.length < PAGE) return;
      after = last.id;
      await this.runs.checkedUntil(pool, runId, after);
    }
  }

  /**
   * Before one reminder by hand.
   *
   * @throws MediafluxError it cannot be asked now
   */
  async ofDelivery(deliveryId: string): Promise<void> {
    const upload = await this.candidates.uploadOf(this.transactions.pool, deliveryId);
    if (upload) await this.check(upload);
  }

  private async check(upload: { id: string; dataNamespace: string }): Promise<void> {
    if (await this.mediaflux.folderExists(upload.dataNamespace)) return;
    await this.transactions.run((tx) => this.gone(tx, upload.id));
  }

  /**
   * Ends the deliveries of an upload whose data are no longer there, and tells the operator, once. Without a delivery
   * that could still be fetched there is nothing to tell.
   */
  async gone(tx: Tx, uploadId: string): Promise<void> {
    // In the order in which accesses hold them, so that the two never wait for each other.
    const ended = await rows(
      tx,
      `update delivery
          set gone_at = $2
        where id in (
              select id
                from delivery
               where upload_id = $1
                 and revoked_at is null
                 and gone_at is null
               order by id
                 for no key update)
  returning id`,
      [uploadId, this.clock.now()],
    );
    if (ended.length > 0)
      await this.deliveries.queueOperatorMails(tx, 'gone', uploadId, await operatorsOf(tx, uploadId));
  }
}
