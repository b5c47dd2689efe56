// What a client does with an upload it began: changes, credentials, completion, giving up.

import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { ShareableIdentity } from '../auth/index.js';
import { Transactions, type Tx } from '../database/index.js';
import { InvalidFields } from '../http/index.js';
import { isMediafluxError, MediafluxGateway } from '../mediaflux/index.js';
import { parseAddress, PersonsStore } from '../persons/index.js';
import { whileAway } from '../platforms/index.js';
import { JobQueue } from '../queue/index.js';
import { ShareableCallers, ShareableLimitsService } from '../shares/index.js';
import { ManifestService } from './manifests/manifest.service.js';
import { StartUploadService } from './starts/start-upload.service.js';
import { UploadEnder } from './states/upload-ender.js';
import { UploadProgressStore } from './upload-progress.store.js';
import { UploadReader } from './shown/upload-reader.js';
import { FolderGone, UploadNotInState } from './uploads.errors.js';
import { verifyUpload } from './uploads.jobs.js';
import { type ChangeUpload, limitQuestion, type RenewCredential } from './uploads.schema.js';
import { type UploadRow, UploadsStore } from './uploads.store.js';

@Injectable()
export class UploadsService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(UploadProgressStore) private readonly progress: UploadProgressStore,
    @Inject(UploadReader) private readonly reader: UploadReader,
    @Inject(StartUploadService) private readonly starting: StartUploadService,
    @Inject(ManifestService) private readonly manifests: ManifestService,
    @Inject(UploadEnder) private readonly ender: UploadEnder,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(ShareableCallers) private readonly callers: ShareableCallers,
    @Inject(ShareableLimitsService) private readonly limits: ShareableLimitsService,
    @Inject(JobQueue) private readonly queue: JobQueue,
  ) {}

  /**
   * A fresh credential; an abandoned upload whose folder still exists is taken up again.
   * @throws FolderGone also while it is verified, where that cannot go on for it
   */
  async credential(shareable: ShareableIdentity, id: string, told: RenewCredential) {
    const upload = await this.reader.own(shareable, id);
    if (upload.state === 'abandoned') await this.takeUpAgain(shareable, upload);
    if (upload.state === 'verifying' && upload.verification_trouble !== null) await this.mustHaveFolder(upload);
    const { mediaflux } = await this.starting.withCredential(upload.id);
    if (told?.sentBytes !== undefined) await this.progress.told(this.transactions.pool, upload.id, told.sentBytes);
    return { mediaflux };
  }

  private async takeUpAgain(shareable: ShareableIdentity, upload: UploadRow): Promise<void> {
    await this.callers.mustBeActive(shareable);
    await this.mustHaveFolder(upload);
    await this.transactions.run(async (tx) => {
      await this.uploads.find(tx, upload.id, true);
      await this.callers.holdActive(tx, shareable);
      await this.uploads.transit(tx, upload.id, 'taken-up-again');
    });
  }

  private async mustHaveFolder({ data_namespace: folder }: UploadRow): Promise<void> {
    const exists = await this.mediaflux.folderExists(folder).catch((error: unknown) => {
      throw isMediafluxError(error) ? whileAway(error) : error;
    });
    if (!exists) throw new FolderGone();
  }

  async change(shareable: ShareableIdentity, id: string, request: ChangeUpload) {
    const { id: uploadId } = await this.reader.own(shareable, id);
    await this.transactions.run(async (tx) => {
      const upload = await this.uploads.find(tx, uploadId, true);
      if (!upload || upload.state === 'complete' || upload.state === 'abandoned') {
        throw new UploadNotInState(upload?.state ?? 'gone', 'it can no longer be changed');
      }
      if (request.recipients) await this.rename(tx, shareable, uploadId, request.recipients);
      await this.uploads.change(tx, uploadId, request.keywords, request.note);
    });
    return this.reader.get(shareable, id);
  }

  /** Those who are named for the first time count for the shareable's limits. */
  private async rename(tx: Tx, shareable: ShareableIdentity, id: string, recipients: string[]): Promise<void> {
    const addresses = recipients.flatMap((text) => parseAddress(text) ?? []);
    const personIds = await this.persons.idsOf(tx, addresses);
    const fresh = await this.limits.unnamed(tx, id, personIds);
    // A revoked shareable finishes what it began, for those for whom it began it.
    if (fresh.size > 0) await this.callers.holdActive(tx, shareable);
    const question = limitQuestion({ recipients }, 0);
    await this.limits.hold(tx, shareable.shareableId, {
      ...question,
      recipients: question.recipients.filter((_, index) => fresh.has(personIds[index] ?? '')),
    });
    await this.uploads.setRecipients(tx, id, personIds);
    await this.limits.named(tx, shareable.shareableId, id, [...fresh]);
  }

  /** Answers the manifest's id. */
  async manifest(shareable: ShareableIdentity, id: string, body: Readable): Promise<string> {
    const upload = await this.reader.own(shareable, id);
    if (upload.state !== 'open' && upload.state !== 'mismatch') {
      throw new UploadNotInState(upload.state, 'its manifest can no longer be changed');
    }
    return this.manifests.replace(upload.id, shareable.shareableId, body);
  }

  /** Answers once the upload is being verified; from `complete` it changes nothing. */
  async complete(shareable: ShareableIdentity, id: string) {
    const upload = await this.reader.own(shareable, id);
    if (upload.state === 'open' || upload.state === 'mismatch') {
      if (upload.manifest_id === null)
        throw new InvalidFields([{ path: 'manifest', message: 'must be sent before the upload is completed' }]);
      const state = await this.uploads.transit(this.transactions.pool, upload.id, 'client-completed');
      if (state === 'verifying') await this.queue.add(verifyUpload, { uploadId: upload.id });
    } else if (upload.state === 'abandoned')
      throw new UploadNotInState('abandoned', 'ask for a credential first to take it up again');
    return this.reader.get(shareable, id);
  }

  async abandon(shareable: ShareableIdentity, id: string): Promise<void> {
    const upload = await this.reader.own(shareable, id);
    if (upload.state === 'complete') throw new UploadNotInState('complete', 'it cannot be given up any more');
    await this.ender.abandon(upload.id);
  }
}
