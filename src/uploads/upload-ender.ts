// Gives an upload up: nothing more can be sent to it. The data stay.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions, type Tx } from '../database/index.js';
import { PublicAddress } from '../http/index.js';
import { Ids } from '../ids/index.js';
import { enqueueMail } from '../mail/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { ScopedCredentials } from '../shares/index.js';
import { operatorsOf } from './operators.js';
import { UploadsStore } from './uploads.store.js';

@Injectable()
export class UploadEnder {
  private readonly logger = new Logger('uploads');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(PublicAddress) private readonly address: PublicAddress,
  ) {}

  /** @param isStalled nobody gave it up: the operator is told, once for each time */
  async abandon(uploadId: string, isStalled = false): Promise<void> {
    const namespace = await this.transactions.run(async (tx) => {
      const upload = await this.uploads.find(tx, uploadId, true);
      const state = await this.uploads.transit(tx, uploadId, 'given-up');
      if (isStalled && state === 'abandoned') await this.tellOperators(tx, uploadId);
      await this.credentials.requestEnd(tx, uploadId);
      return upload?.data_namespace;
    });
    if (namespace === undefined) return;
    await this.credentials.finishEnding(uploadId, namespace).catch((error: unknown) => {
      if (!isMediafluxError(error)) throw error;
      this.logger.warn(
        { uploadId },
        'The credentials of an upload that was given up end as soon as Mediaflux can be reached.',
      );
    });
  }

  private async tellOperators(tx: Tx, uploadId: string): Promise<void> {
    for (const personId of await operatorsOf(tx, uploadId)) {
      const id = this.ids.next();
      await enqueueMail(tx, {
        id,
        kind: 'upload-stalled',
        subjectId: uploadId,
        personId,
        messageId: `<upload-stalled-${id}@${this.address.host}>`,
        dedupeKey: `upload-stalled:${id}`,
        atMostOnce: false,
      });
    }
  }
}
