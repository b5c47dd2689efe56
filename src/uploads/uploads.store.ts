// Uploads and whom they are for.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import type { DispatchMethod } from '../platforms/index.js';
import { FINISHES_WITHIN } from '../shares/index.js';
import { transitionsOf, type UploadEvent, type UploadState } from './states/upload-states.rules.js';
import type { MismatchProblem } from './verification/comparison.rules.js';

export interface UploadRow {
  id: string;
  platform_id: string;
  platform_name: string;
  platform_suffix: string | null;
  time_zone: string;
  link_lifetime: string;
  methods: DispatchMethod[];
  shareable_id: string | null;
  shareable_number: number | null;
  shareable_label: string | null;
  use_number: number | null;
  folder: string;
  folder_namespace: string;
  data_namespace: string;
  state: UploadState;
  keywords: string[];
  name_suffix: string | null;
  note: string | null;
  operator_name: string | null;
  operator_person_id: string | null;
  youngest_file_at: Date;
  client_program: string | null;
  client_host: string | null;
  client_os: string | null;
  warnings: string[];
  /** About the present manifest. */
  manifest_warnings: string[];
  client_clock_skew_seconds: number | null;
  /** Why the last try to verify it failed. */
  verification_trouble: string | null;
  manifest_id: string | null;
  files: number;
  bytes: number;
  folder_opened_at: Date | null;
  /** When its client was first given a credential. */
  started_at: Date | null;
  completed_at: Date | null;
  /** When its deliveries were made. */
  dispatched_at: Date | null;
  created_at: Date;
}

const SELECT_UPLOAD = `
  select u.*, p.name as platform_name, p.folder_suffix as platform_suffix, p.time_zone, p.link_lifetime, p.methods,
         s.number as shareable_number, s.label as shareable_label
    from upload u
    join platform p on p.id = u.platform_id
    left join upload_shareable s on s.id = u.shareable_id`;

@Injectable()
export class UploadsStore {
  async setRecipients(tx: Tx, uploadId: string, personIds: readonly string[]): Promise<void> {
    await rows(tx, 'delete from upload_recipient where upload_id = $1', [uploadId]);
    await rows(
      tx,
      `insert into upload_recipient (upload_id, person_id, position)
       select $1, person_id, position
         from unnest($2::uuid[]) with ordinality as given (person_id, position)
           on conflict do nothing`,
      [uploadId, personIds],
    );
  }

  async recipientsOf(tx: Tx, uploadId: string): Promise<string[]> {
    const found = await rows<{ address: string }>(
      tx,
      `select p.address
         from upload_recipient r
         join person p on p.id = r.person_id
        where r.upload_id = $1
        order by r.position, p.id`,
      [uploadId],
    );
    return found.map((person) => person.address);
  }

  find(tx: Tx, id: string, lock = false): Promise<UploadRow | undefined> {
    return row<UploadRow>(tx, `${SELECT_UPLOAD} where u.id = $1${lock ? ' for update of u' : ''}`, [id]);
  }

  /** Is it compared now, with nothing known that keeps it from going on? */
  async isCompared(tx: Tx, id: string): Promise<boolean> {
    const found = await rows(
      tx,
      `select 1 from upload where id = $1 and state = 'verifying' and verification_trouble is null`,
      [id],
    );
    return found.length > 0;
  }

  async folderOpened(tx: Tx, id: string): Promise<void> {
    await rows(tx, `update upload set folder_opened_at = coalesce(folder_opened_at, now()) where id = $1`, [id]);
  }

  /** The name typed at the instrument stays a keyword (instrument-workflow 3.2). */
  async change(tx: Tx, id: string, keywords: string[] | undefined, note: string | null | undefined): Promise<void> {
    await rows(
      tx,
      `update upload
          set keywords = case
                when $2::text[] is null then keywords
                when name_suffix is null or name_suffix = any($2::text[]) then $2::text[]
                else array_append($2::text[], name_suffix)
              end,
              note = case when $3::boolean then $4 else note end
        where id = $1`,
      [id, keywords ?? null, note !== undefined, note ?? null],
    );
  }

  /**
   * Makes the change that `event` means in the state the upload is in; undefined when it is not possible there. Whoever
   * verified it before it was said anew that all is sent has another attempt than those who do from then on.
   * @param attempt of a verification: undefined too when another has begun since
   */
  async transit(tx: Tx, id: string, event: UploadEvent, attempt?: number): Promise<UploadState | undefined> {
    const transitions = transitionsOf(event);
    const changed = await row<{ state: UploadState }>(
      tx,
      `update upload u
          set state = t.next,
              last_progress_at = now(),
              lease_until = case when t.next = u.state then u.lease_until end,
              verification_attempt = u.verification_attempt + case when t.next = 'verifying' and u.state <> 'verifying' then 1 else 0 end,
              verification_failures = case when t.next = u.state then u.verification_failures else 0 end,
              verification_retry_at = case when t.next = u.state then u.verification_retry_at end,
              verification_trouble = case when t.next = u.state then u.verification_trouble end,
              verification_told_at = case when t.next = u.state then u.verification_told_at end,
              verifying_since = case when t.next = 'verifying' then coalesce(u.verifying_since, now()) else u.verifying_since end,
              completed_at = case when t.next = 'complete' then coalesce(u.completed_at, now()) end,
              abandoned_at = case when t.next = 'abandoned' then coalesce(u.abandoned_at, now()) end
         from unnest($2::text[], $3::text[]) as t (former, next)
        where u.id = $1
          and u.state = t.former
          and ($4::int is null or u.verification_attempt = $4)
    returning u.state`,
      [id, transitions.map(({ from }) => from), transitions.map(({ to }) => to), attempt ?? null],
    );
    return changed?.state;
  }

  async manifestAssetWritten(tx: Tx, id: string, assetId: string): Promise<void> {
    await rows(tx, 'update upload set manifest_asset_id = $2 where id = $1', [id, assetId]);
  }

  mismatches(
    tx: Tx,
    id: string,
    after: number,
    limit: number,
  ): Promise<{ position: number; path: string; problem: MismatchProblem }[]> {
    return rows(
      tx,
      `select position, path, problem
         from upload_mismatch
        where upload_id = $1
          and position > $2::bigint
        order by position
        limit $3::int`,
      [id, after, limit],
    );
  }

  /** Uploads that a shareable began and that have not ended. */
  async runningOf(tx: Tx, shareableId: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      tx,
      `select id from upload where shareable_id = $1 and state in ('open', 'verifying', 'mismatch') order by id`,
      [shareableId],
    );
    return found.map((upload) => upload.id);
  }

  /**
   * Uploads that still run although their shareable was stopped, or was revoked so long ago that they had to be finished
   * by now. One whose client had sent all in time is verified to its end.
   */
  async toStop(tx: Tx): Promise<string[]> {
    const found = await rows<{ id: string }>(
      tx,
      `select u.id
         from upload u
         join upload_shareable s on s.id = u.shareable_id
        where (u.state in ('open', 'verifying', 'mismatch') and s.stopped_at is not null)
           or (u.state in ('open', 'mismatch') and s.revoked_at + ${FINISHES_WITHIN} <= now())
        order by u.id
        limit 100`,
    );
    return found.map((upload) => upload.id);
  }
}
