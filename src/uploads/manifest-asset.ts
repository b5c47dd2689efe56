// The manifest asset beside the data: a queryable document, and the list of files as NDJSON that a person can read in
// ten years.

import { Inject, Injectable } from '@nestjs/common';
import { rows, Transactions } from '../database/index.js';
import { manifestDocument, MediafluxGateway } from '../mediaflux/index.js';
import { Clock } from '../time/index.js';
import { type UploadRow, UploadsStore } from './uploads.store.js';

const MANIFEST_NAME = 'manifest.ndjson';
const PAGE = 5_000;

interface EntryRow {
  line: number;
  path: string;
  type: 'file' | 'directory';
  size: number;
  crc32: string | null;
  modified_at: Date | null;
}

@Injectable()
export class ManifestAssetWriter {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Writes it, again if need be; resolves to the asset's id. @throws MediafluxError */
  async write(uploadId: string): Promise<string> {
    const upload = await this.uploads.find(this.transactions.pool, uploadId);
    if (!upload?.manifest_id) throw new Error('An upload without a manifest cannot be verified.');
    const { manifest_id: manifestId } = upload;
    let size = 0;
    for await (const part of this.content(manifestId)) size += part.length;
    return this.mediaflux.writeManifestAsset(upload.folder_namespace, await this.document(upload), {
      name: MANIFEST_NAME,
      size,
      open: () => this.content(manifestId),
    });
  }

  private async document(upload: UploadRow) {
    return manifestDocument({
      uploadId: upload.id,
      folder: upload.folder,
      platform: upload.platform_name,
      shareableNumber: upload.shareable_number,
      useNumber: upload.use_number,
      keywords: upload.keywords,
      nameSuffix: upload.name_suffix,
      note: upload.note,
      operator: upload.operator_name,
      recipients: await this.uploads.recipientsOf(this.transactions.pool, upload.id),
      startedAt: upload.created_at.toISOString(),
      verifiedAt: this.clock.now().toISOString(),
      youngestFileAt: upload.youngest_file_at.toISOString(),
      files: upload.files,
      bytes: upload.bytes,
      client: { program: upload.client_program, host: upload.client_host, os: upload.client_os },
    });
  }

  private async *content(manifestId: string): AsyncGenerator<Buffer> {
    for (let after = 0; ;) {
      const page = await rows<EntryRow>(
        this.transactions.pool,
        `select line, path, type, size, crc32, modified_at
           from manifest_entry
          where manifest_id = $1
            and line > $2::bigint
          order by line
          limit ${PAGE}`,
        [manifestId, after],
      );
      if (page.length === 0) return;
      yield Buffer.from(page.map((entry) => `${JSON.stringify(lineOf(entry))}\n`).join(''));
      after = page.at(-1)?.line ?? after;
    }
  }
}

const lineOf = (entry: EntryRow) =>
  entry.type === 'directory'
    ? { path: `${entry.path}/`, type: 'directory' }
    : { path: entry.path, size: entry.size, crc32: entry.crc32, mtime: entry.modified_at?.toISOString() ?? null };
