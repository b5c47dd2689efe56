// Before anybody is reminded: are the data still where they were? What is gone ends its deliveries, and the operator is
// told once.

import { Inject, Injectable } from '@nestjs/common';
import { rows, Transactions } from '../database/index.js';
import { DeliveriesStore } from '../deliveries/index.js';
import { MediafluxGateway } from '../mediaflux/index.js';
import { Clock } from '../time/index.js';
import { operatorsOf } from '../uploads/index.js';
import { CandidatesStore } from './candidates.store.js';

const PAGE = 200;

@Injectable()
export class DataCheck {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CandidatesStore) private readonly candidates: CandidatesStore,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Once for each upload that a run of the platform is about. @throws MediafluxError it cannot be asked now */
  async run(platformId: string, signal: AbortSignal): Promise<void> {
    for (let after: string | undefined; ;) {
      const uploads = await this.candidates.uploadsInQuestion(
        this.transactions.pool,
        platformId,
        this.clock.now(),
        after,
        PAGE,
      );
      for (const upload of uploads) {
        signal.throwIfAborted();
        if (!(await this.mediaflux.folderExists(upload.data_namespace))) await this.gone(upload.id);
      }
      after = uploads.at(-1)?.id;
      if (uploads.length < PAGE) return;
    }
  }

  private async gone(uploadId: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      await rows(
        tx,
        'update delivery set gone_at = coalesce(gone_at, $2) where upload_id = $1 and revoked_at is null',
        [uploadId, this.clock.now()],
      );
      await this.deliveries.queueOperatorMails(tx, 'gone', uploadId, await operatorsOf(tx, uploadId));
    });
  }
}
