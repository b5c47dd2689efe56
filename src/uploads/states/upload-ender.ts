// Gives an upload up: nothing more can be sent to it. The data stay.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions, type Tx } from '../../database/index.js';
import { isMediafluxError } from '../../mediaflux/index.js';
import { ScopedCredentials } from '../../shares/index.js';
import { UploadsStore } from '../uploads.store.js';

@Injectable()
export class UploadEnder {
  private readonly logger = new Logger('uploads');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
  ) {}

  /** @param condition asked with the upload's row held; false leaves it as it is */
  async abandon(uploadId: string, condition?: (tx: Tx) => Promise<boolean>): Promise<void> {
    const namespace = await this.transactions.run(async (tx) => {
      const upload = await this.uploads.find(tx, uploadId, true);
      if (!upload || (condition && !(await condition(tx)))) return undefined;
      if ((await this.uploads.transit(tx, uploadId, 'given-up')) === undefined) return undefined;
      await this.credentials.requestEnd(tx, uploadId);
      return upload.data_namespace;
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
}
