// Verifies an upload: what Mediaflux holds is compared with the manifest; on a match the credential is destroyed and a
// last look must find nothing changed; only then is the manifest asset written and the upload complete. Each step may
// be repeated: a worker that is killed leaves it to the next one.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions } from '../../database/index.js';
import { MediafluxGateway } from '../../mediaflux/index.js';
import { JobQueue, type JobProcessor, Processes, underLease } from '../../queue/index.js';
import { ScopedCredentials } from '../../shares/index.js';
import { ManifestAssetWriter, type WrittenManifest } from '../manifests/manifest-asset.js';
import { dispatchUpload, verifyUpload } from '../uploads.jobs.js';
import { LaterLooksStore } from '../later-looks/later-looks.store.js';
import { UploadsStore } from '../uploads.store.js';
import { folderRows, type ListedCount, subfolderRows } from './listed-rows.js';
import { parentsOfNamedFolders } from './named-folders.js';
import { FolderChanges, VerificationTroubles, WordsChange } from './verification-troubles.js';
import { VerificationLost, VerificationStore, type VerifiedUpload } from './verification.store.js';

const RENEW_EVERY_MS = 5_000;
/** After so many looks whoever writes on, although they said that all is sent, loses the credential. */
const LOOKS_WITH_CREDENTIAL = 2;
/** A folder that keeps changing with no credential alive is being changed by somebody else. */
const LOOKS = 4;

/** Whoever changes what the asset tells as often as it is written may wait, and takes no worker from others. */
const WRITINGS = 3;

type Verdict = 'match' | 'different';

interface Look extends ListedCount {
  differences: number;
}

@Injectable()
@Processes(verifyUpload)
export class VerifyUploadProcessor implements JobProcessor<{ uploadId: string }> {
  private readonly logger = new Logger('uploads');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(VerificationStore) private readonly verification: VerificationStore,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(LaterLooksStore) private readonly laterLooks: LaterLooksStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
    @Inject(ManifestAssetWriter) private readonly manifestAsset: ManifestAssetWriter,
    @Inject(VerificationTroubles) private readonly troubles: VerificationTroubles,
    @Inject(JobQueue) private readonly queue: JobQueue,
  ) {}

  async process({ uploadId }: { uploadId: string }, stopping: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    const upload = await this.verification.claim(pool, uploadId);
    if (!upload) return;
    const lease = {
      renewEveryMs: RENEW_EVERY_MS,
      renew: () => this.renew(upload),
      release: () => this.verification.release(pool, upload),
    };
    await underLease(lease, stopping, (signal) =>
      this.verify(upload, signal).catch(async (error: unknown) => {
        if (error instanceof VerificationLost) this.logger.warn({ uploadId }, error.message);
        else if (stopping.aborted) throw error;
        else await this.troubles.failed(upload, error);
      }),
    );
  }

  private async renew(upload: VerifiedUpload): Promise<Error | undefined> {
    try {
      return (await this.verification.renew(this.transactions.pool, upload)) ? undefined : new VerificationLost();
    } catch (error) {
      this.logger.warn(
        { uploadId: upload.id, err: error },
        'The lease on a verification was not renewed; another worker may repeat it.',
      );
      return undefined;
    }
  }

  private async verify(upload: VerifiedUpload, signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    // Asked for while Mediaflux is listed, when the database has little to do; a failure is told where it is awaited.
    const length = this.manifestAsset.contentLength(upload.manifest_id);
    length.catch(() => undefined);
    if ((await this.verdict(upload, signal)) === 'different') {
      await this.uploads.transit(pool, upload.id, 'found-different', upload.attempt);
      return;
    }
    for (let tries = 1; !(await this.completed(upload, await this.written(upload, await length, signal))); tries += 1)
      if (tries >= WRITINGS) throw new WordsChange();
    await this.queue.add(dispatchUpload, { uploadId: upload.id });
  }

  private async written(upload: VerifiedUpload, length: number, signal: AbortSignal): Promise<WrittenManifest> {
    signal.throwIfAborted();
    const now = await this.uploads.find(this.transactions.pool, upload.id);
    if (now?.manifest_id !== upload.manifest_id) throw new VerificationLost();
    return this.manifestAsset.write(now, upload.manifest_id, length, signal);
  }

  /** False: its client has changed something since that the asset tells. @throws VerificationLost */
  private completed(upload: VerifiedUpload, written: WrittenManifest): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      const now = await this.uploads.find(tx, upload.id, true);
      if (!now || !(await this.verification.renew(tx, upload))) throw new VerificationLost();
      if (written.told !== (await this.manifestAsset.tellingOf(tx, now))) return false;
      await this.uploads.manifestAssetWritten(tx, upload.id, written.assetId);
      if ((await this.uploads.transit(tx, upload.id, 'verified', upload.attempt)) === undefined)
        throw new VerificationLost();
      await this.laterLooks.plan(tx, upload.id);
      return true;
    });
  }

  /**
   * Compares, destroys the credential on a match, and looks at count and newest change number again. Both must be what
   * they were before the listing began: whatever was written, replaced or removed since shows in one of them. Empty
   * folders have no change number and are compared once more.
   */
  private async verdict(upload: VerifiedUpload, signal: AbortSignal): Promise<Verdict> {
    for (let looks = 0; looks < LOOKS; looks += 1) {
      if (looks >= LOOKS_WITH_CREDENTIAL) await this.endCredential(upload);
      const before = await this.mediaflux.summarize(upload.data_namespace);
      const look = await this.look(upload, signal);
      // A listing whose total does not equal a count of its own is worth nothing.
      if (before.count !== look.files) continue;
      if (look.differences > 0) return 'different';
      await this.endCredential(upload);
      const { count, newestStime } = await this.mediaflux.summarize(upload.data_namespace);
      if (count !== before.count || newestStime !== before.newestStime) continue;
      const parents = this.parentsOfFolders(upload);
      if (parents) {
        const folders = subfolderRows(this.mediaflux, upload.data_namespace, parents, signal);
        if ((await this.verification.compare(upload, folders, 'only')) > 0) return 'different';
      }
      await this.verification.matched(this.transactions.pool, upload, { count, stime: newestStime });
      return 'match';
    }
    throw new FolderChanges();
  }

  /** A worker that was thought dead must not take the credential away that the client has asked for since. */
  private async endCredential(upload: VerifiedUpload): Promise<void> {
    if (!(await this.verification.renew(this.transactions.pool, upload))) throw new VerificationLost();
    await this.credentials.end(upload.id, upload.data_namespace);
  }

  private parentsOfFolders({ has_folders, manifest_id }: VerifiedUpload): AsyncIterable<string[]> | undefined {
    return has_folders ? parentsOfNamedFolders(this.transactions.pool, manifest_id) : undefined;
  }

  /** One listing against the manifest. */
  private async look(upload: VerifiedUpload, signal: AbortSignal): Promise<Look> {
    const look = { differences: 0, files: 0 };
    const what = { parents: this.parentsOfFolders(upload), counted: look };
    const listing = folderRows(this.mediaflux, upload.data_namespace, what, signal);
    look.differences = await this.verification.compare(upload, listing);
    return look;
  }
}
