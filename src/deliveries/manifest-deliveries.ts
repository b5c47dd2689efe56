// Writes to the manifest asset of an upload whom it was dispatched to, until when, and who has fetched it: whoever finds
// the folder in ten years sees it without this service. Soon after a change, and never half.

import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { AdvisoryLocks, isPassingTrouble, Transactions } from '../database/index.js';
import { deliveriesDocument, isMediafluxError, MediafluxGateway } from '../mediaflux/index.js';
import { Clock } from '../time/index.js';
import { ManifestDeliveriesStore } from './manifest-deliveries.store.js';

const UPLOADS_AT_ONCE = 100;
/** Nothing can be written now, whatever it is. */
const AWAY = ['unreachable', 'busy', 'not-authenticated'] as const;

@Injectable()
export class ManifestDeliveries {
  private readonly logger = new Logger('deliveries');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ManifestDeliveriesStore) private readonly store: ManifestDeliveriesStore,
    @Inject(AdvisoryLocks) private readonly locks: AdvisoryLocks,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** All that is to be written by now. What cannot be written, or is refused, is set aside for a while. */
  async run(signal: AbortSignal): Promise<void> {
    const refusals: unknown[] = [];
    for (let found = UPLOADS_AT_ONCE; found === UPLOADS_AT_ONCE && !signal.aborted;)
      found = await this.writeSome(signal, refusals);
    if (refusals.length > 0)
      this.logger.warn(
        { uploads: refusals.length, err: refusals[0] },
        'Deliveries could not be written to manifest assets; they are tried again in ten minutes.',
      );
  }

  /** Answers how many there were. */
  private async writeSome(signal: AbortSignal, refusals: unknown[]): Promise<number> {
    const { pool } = this.transactions;
    const uploadIds = await this.store.changedUploads(pool, UPLOADS_AT_ONCE);
    for (const uploadId of uploadIds) {
      if (signal.aborted) break;
      try {
        await this.write(uploadId);
      } catch (error) {
        if (isMediafluxError(error, ...AWAY) || isPassingTrouble(error)) throw error;
        await this.store.refused(pool, uploadId);
        refusals.push(error);
      }
    }
    return uploadIds.length;
  }

  /** By one process at a time, so that none puts older words in the place of newer ones. */
  private write(uploadId: string): Promise<void> {
    return this.locks.run(`manifest asset of ${uploadId}`, async () => {
      const { pool } = this.transactions;
      const change = await this.store.newestChange(pool, uploadId);
      if (!change) return;
      const deliveries = await this.store.deliveries(pool, uploadId);
      const sha256 = createHash('sha256').update(JSON.stringify(deliveries)).digest();
      // An upload that came another way has no manifest asset, and one that was removed is not made again.
      if (change.asset_id !== null && !change.written_sha256?.equals(sha256))
        await this.mediaflux.manifests.setDeliveries(
          change.asset_id,
          deliveriesDocument(this.clock.now().toISOString(), deliveries),
        );
      await this.store.written(pool, uploadId, { id: change.id, sha256 });
    });
  }
}
