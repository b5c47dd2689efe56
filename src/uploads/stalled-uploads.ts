// Uploads that nothing comes for: their operator is told once, and later they are given up; the data stay. What counts
// as progress is what Mediaflux holds and what the client asks here. The clocks stand still while Mediaflux, or every
// copy of this program, is away.

import { Inject, Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '../database/index.js';
import { PublicAddress } from '../http/index.js';
import { Ids } from '../ids/index.js';
import { enqueueMail } from '../mail/index.js';
import { isMediafluxError, MediafluxGateway } from '../mediaflux/index.js';
import { operatorsOf } from './operators.js';
import { StallsStore, type Watched } from './stalls.store.js';
import { UploadEnder } from './upload-ender.js';

@Injectable()
export class StalledUploads {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(StallsStore) private readonly stalls: StallsStore,
    @Inject(UploadEnder) private readonly ender: UploadEnder,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(PublicAddress) private readonly address: PublicAddress,
  ) {}

  /** One pass; nothing is decided while Mediaflux cannot be asked. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.mediaflux.probe();
      await this.transactions.run((tx) => this.stalls.tick(tx));
      for (const upload of await this.stalls.toLookAt(this.transactions.pool)) {
        if (signal.aborted) return;
        await this.lookAt(upload);
      }
    } catch (error) {
      if (isMediafluxError(error)) return;
      throw error;
    }
    await this.tellOfStalls();
    for (const id of await this.stalls.overdue(this.transactions.pool)) await this.giveUp(id);
  }

  /** Bytes go past this server: whether some came since the last look only Mediaflux knows. */
  private async lookAt(upload: Watched): Promise<void> {
    const seen = await this.mediaflux.summarize(upload.data_namespace).catch((error: unknown) => {
      // A folder that somebody took away makes no progress.
      if (isMediafluxError(error, 'not-found', 'not-permitted', 'service-error')) return undefined;
      throw error;
    });
    await this.stalls.looked(this.transactions.pool, upload.id, seen);
  }

  private async tellOfStalls(): Promise<void> {
    await this.transactions.run(async (tx) => {
      for (const id of await this.stalls.markToTell(tx)) await this.tellOperators(tx, 'upload-stalling', id);
    });
  }

  private async giveUp(id: string): Promise<void> {
    await this.ender.abandon(id, async (tx) => {
      if (!(await this.stalls.isOverdue(tx, id))) return false;
      await this.tellOperators(tx, 'upload-stalled', id);
      return true;
    });
  }

  private async tellOperators(tx: Tx, kind: string, uploadId: string): Promise<void> {
    for (const personId of await operatorsOf(tx, uploadId)) {
      const id = this.ids.next();
      await enqueueMail(tx, {
        id,
        kind,
        subjectId: uploadId,
        personId,
        messageId: `<${kind}-${id}@${this.address.host}>`,
        dedupeKey: `${kind}:${id}`,
        atMostOnce: false,
      });
    }
  }
}
