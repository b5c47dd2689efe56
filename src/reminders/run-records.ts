// Runs and their reminders as administrators see them.

import { row, rows, type Tx } from '../database/index.js';
import type { EndReason, RunRow } from './runs.store.js';

/** A run as administrators see it. */
export interface ShownRun extends RunRow {
  created_at: Date;
  finished_at: Date | null;
  /** Null of one that was made before versions were kept. */
  policy_version: number | null;
  /** Why it ended before it had chosen all; null: it did not. */
  end_reason: EndReason | null;
  /** Whose addresses were told; null: nobody was, or not yet. */
  notice_target: string | null;
  /** Reminders by state; null: none was chosen. */
  counts: Record<string, number> | null;
}

export interface LedgerRow {
  id: string;
  deliveryId: string;
  recipient: string;
  folder: string;
  state: string;
  reason: string | null;
  sentAt: Date | null;
  messageId: string;
}

const SHOWN = `
       select n.id, n.platform_id, n.slot, n.trigger, n.state, n.created_at, n.finished_at, n.policy_version, n.end_reason, n.notice_target,
              (select jsonb_object_agg(state, count)
                 from (select state, count(*) as count from reminder where run_id = n.id group by state) by_state) as counts
         from reminder_run n`;

export function findRun(tx: Tx, runId: string): Promise<ShownRun | undefined> {
  return row<ShownRun>(tx, `${SHOWN} where n.id = $1`, [runId]);
}

/** Newest first, from before `before`. */
export function listRuns(tx: Tx, platformId: string, before: string | undefined, limit: number): Promise<ShownRun[]> {
  return rows<ShownRun>(
    tx,
    `${SHOWN}
      where n.platform_id = $1
        and ($2::uuid is null or n.id < $2::uuid)
      order by n.id desc
      limit $3::int`,
    [platformId, before ?? null, limit],
  );
}

/** Reminders of a run after `after`, in order of id; of one state, or of all. */
export function remindersOf(
  tx: Tx,
  runId: string,
  state: string | undefined,
  after: string | undefined,
  limit: number,
): Promise<LedgerRow[]> {
  return rows(
    tx,
    `select r.id, r.delivery_id as "deliveryId", p.address as recipient, u.folder, r.state, r.reason,
            r.sent_at as "sentAt", r.message_id as "messageId"
       from reminder r
       join delivery d on d.id = r.delivery_id
       join upload u on u.id = d.upload_id
       join person p on p.id = d.person_id
      where r.run_id = $1
        and ($2::text is null or r.state = $2)
        and ($3::uuid is null or r.id > $3::uuid)
      order by r.id
      limit $4::int`,
    [runId, state ?? null, after ?? null, limit],
  );
}
