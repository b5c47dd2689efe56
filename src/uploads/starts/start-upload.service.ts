// Starts an upload: takes its number, makes its folder in Mediaflux, gives a credential for it. A call that is repeated
// with its Idempotency-Key goes on where the first one stopped.

import { Inject, Injectable } from '@nestjs/common';
import type { ShareableIdentity } from '../../auth/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import { earlierResult } from '../../http/index.js';
import { Ids } from '../../ids/index.js';
import { isMediafluxError, type MediafluxError, MediafluxGateway } from '../../mediaflux/index.js';
import { parseAddress, PersonsStore } from '../../persons/index.js';
import { findPlatform, folderName, whileAway } from '../../platforms/index.js';
import { ScopedCredentials, ShareableCallers, ShareableLimitsService } from '../../shares/index.js';
import { clientTimeOf, Clock, clockSkewSeconds } from '../../time/index.js';
import { UploadProgressStore } from '../upload-progress.store.js';
import { UploadReader } from '../shown/upload-reader.js';
import type { UploadState } from '../states/upload-states.rules.js';
import { insertUpload, takeUse } from './new-upload.js';
import { startWarnings } from './upload-warnings.rules.js';
import { FolderGone, PlatformNamespaceUnusable, UploadNotInState } from '../uploads.errors.js';
import { limitQuestion, type StartUpload } from '../uploads.schema.js';
import { type UploadRow, UploadsStore } from '../uploads.store.js';

@Injectable()
export class StartUploadService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(UploadProgressStore) private readonly progress: UploadProgressStore,
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
   * @throws ShareableRevoked, TokenReplaced it may start nothing more; LimitReached; PlatformNamespaceUnusable;
   *   Unavailable Mediaflux is away: repeat the call
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
      else await this.tryAgain(tx, earlier, shareable, request);
      return earlier ?? newId;
    });
    try {
      return await this.withCredential(id);
    } catch (error) {
      // A repeated call for an upload that has gone on since: its state says how.
      if (error instanceof UploadNotInState)
        return { ...(await this.reader.view(await this.found(id))), mediaflux: null };
      throw error;
    }
  }

  /**
   * The upload with a fresh credential, its folder made if it was never made.
   * @throws UploadNotInState nothing can be sent to it; FolderGone; PlatformNamespaceUnusable; Unavailable Mediaflux is away
   */
  async withCredential(id: string) {
    const { pool } = this.transactions;
    const upload = await this.found(id);
    mustTakeData(upload.state);
    try {
      if (!upload.folder_opened_at) {
        await this.mediaflux.openUploadFolder(upload.folder_namespace, upload.data_namespace);
        await this.uploads.folderOpened(pool, id);
      }
      const share = { uploadId: id, namespace: upload.data_namespace, timeZone: upload.time_zone };
      const mediaflux = await this.credentials.issue('upload', share, (tx) => this.admit(tx, upload));
      await this.progress.started(pool, id);
      return { ...(await this.reader.view(upload)), mediaflux };
    } catch (error) {
      await this.progress.startFailed(pool, id);
      throw isMediafluxError(error) ? await this.refusalOf(error, upload) : error;
    }
  }

  /** No credential comes into being for an upload that has ended, or outlives what its shareable may still do. */
  private async admit(tx: Tx, upload: UploadRow): Promise<{ notAfter: Date | null }> {
    mustTakeData(await this.progress.holdState(tx, upload.id));
    const { shareable_id: shareableId } = upload;
    return { notAfter: shareableId === null ? null : await this.callers.finishesUntil(tx, shareableId) };
  }

  /** What the client is told of an error of Mediaflux: a folder or namespace that is gone does not come back by waiting. */
  private async refusalOf(error: MediafluxError, upload: UploadRow): Promise<Error> {
    if (isMediafluxError(error, 'unreachable', 'busy', 'not-authenticated', 'session-expired')) return whileAway(error);
    try {
      const platform = await this.mediaflux.checkPlatformNamespace(parentOf(upload.folder_namespace));
      if (platform.problem !== null) return new PlatformNamespaceUnusable(platform.detail, { cause: error });
      const { folder_opened_at: openedAt } = await this.found(upload.id);
      if (openedAt && !(await this.mediaflux.folderExists(upload.data_namespace))) return new FolderGone();
    } catch (failure) {
      if (!isMediafluxError(failure)) throw failure;
      return whileAway(failure);
    }
    return whileAway(error);
  }

  /** A start that came to nothing goes on, and counts from now; one that had begun is left as it is. */
  private async tryAgain(tx: Tx, id: string, shareable: ShareableIdentity, request: StartUpload): Promise<void> {
    const upload = await this.uploads.find(tx, id, true);
    if (!upload || upload.started_at) return;
    await this.callers.holdActive(tx, shareable);
    await this.limits.holdAgain(tx, shareable.shareableId, id, limitQuestion(request, 1));
    if (upload.state === 'abandoned') await this.uploads.transit(tx, id, 'taken-up-again');
  }

  private async found(id: string): Promise<UploadRow> {
    const upload = await this.uploads.find(this.transactions.pool, id);
    if (!upload) throw new Error('An upload vanished between two statements.');
    return upload;
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
    await this.callers.holdActive(tx, shareable);
    await this.limits.hold(tx, shareable.shareableId, limitQuestion(request, 1));
    const client = {
      program: request.client?.program ?? null,
      host: request.client?.host ?? null,
      os: request.client?.os ?? null,
    };
    const { number, use } = await takeUse(tx, shareable.shareableId, client.host, client.program);
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
    await insertUpload(tx, {
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

/** @throws UploadNotInState */
function mustTakeData(state: UploadState | undefined): void {
  if (state !== 'open' && state !== 'mismatch')
    throw new UploadNotInState(state ?? 'gone', 'nothing can be sent to it now');
}

const parentOf = (namespace: string): string => namespace.slice(0, namespace.lastIndexOf('/'));

const addressesOf = (texts: readonly (string | null | undefined)[]) =>
  texts.flatMap((text) => (text == null ? [] : (parseAddress(text) ?? [])));
