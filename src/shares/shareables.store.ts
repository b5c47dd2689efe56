// Upload shareables and whom they notify.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import type { ShareableLimits } from './limits/limits.rules.js';

export interface ShareableRow {
  id: string;
  number: number;
  platform_id: string;
  platform_name: string;
  time_zone: string;
  label: string;
  ask_name: boolean;
  ask_keywords: boolean;
  uploads_per_day: number | null;
  recipients_per_day: number | null;
  recipient_domains: string[] | null;
  uses: number;
  revoked_at: Date | null;
  /** When what it runs was stopped; never before `revoked_at`. */
  stopped_at: Date | null;
  rotated_at: Date | null;
  /** Names the last rotation. */
  rotation_id: string | null;
  last_used_at: Date | null;
  last_used_host: string | null;
  last_used_program: string | null;
  created_at: Date;
}

export interface ShareableFields {
  label: string;
  askName: boolean;
  askKeywords: boolean;
  limits: ShareableLimits;
}

@Injectable()
export class ShareablesStore {
  async insert(tx: Tx, made: { id: string; platformId: string } & ShareableFields): Promise<void> {
    await rows(
      tx,
      `insert into upload_shareable (
         id, platform_id, label, ask_name, ask_keywords, uploads_per_day, recipients_per_day, recipient_domains)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [made.id, made.platformId, ...valuesOf(made)],
    );
  }

  async update(tx: Tx, id: string, fields: ShareableFields): Promise<void> {
    await rows(
      tx,
      `update upload_shareable
          set label = $2, ask_name = $3, ask_keywords = $4, uploads_per_day = $5, recipients_per_day = $6,
              recipient_domains = $7
        where id = $1`,
      [id, ...valuesOf(fields)],
    );
  }

  async setNotify(tx: Tx, shareableId: string, personIds: readonly string[]): Promise<void> {
    await rows(tx, 'delete from upload_shareable_notify where shareable_id = $1', [shareableId]);
    await rows(
      tx,
      `insert into upload_shareable_notify (shareable_id, person_id, position)
       select $1, person_id, position
         from unnest($2::uuid[]) with ordinality as given (person_id, position)
           on conflict do nothing`,
      [shareableId, personIds],
    );
  }

  find(tx: Tx, id: string, lock = false): Promise<ShareableRow | undefined> {
    return row<ShareableRow>(
      tx,
      `select s.*, p.name as platform_name, p.time_zone
         from upload_shareable s
         join platform p on p.id = s.platform_id
        where s.id = $1${lock ? ' for update of s' : ''}`,
      [id],
    );
  }

  list(tx: Tx, platformId: string, afterNumber: number, limit: number): Promise<ShareableRow[]> {
    return rows<ShareableRow>(
      tx,
      `select s.*, p.name as platform_name, p.time_zone
         from upload_shareable s
         join platform p on p.id = s.platform_id
        where s.platform_id = $1
          and s.number > $2::bigint
        order by s.number
        limit $3::int`,
      [platformId, afterNumber, limit],
    );
  }

  notifyOf(tx: Tx, shareableIds: readonly string[]): Promise<{ shareable_id: string; address: string }[]> {
    return rows(
      tx,
      `select n.shareable_id, p.address
         from upload_shareable_notify n
         join person p on p.id = n.person_id
        where n.shareable_id = any($1::uuid[])
        order by n.position, p.id`,
      [shareableIds],
    );
  }

  /**
   * With the shareable's row held. The moments are those of the clock, not of the transaction's begin: what others did
   * with the shareable until the row was held lies before them.
   */
  async revoke(tx: Tx, id: string, stopRunning: boolean): Promise<void> {
    await rows(
      tx,
      `update upload_shareable
          set revoked_at = coalesce(revoked_at, clock_timestamp()),
              stopped_at = case when $2::boolean then coalesce(stopped_at, clock_timestamp()) else stopped_at end
        where id = $1`,
      [id, stopRunning],
    );
  }

  async rotated(tx: Tx, id: string, rotationId: string): Promise<void> {
    await rows(tx, 'update upload_shareable set rotated_at = now(), rotation_id = $2 where id = $1', [id, rotationId]);
  }
}

/** What can be changed, as it stands in the row. */
export const fieldsOf = (shareable: ShareableRow): ShareableFields => ({
  label: shareable.label,
  askName: shareable.ask_name,
  askKeywords: shareable.ask_keywords,
  limits: {
    uploadsPerDay: shareable.uploads_per_day,
    recipientsPerDay: shareable.recipients_per_day,
    recipientDomains: shareable.recipient_domains,
  },
});

const valuesOf = ({ label, askName, askKeywords, limits }: ShareableFields): unknown[] => [
  label,
  askName,
  askKeywords,
  limits.uploadsPerDay,
  limits.recipientsPerDay,
  limits.recipientDomains,
];
