// Starts an upload: takes its number, makes its folder in Mediaflux, gives a credential for it. A call that is repeated
// with its Idempotency-Key goes on where the first one stopped.

import { Inject, Injectable } from '@nestjs/common';
import type { ShareableIdentity } from '../auth/index.js';
import { Transactions, type Tx } from '../database/index.js';
import { earlierResult } from '../http/index.js';
import { Ids } from '../ids/index.js';
import { isMediafluxError, MediafluxGateway } from '../mediaflux/index.js';
import { parseAddress, PersonsStore } from '../persons/index.js';
import { findPlatform, folderName, whileAway } from '../platforms/index.js';
import { ScopedCredentials, ShareableCallers, ShareableLimitsService } from '../shares/index.js';
import { clientTimeOf, Clock, clockSkewSeconds } from '../time/index.js';
import { UploadReader } from './upload-reader.js';
import { startWarnings } from './upload-warnings.rules.js';
import { UploadNotInState } from './uploads.errors.js';
import { limitQuestion, type StartUpload } from './uploads.schema.js';
import { UploadsStore } from './uploads.store.js';

@Injectable()
export class StartUploadService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
    @Inject(ShareableCallers) private readonly callers: ShareableCallers,
    @Inject(ShareableLimitsService) private readonly limits: ShareableLimitsService,
    @Inject(UploadReader) private readonly reader: UploadReader,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @param dateHeader of the request, the client's time where the body does not tell it
   * @throws ShareableRevoked it may start nothing more; LimitReached; Unavailable Mediaflux is away: repeat the call
   */
  async run(
    shareable: ShareableIdentity,
    request: StartUpload,
    idempotencyKey: string | undefined,
    dateHeader: string | undefined,
  ) {
    await this.callers.mustBeActive(shareable);
    const newId = this.ids.next();
    // The client's time is another at each try; what is asked for is not.
    const { clientTime: _, ...asked } = request;
    const skewSeconds = clockSkewSeconds(clientTimeOf(request.clientTime, dateHeader), this.clock.now());
    const id = await this.transactions.run(async (tx) => {
      const scope = `uploads:${shareable.shareableId}`;
      const earlier = await earlierResult(tx, { scope, key: idempotencyKey, request: asked }, newId);
      if (earlier === undefined) await this.record(tx, newId, shareable, request, skewSeconds);
      return earlier ?? newId;
    });
    return this.withCredential(id);
  }

  /** The upload with a fresh credential, its folder made if it is missing. */
  async withCredential(id: string) {
    const { pool } = this.transactions;
    const upload = await this.uploads.find(pool, id);
    if (!upload) throw new Error('An upload vanished between two statements.');
    if (upload.state !== 'open' && upload.state !== 'mismatch') {
      return { ...(await this.reader.view(upload)), mediaflux: null };
    }
    try {
      if (!upload.folder_opened_at) {
        await this.mediaflux.openUploadFolder(upload.data_namespace);
        await this.uploads.folderOpened(pool, id);
      }
      const mediaflux = await this.credentials.issue('upload', { uploadId: id, namespace: upload.data_namespace });
      await this.uploads.progressed(pool, id);
      return { ...(await this.reader.view(upload)), mediaflux };
    } catch (error) {
      if (isMediafluxError(error)) throw whileAway(error);
      throw error;
    }
  }

  private async record(
    tx: Tx,
    id: string,
    shareable: ShareableIdentity,
    request: StartUpload,
    skewSeconds: number | null,
  ): Promise<void> {
    const platform = await findPlatform(tx, shareable.platformId);
    if (!platform) throw new UploadNotInState('without a platform', 'ask the administrators');
    // Persons before the shareable, here and wherever both are locked: or two calls would wait for each other.
    const recipients = addressesOf(request.recipients);
    const personIds = await this.persons.idsOf(tx, [...recipients, ...addressesOf([request.operator?.email])]);
    const [operatorPersonId] = personIds.splice(recipients.length);
    await this.limits.hold(tx, shareable.shareableId, limitQuestion(request, 1));
    const client = {
      program: request.client?.program ?? null,
      host: request.client?.host ?? null,
      os: request.client?.os ?? null,
    };
    const { number, use } = await this.uploads.takeUse(tx, shareable.shareableId, client.host, client.program);
    await this.callers.used(tx, shareable, client);
    const youngestFileAt = new Date(request.youngestFileTime);
    const folder = folderName({
      youngestFileAt,
      timeZone: platform.timeZone,
      shareableNumber: number,
      useNumber: use,
      platformSuffix: platform.folderSuffix,
      userSuffix: request.name,
    });
    const folderNamespace = `${platform.namespace}/${folder}`;
    await this.uploads.insert(tx, {
      id,
      platformId: platform.id,
      shareableId: shareable.shareableId,
      useNumber: use,
      folder,
      folderNamespace,
      dataNamespace: `${folderNamespace}/data`,
      // The name typed at the instrument is a keyword too (instrument-workflow 3.2).
      keywords: [...new Set([...request.keywords, ...(request.name === null ? [] : [request.name])])],
      nameSuffix: request.name,
      note: request.note,
      operatorName: request.operator?.name ?? null,
      operatorPersonId: operatorPersonId ?? null,
      youngestFileAt,
      client,
      skewSeconds,
      warnings: startWarnings({ youngestFileAt, skewSeconds, now: this.clock.now() }),
    });
    await this.uploads.setRecipients(tx, id, personIds);
    await this.limits.named(tx, shareable.shareableId, id, personIds);
  }
}

const addressesOf = (texts: readonly (string | null | undefined)[]) =>
  texts.flatMap((text) => (text == null ? [] : (parseAddress(text) ?? [])));
