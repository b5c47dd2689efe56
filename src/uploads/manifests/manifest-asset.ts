// The manifest asset beside the data: a queryable document, and as its content the list of files as NDJSON that a person
// can read in ten years. Its first line says what it is of, the others are as in the contract.

import { Inject, Injectable } from '@nestjs/common';
import { CopyStreams, row, Transactions, type Tx } from '../../database/index.js';
import { manifestDocument, MediafluxGateway, projectOf } from '../../mediaflux/index.js';
import { Clock } from '../../time/index.js';
import { contentLength, contentRows, ManifestContent } from './manifest-content.js';
import { type UploadRow, UploadsStore } from '../uploads.store.js';

const MANIFEST_NAME = 'manifest.ndjson';

export interface WrittenManifest {
  assetId: string;
  /** What it tells of that which a client may change until its upload is complete: a text to compare. */
  told: string;
}

@Injectable()
export class ManifestAssetWriter {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CopyStreams) private readonly copies: CopyStreams,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Writes it, again if need be.
   * @param manifestId the one that was verified
   * @param length of the lines, as `contentLength` tells
   * @throws MediafluxError; the reason of the signal
   */
  async write(upload: UploadRow, manifestId: string, length: number, signal: AbortSignal): Promise<WrittenManifest> {
    const recipients = await this.uploads.recipientsOf(this.transactions.pool, upload.id);
    const verifiedAt = this.clock.now().toISOString();
    const head = Buffer.from(`${JSON.stringify(headOf(upload, verifiedAt))}\n`);
    const document = this.document(upload, recipients, verifiedAt);
    const size = head.length + length;
    const content = { name: MANIFEST_NAME, size, open: () => this.content(head, manifestId) };
    const assetId = await this.mediaflux.manifests.write(upload.folder_namespace, document, content, signal);
    return { assetId, told: tellingOf(upload, recipients) };
  }

  /** What an asset that is written now would tell of that which a client may still change. */
  async tellingOf(tx: Tx, upload: UploadRow): Promise<string> {
    return tellingOf(upload, await this.uploads.recipientsOf(tx, upload.id));
  }

  private document(upload: UploadRow, recipients: readonly string[], verifiedAt: string) {
    return manifestDocument({
      uploadId: upload.id,
      project: projectOf(upload.data_namespace),
      folder: upload.folder,
      dataNamespace: upload.data_namespace,
      ...originOf(upload),
      nameSuffix: upload.name_suffix,
      note: upload.note,
      operator: upload.operator_name,
      recipients,
      linkLifetime: upload.link_lifetime,
      startedAt: upload.created_at.toISOString(),
      verifiedAt,
      youngestFileAt: upload.youngest_file_at.toISOString(),
      files: upload.files,
      bytes: upload.bytes,
      client: clientOf(upload),
    });
  }

  /** Of the lines; it takes half a second for a million of them, and may be asked for while Mediaflux is listed. */
  async contentLength(manifestId: string): Promise<number> {
    const found = await row<{ bytes: number }>(this.transactions.pool, contentLength(manifestId));
    return found?.bytes ?? 0;
  }

  private async *content(head: Buffer, manifestId: string): AsyncGenerator<Buffer> {
    yield head;
    const content = new ManifestContent();
    for await (const part of this.copies.rows(contentRows(manifestId))) yield content.lines(part);
  }
}

const tellingOf = ({ keywords, note }: UploadRow, recipients: readonly string[]): string =>
  JSON.stringify({ keywords, note, recipients });

/** Facts of the upload, for whoever finds the file alone. Addresses of persons are in the documents only. */
const headOf = (upload: UploadRow, verifiedAt: string) => ({
  type: 'upload',
  format: 'instrument-dispatch manifest, version 1: after this line, one line a file or empty folder',
  uploadId: upload.id,
  project: projectOf(upload.data_namespace),
  folder: upload.folder,
  namespace: upload.data_namespace,
  ...originOf(upload),
  name: upload.name_suffix,
  note: upload.note,
  operator: upload.operator_name,
  startedAt: upload.created_at.toISOString(),
  verifiedAt,
  youngestFileTime: upload.youngest_file_at.toISOString(),
  files: upload.files,
  bytes: upload.bytes,
  client: clientOf(upload),
  linkLifetime: upload.link_lifetime,
});

/** Whose it is, and what it is about; the same in the document and in the head. */
const originOf = (upload: UploadRow) => ({
  platform: upload.platform_name,
  platformSuffix: upload.platform_suffix,
  timeZone: upload.time_zone,
  shareable: {
    id: upload.shareable_id,
    number: upload.shareable_number,
    label: upload.shareable_label,
    use: upload.use_number,
  },
  keywords: upload.keywords,
});

const clientOf = (upload: UploadRow) => ({
  program: upload.client_program,
  host: upload.client_host,
  os: upload.client_os,
  clockSkewSeconds: upload.client_clock_skew_seconds,
});
