// Uploads as administrators see them.

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Transactions } from '../database/index.js';
import { DeliveryReader } from '../deliveries/index.js';
import { decodeCursor, NotFound, pageOf, pageQuery, type PageQuery, queriedMoment, typedText } from '../http/index.js';
import { isId } from '../ids/index.js';
import { zonedIso } from '../time/index.js';
import { LookReader } from '../uploads/index.js';
import { type FoundUpload, UploadSearchStore } from './upload-search.store.js';

const moment = z.union([queriedMoment, z.iso.date()], 'must be a date or a time, such as 2026-03-01');

export const uploadQuery = pageQuery.extend({
  platform: z.uuid('must be the id of a platform').optional(),
  state: z.enum(['open', 'verifying', 'mismatch', 'complete', 'abandoned']).optional(),
  from: moment.optional(),
  to: moment.optional(),
  text: typedText().max(200).optional(),
  keyword: typedText().max(100).optional(),
  recipient: typedText().max(254).optional(),
  /** `true`: those of which a later look found that they no longer hold what was verified; `false`: the others. */
  changed: z.enum(['true', 'false']).optional(),
});
export type UploadQuery = z.infer<typeof uploadQuery>;

@Injectable()
export class UploadsAdminService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadSearchStore) private readonly uploads: UploadSearchStore,
    @Inject(DeliveryReader) private readonly deliveries: DeliveryReader,
    @Inject(LookReader) private readonly looks: LookReader,
  ) {}

  async list(query: UploadQuery) {
    const before = decodeCursor(query.cursor, ['id'])?.[0] as string | undefined;
    const found = await this.uploads.search(this.transactions.pool, query, before, query.limit + 1);
    return pageOf(found, query.limit, uploadItem, (upload) => [upload.id]);
  }

  async get(id: string) {
    const upload = await this.found(id);
    const laterLooks = await this.looks.of(id, upload.time_zone);
    return { ...uploadItem(upload), laterLooks, deliveries: await this.deliveries.ofUpload(id) };
  }

  async files(id: string, query: PageQuery) {
    await this.found(id);
    const after = Number(decodeCursor(query.cursor, ['number'])?.[0] ?? 0);
    const found = await this.uploads.files(this.transactions.pool, id, after, query.limit + 1);
    return pageOf(
      found,
      query.limit,
      ({ path, type, size, crc32 }) => ({ path, type, size, crc32 }),
      ({ line }) => [line],
    );
  }

  async timeline(id: string) {
    const upload = await this.found(id);
    const happened = await this.uploads.timeline(this.transactions.pool, id);
    return {
      items: happened.map((event) => ({ ...event, at: zonedIso(event.at, upload.time_zone) })),
      nextCursor: null,
    };
  }

  private async found(id: string): Promise<FoundUpload> {
    const upload = isId(id) ? await this.uploads.find(this.transactions.pool, id) : undefined;
    if (!upload) throw new NotFound('upload');
    return upload;
  }
}

const uploadItem = (upload: FoundUpload) => ({
  id: upload.id,
  folder: upload.folder,
  state: upload.state,
  platform: { id: upload.platform_id, name: upload.platform },
  files: upload.files,
  bytes: upload.bytes,
  keywords: upload.keywords,
  note: upload.note,
  operator: upload.operator_name,
  namespace: upload.data_namespace,
  createdAt: zonedIso(upload.created_at, upload.time_zone),
  completedAt: upload.completed_at && zonedIso(upload.completed_at, upload.time_zone),
  /** A later look found that the folder no longer holds what was verified. */
  changed: upload.changed,
});
