// Starts an upload: takes its number, makes its folder in Mediaflux, gives a credential for it. A call that is repeated
// with its Idempotency-Key goes on where the first one stopped.

import { Inject, Injectable } from '@nestjs/common';
import { KeyNeeded, type ShareableIdentity } from '../auth/index.js';
import { Transactions, type Tx } from '../database/index.js';
import { earlierResult } from '../http/index.js';
import { Ids } from '../ids/index.js';
import { isMediafluxError, MediafluxGateway } from '../mediaflux/index.js';
import { parseAddress, PersonsStore } from '../persons/index.js';
import { findPlatform, folderName, whileAway } from '../platforms/index.js';
import { ScopedCredentials } from '../shares/index.js';
import { Clock } from '../time/index.js';
import { UploadReader } from './upload-reader.js';
import { UploadNotInState } from './uploads.errors.js';
import type { StartUpload } from './uploads.schema.js';
import { UploadsStore } from './uploads.store.js';

@Injectable()
export class StartUploadService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
    @Inject(UploadReader) private readonly reader: UploadReader,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws KeyNeeded the shareable may start nothing more; Unavailable Mediaflux is away: repeat the call */
  async run(shareable: ShareableIdentity, request: StartUpload, idempotencyKey: string | undefined) {
    if (shareable.state !== 'active') throw new KeyNeeded();
    const newId = this.ids.next();
    const id = await this.transactions.run(async (tx) => {
      const scope = `uploads:${shareable.shareableId}`;
      const earlier = await earlierResult(tx, { scope, key: idempotencyKey, request }, newId);
      if (earlier === undefined) await this.record(tx, newId, shareable, request);
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

  private async record(tx: Tx, id: string, shareable: ShareableIdentity, request: StartUpload): Promise<void> {
    const platform = await findPlatform(tx, shareable.platformId);
    if (!platform) throw new UploadNotInState('without a platform', 'ask the administrators');
    const client = {
      program: request.client?.program ?? null,
      host: request.client?.host ?? null,
      os: request.client?.os ?? null,
    };
    const { number, use } = await this.uploads.takeUse(tx, shareable.shareableId, client.host, client.program);
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
      operatorPersonId: await this.personId(tx, request.operator?.email),
      youngestFileAt,
      client,
      warnings:
        youngestFileAt > this.clock.now()
          ? ['The youngest file has a time in the future; is the clock of the instrument right?']
          : [],
    });
    const personIds: string[] = [];
    for (const recipient of request.recipients) {
      const personId = await this.personId(tx, recipient);
      if (personId !== null) personIds.push(personId);
    }
    await this.uploads.setRecipients(tx, id, personIds);
  }

  private async personId(tx: Tx, text: string | null | undefined): Promise<string | null> {
    const address = text == null ? undefined : parseAddress(text);
    return address ? this.persons.idOf(tx, address) : null;
  }
}
