// Verifies an upload: what Mediaflux holds is compared with the manifest; on a match the credential is destroyed and a
// last look must find nothing changed; only then is the manifest asset written and the upload complete. Each step may
// be repeated: a worker that is killed leaves it to the next one.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { type CopyValue, Transactions } from '../database/index.js';
import { MediafluxGateway } from '../mediaflux/index.js';
import { JobQueue, type JobProcessor, Processes } from '../queue/index.js';
import { ScopedCredentials } from '../shares/index.js';
import { ManifestAssetWriter } from './manifest-asset.js';
import { dispatchUpload, verifyUpload } from './uploads.jobs.js';
import { UploadsStore } from './uploads.store.js';
import { VerificationStore, type VerifiedUpload } from './verification.store.js';

const RENEW_EVERY_MS = 5_000;
/** A folder that keeps changing with no credential alive is being changed by somebody else. */
const LOOKS = 3;

type Verdict = 'match' | 'different';

@Injectable()
@Processes(verifyUpload)
export class VerifyUploadProcessor implements JobProcessor<{ uploadId: string }> {
  private readonly logger = new Logger('uploads');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(VerificationStore) private readonly verification: VerificationStore,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
    @Inject(ManifestAssetWriter) private readonly manifestAsset: ManifestAssetWriter,
    @Inject(JobQueue) private readonly queue: JobQueue,
  ) {}

  async process({ uploadId }: { uploadId: string }, signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    const upload = await this.verification.claim(pool, uploadId);
    if (!upload) return;
    const renewing = setInterval(() => {
      this.verification.renew(pool, uploadId).catch((error: unknown) => {
        this.logger.warn(
          { uploadId, err: error },
          'The lease on a verification was not renewed; another worker may repeat it.',
        );
      });
    }, RENEW_EVERY_MS);
    try {
      await this.verify(upload, signal);
    } finally {
      clearInterval(renewing);
      await this.verification.release(pool, uploadId);
    }
  }

  private async verify(upload: VerifiedUpload, signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    if ((await this.compare(upload, signal)) === 'different') return this.foundDifferent(upload.id);
    await this.credentials.end(upload.id, upload.data_namespace);
    if ((await this.compareUnchanged(upload, signal)) === 'different') return this.foundDifferent(upload.id);
    await this.uploads.manifestAssetWritten(pool, upload.id, await this.manifestAsset.write(upload.id));
    await this.transactions.run(async (tx) => {
      await this.uploads.transit(tx, upload.id, 'verified');
      await this.verification.forget(tx, upload.id);
    });
    await this.queue.add(dispatchUpload, { uploadId: upload.id });
  }

  /** With the credential gone: the folder is compared again until a look before and after finds the same. */
  private async compareUnchanged(upload: VerifiedUpload, signal: AbortSignal): Promise<Verdict> {
    for (let look = 0; look < LOOKS; look += 1) {
      const before = await this.mediaflux.summarize(upload.data_namespace);
      if ((await this.compare(upload, signal)) === 'different') return 'different';
      const after = await this.mediaflux.summarize(upload.data_namespace);
      if (before.count === after.count && before.newestStime === after.newestStime) {
        await this.uploads.credentialDestroyed(this.transactions.pool, upload.id, {
          count: after.count,
          stime: after.newestStime,
        });
        return 'match';
      }
    }
    throw new Error(
      'The folder of an upload keeps changing although its credential is destroyed; verification is tried again.',
    );
  }

  /** One listing against the manifest. Its total must equal a count of its own, or it is worth nothing. */
  private async compare(upload: VerifiedUpload, signal: AbortSignal): Promise<Verdict> {
    const listed = await this.verification.load(upload.id, this.listing(upload.data_namespace, signal));
    const { count } = await this.mediaflux.summarize(upload.data_namespace);
    if (count !== listed)
      throw new Error('A listing of Mediaflux and its own count differ; verification is tried again.');
    const different = await this.transactions.run((tx) =>
      this.verification.findMismatches(tx, upload.id, upload.manifest_id),
    );
    return different === 0 ? 'match' : 'different';
  }

  private async *listing(namespace: string, signal: AbortSignal): AsyncGenerator<readonly CopyValue[]> {
    for await (const file of this.mediaflux.listFolder(namespace, signal))
      yield [file.path, 'file', file.size, file.crc32];
    for await (const folder of this.mediaflux.listSubfolders(namespace, signal))
      yield [folder, 'directory', null, null];
  }

  private async foundDifferent(uploadId: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.uploads.transit(tx, uploadId, 'found-different');
      await this.verification.forget(tx, uploadId);
    });
  }
}
