// An upload as the Data Mover sees it. Its deliveries are known to a room above, which registers how to list them.

import { Inject, Injectable } from '@nestjs/common';
import type { ShareableIdentity } from '../../auth/index.js';
import { Transactions } from '../../database/index.js';
import { decodeCursor, NotFound, type PageQuery, pageOf } from '../../http/index.js';
import { isId } from '../../ids/index.js';
import { zonedIso } from '../../time/index.js';
import type { DeliverySummary } from './shown-uploads.schema.js';
import { LookReader } from '../later-looks/look-reader.js';
import { type UploadRow, UploadsStore } from '../uploads.store.js';

/** Mismatches that stand in the upload itself; the rest is paged. */
const SHOWN_MISMATCHES = 1_000;

@Injectable()
export class UploadReader {
  private deliveriesOf: ((uploadId: string) => Promise<DeliverySummary[]>) | undefined;

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
    @Inject(LookReader) private readonly looks: LookReader,
  ) {}

  registerDeliveries(list: (uploadId: string) => Promise<DeliverySummary[]>): void {
    this.deliveriesOf = list;
  }

  /** An upload of this shareable; of another's it does not exist. @throws NotFound */
  async own(shareable: ShareableIdentity, id: string): Promise<UploadRow> {
    const upload = isId(id) ? await this.uploads.find(this.transactions.pool, id) : undefined;
    if (!upload || upload.shareable_id !== shareable.shareableId) throw new NotFound('upload of this shareable');
    return upload;
  }

  async get(shareable: ShareableIdentity, id: string) {
    return this.view(await this.own(shareable, id));
  }

  async mismatches(shareable: ShareableIdentity, id: string, query: PageQuery) {
    const upload = await this.own(shareable, id);
    const after = decodeCursor(query.cursor, ['number']);
    const found = await this.uploads.mismatches(
      this.transactions.pool,
      upload.id,
      Number(after?.[0] ?? 0),
      query.limit + 1,
    );
    return pageOf(
      found,
      query.limit,
      ({ path, problem }) => ({ path, problem }),
      ({ position }) => [position],
    );
  }

  async view(upload: UploadRow) {
    const { pool } = this.transactions;
    const mismatches =
      upload.state === 'mismatch' ? await this.uploads.mismatches(pool, upload.id, 0, SHOWN_MISMATCHES) : [];
    const later = upload.state === 'complete' ? await this.looks.warnings(upload.id, upload.time_zone) : [];
    return {
      id: upload.id,
      folder: upload.folder,
      state: upload.state,
      files: upload.files,
      bytes: upload.bytes,
      /** Of the manifest that counts; whoever sent one was told its id, and knows by it whether it is theirs. */
      manifestId: upload.manifest_id,
      recipients: await this.uploads.recipientsOf(pool, upload.id),
      keywords: upload.keywords,
      note: upload.note,
      createdAt: zonedIso(upload.created_at, upload.time_zone),
      completedAt: upload.completed_at && zonedIso(upload.completed_at, upload.time_zone),
      /** Why it is not verified yet, where a try failed; another one comes by itself. */
      verificationTrouble: upload.state === 'verifying' ? upload.verification_trouble : null,
      mismatches: mismatches.map(({ path, problem }) => ({ path, problem })),
      /** What each recipient is given: the ways to fetch, and how long their links live from the mail on. */
      methods: upload.methods,
      linkLifetime: upload.link_lifetime,
      deliveries: (await this.deliveriesOf?.(upload.id)) ?? [],
      clientClockSkewSeconds: upload.client_clock_skew_seconds,
      warnings: [...upload.warnings, ...upload.manifest_warnings, ...later],
    };
  }
}
