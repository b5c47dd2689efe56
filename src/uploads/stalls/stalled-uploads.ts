// Uploads that nothing comes for: their operator is told once, and later they are given up; the data stay. What counts
// as progress is what Mediaflux holds and what the client asks here. The clocks stand still while Mediaflux, or every
// copy of this program, is away. Verifications that cannot go on are told of here too.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions, type Tx } from '../../database/index.js';
import { PublicAddress } from '../../http/index.js';
import { Ids } from '../../ids/index.js';
import { AlertAddress, enqueueMail } from '../../mail/index.js';
import { Clock } from '../../time/index.js';
import { isMediafluxError, MediafluxGateway } from '../../mediaflux/index.js';
import { parseAddress, PersonsStore } from '../../persons/index.js';
import { whomToTell } from '../operators/whom-to-tell.js';
import { StallsStore, type Watched } from './stalls.store.js';
import { UploadEnder } from '../states/upload-ender.js';
import { VerificationTroubles } from '../verification/verification-troubles.js';

/** Shorter than what is taken for an absence of Mediaflux, which stops every clock. */
const LOOK_WITHIN_MS = 30_000;

@Injectable()
export class StalledUploads {
  private readonly logger = new Logger('uploads');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(StallsStore) private readonly stalls: StallsStore,
    @Inject(UploadEnder) private readonly ender: UploadEnder,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(VerificationTroubles) private readonly troubles: VerificationTroubles,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(AlertAddress) private readonly alert: AlertAddress,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(PublicAddress) private readonly address: PublicAddress,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** One pass; nothing is decided while Mediaflux cannot be asked, nor of an upload of which it does not tell. */
  async run(signal: AbortSignal): Promise<void> {
    if (!(await this.isThere())) return;
    await this.tellOfVerifications();
    for (const upload of await this.stalls.toLookAt(this.transactions.pool))
      if (!(await this.lookAt(upload, signal))) return;
    await this.tellOfStalls();
    for (const id of await this.stalls.overdue(this.transactions.pool)) await this.giveUp(id);
  }

  /** Whether Mediaflux answers at all; then the clocks go on from here, however long the looks of this pass take. */
  private async isThere(): Promise<boolean> {
    try {
      await this.mediaflux.probe();
    } catch (error) {
      if (isMediafluxError(error)) return false;
      throw error;
    }
    await this.transactions.run((tx) => this.stalls.tick(tx));
    return true;
  }

  /**
   * Bytes go past this server: whether some came since the last look only Mediaflux knows. False: Mediaflux is away, or
   * the process stops. Where it is there and does not tell of this one, nothing is decided of it, and the others go on.
   */
  private async lookAt({ id, data_namespace: namespace }: Watched, stopping: AbortSignal): Promise<boolean> {
    const { pool } = this.transactions;
    const tooLong = AbortSignal.timeout(LOOK_WITHIN_MS);
    try {
      const signal = AbortSignal.any([stopping, tooLong]);
      await this.stalls.looked(pool, id, await this.mediaflux.summarize(namespace, signal));
    } catch (error) {
      if (stopping.aborted) return false;
      if (!isMediafluxError(error) && !tooLong.aborted) throw error;
      // A folder that somebody took away makes no progress.
      if (isMediafluxError(error, 'not-found', 'not-permitted', 'service-error'))
        await this.stalls.looked(pool, id, undefined);
      else if (await this.isThere()) {
        this.logger.warn(
          { uploadId: id, err: error },
          'Whether an upload makes progress Mediaflux does not tell; it is asked again later.',
        );
        await this.stalls.lookFailed(pool, id);
        return true;
      } else return false;
    }
    await this.transactions.run((tx) => this.stalls.tick(tx));
    return true;
  }

  private async tellOfStalls(): Promise<void> {
    await this.transactions.run(async (tx) => {
      for (const id of await this.stalls.markToTell(tx)) await this.tellOperators(tx, 'upload-stalling', id);
    });
  }

  /** What the server itself cannot do is no fault of the operators alone: whoever looks after it is told too. */
  private async tellOfVerifications(): Promise<void> {
    await this.transactions.run(async (tx) => {
      const ids = await this.troubles.markToTell(tx);
      const address = ids.length > 0 ? parseAddress(this.alert.address ?? '') : undefined;
      const alerted = address ? [await this.persons.idOf(tx, address)] : [];
      for (const id of ids) await this.tellOperators(tx, 'verification-failing', id, alerted);
    });
  }

  private async giveUp(id: string): Promise<void> {
    await this.ender.abandon(id, async (tx) => {
      if (!(await this.stalls.isOverdue(tx, id))) return false;
      if (await this.stalls.wasStarted(tx, id)) await this.tellOperators(tx, 'upload-stalled', id);
      return true;
    });
  }

  private async tellOperators(tx: Tx, kind: string, uploadId: string, others: readonly string[] = []): Promise<void> {
    const upload = { uploadId, contactEmail: await this.stalls.contactOf(tx, uploadId) };
    for (const personId of new Set([...(await whomToTell(tx, this.persons, upload)), ...others])) {
      const id = this.ids.next();
      await enqueueMail(tx, {
        id,
        kind,
        subjectId: uploadId,
        personId,
        messageId: `<${kind}-${id}@${this.address.host}>`,
        dedupeKey: `${kind}:${id}`,
        atMostOnce: false,
        dueAt: this.clock.now(),
      });
    }
  }
}
