// Finds old uploads by date, keyword, folder name, recipient, operator, platform and state.

import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';

export interface FoundUpload {
  id: string;
  folder: string;
  state: string;
  platform_id: string;
  platform: string;
  time_zone: string;
  files: number;
  bytes: number;
  keywords: string[];
  note: string | null;
  operator_name: string | null;
  data_namespace: string;
  created_at: Date;
  completed_at: Date | null;
  /** A later look found that it no longer holds what was verified. */
  changed: boolean;
}

export interface UploadSearch {
  platform?: string | undefined;
  state?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  text?: string | undefined;
  keyword?: string | undefined;
  recipient?: string | undefined;
  changed?: 'true' | 'false' | undefined;
}

/**
 * Judged by the last look that saw anything: files that were put back are as they were verified. The first part rests on
 * a small index.
 */
const CHANGED = `(
  u.id in (select upload_id from upload_look where finding = 'changed')
  and (select l.finding = 'changed'
         from upload_look l
        where l.upload_id = u.id
          and l.finding <> 'not-seen'
        order by l.look desc
        limit 1))`;
const COLUMNS = `u.id, u.folder, u.state, u.platform_id, p.name as platform, p.time_zone, u.files, u.bytes, u.keywords, u.note,
  u.operator_name, u.data_namespace, u.created_at, u.completed_at, ${CHANGED} as changed`;

@Injectable()
export class UploadSearchStore {
  /** Newest first. `text` is looked for in folder, note and operator's name. */
  search(tx: Tx, search: UploadSearch, before: string | undefined, limit: number): Promise<FoundUpload[]> {
    return rows<FoundUpload>(
      tx,
      `select ${COLUMNS}
         from upload u
         join platform p on p.id = u.platform_id
        where ($1::uuid is null or u.platform_id = $1)
          and ($2::text is null or u.state = $2)
          and ($3::timestamptz is null or u.created_at >= $3)
          and ($4::timestamptz is null or u.created_at < $4)
          and ($5::text is null or position(lower($5) in lower(concat_ws(' ', u.folder, u.note, u.operator_name))) > 0)
          and ($6::text is null or $6 = any(u.keywords))
          and ($7::text is null or exists (
                select 1
                  from person n
                 where n.address_key = lower($7)
                   and (n.id in (select person_id from upload_recipient where upload_id = u.id)
                        or n.id in (select person_id from delivery where upload_id = u.id))))
          and ($8::boolean is null or ${CHANGED} = $8)
          and ($9::uuid is null or u.id < $9)
        order by u.id desc
        limit $10::int`,
      [
        search.platform ?? null,
        search.state ?? null,
        search.from ?? null,
        search.to ?? null,
        search.text ?? null,
        search.keyword ?? null,
        search.recipient ?? null,
        search.changed ?? null,
        before ?? null,
        limit,
      ],
    );
  }

  async find(tx: Tx, id: string): Promise<FoundUpload | undefined> {
    const found = await rows<FoundUpload>(
      tx,
      `select ${COLUMNS} from upload u join platform p on p.id = u.platform_id where u.id = $1`,
      [id],
    );
    return found[0];
  }

  files(
    tx: Tx,
    uploadId: string,
    after: number,
    limit: number,
  ): Promise<{ line: number; path: string; type: string; size: number; crc32: string | null }[]> {
    return rows(
      tx,
      `select m.line, m.path, m.type, m.size, m.crc32
         from upload u
         join manifest_entry m on m.manifest_id = u.manifest_id
        where u.id = $1
          and m.line > $2::bigint
        order by m.line
        limit $3::int`,
      [uploadId, after, limit],
    );
  }

  /** Everything that happened to an upload and its deliveries, in order of time. */
  timeline(tx: Tx, uploadId: string): Promise<{ at: Date; what: string; subject: string; details: unknown }[]> {
    return rows(
      tx,
      `with of_upload as (select id from delivery where upload_id = $1)
       select at, what, subject, details
         from (
           select created_at as at, 'upload.started' as what, id as subject, null::jsonb as details from upload where id = $1
           union all
           select completed_at, 'upload.completed', id, null from upload where id = $1 and completed_at is not null
           union all
           select at, 'upload.looked-at.' || finding, upload_id, jsonb_strip_nulls(jsonb_build_object(
                    'look', look, 'verifiedFiles', verified_files, 'files', files, 'differences', differences))
             from upload_look
            where upload_id = $1
           union all
           select created_at, 'delivery.created', id, null from delivery where upload_id = $1
           union all
           select e.at, 'access.' || e.method || '.' || e.phase, e.delivery_id, jsonb_strip_nulls(jsonb_build_object(
                    'event', e.id, 'client', c.program, 'doubts', e.details -> 'doubts', 'scanner', e.details -> 'scanner',
                    'counts', e.counts))
             from judged_access e
             left join access_client c on c.event_id = e.id
            where e.delivery_id in (select id from of_upload)
           union all
           select coalesce(m.sent_at, m.created_at), 'mail.' || m.kind || '.' || m.state, m.subject_id, null
             from mail_outbox m
            where m.subject_id in (select id from of_upload union select $1
                                   union select id from upload_look where upload_id = $1)
           union all
           select a.at, a.action, a.subject_id, a.after
             from audit_entry a
            where a.subject_id in (select id from of_upload union select $1)
         ) happened
        order by at, what, subject
        limit 2000`,
      [uploadId],
    );
  }
}
