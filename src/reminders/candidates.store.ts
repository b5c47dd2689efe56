// Deliveries and what decides about reminding them, as one statement: for the preview by pages, for a run in sets, for
// the last check one by one.

import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';
import type { Platform } from '../platforms/index.js';
import { durationMs } from '../time/index.js';
import { type Candidate, PROGRESS_HOLDS_MS } from './eligibility.rules.js';

export interface CandidateRow extends Candidate {
  id: string;
  uploadId: string;
  personId: string;
  recipient: string;
  /** The statement's own answer; null: due. */
  reason: string | null;
}

/** $1 the moment; $2 to $4 minimum age, minimum spacing, hold of progress in seconds; $5 the most reminders or null. */
const CANDIDATE = `
  select d.id, d.upload_id, d.person_id, d.handed_over_at, d.expires_at, d.revoked_at, d.gone_at, d.accessed_at, d.done_at,
         d.opted_out_at, d.undeliverable_at,
         exists (
           select 1
             from delivery o
            where o.upload_id = d.upload_id
              and o.person_id = d.person_id
              and o.id <> d.id
              and o.revoked_at is null
              and o.gone_at is null
              and o.handed_over_at <= $1::timestamptz
              and o.expires_at > $1::timestamptz
              and (o.expires_at, o.id) > (d.expires_at, d.id)) as is_superseded,
         (select max(p.at)
            from (select last_progress_at as at from download where delivery_id = d.id and state = 'started'
                   union all
                  select last_progress_at from content_copy where delivery_id = d.id and state in ('requested', 'copying')) p) as progress_at,
         r.last_reminded_at, coalesce(r.sent, 0) as reminders_sent
    from delivery d
    left join lateral (
           select max(coalesce(r.sent_at, r.created_at)) as last_reminded_at, count(*) as sent
             from reminder r
            where r.delivery_id = d.id
              and r.state in ('sent', 'unknown')) r on true`;

const REASON = `
  case
    when c.handed_over_at is null or c.expires_at is null or c.handed_over_at > $1::timestamptz then 'not-sent'
    when c.revoked_at is not null then 'revoked'
    when c.gone_at is not null then 'gone'
    when c.expires_at <= $1::timestamptz then 'expired'
    when c.accessed_at <= $1::timestamptz then 'accessed'
    when c.done_at is not null then 'done'
    when c.opted_out_at is not null then 'opted-out'
    when c.undeliverable_at is not null then 'undeliverable'
    when c.is_superseded then 'superseded'
    when c.progress_at > $1::timestamptz - make_interval(secs => $4::double precision) then 'in-progress'
    when c.handed_over_at > $1::timestamptz - make_interval(secs => $2::double precision) then 'too-young'
    when c.last_reminded_at > $1::timestamptz - make_interval(secs => $3::double precision) then 'too-soon'
    when c.reminders_sent >= $5::int then 'enough'
  end`;

const COLUMNS = `c.id, c.upload_id as "uploadId", c.person_id as "personId", n.address as recipient,
  c.handed_over_at as "handedOverAt", c.expires_at as "expiresAt", c.revoked_at as "revokedAt", c.gone_at as "goneAt",
  c.accessed_at as "accessedAt", c.done_at as "doneAt", c.opted_out_at as "optedOutAt",
  c.undeliverable_at as "undeliverableAt", c.is_superseded as "isSuperseded", c.progress_at as "progressAt",
  c.last_reminded_at as "lastRemindedAt", c.reminders_sent as "remindersSent", ${REASON} as reason`;

export const policyParameters = (platform: Platform, now: Date): unknown[] => [
  now,
  durationMs(platform.reminders.minimumAge) / 1000,
  durationMs(platform.reminders.minimumSpacing) / 1000,
  PROGRESS_HOLDS_MS / 1000,
  platform.reminders.maxReminders,
];

@Injectable()
export class CandidatesStore {
  /** A page of the platform's deliveries after `after`, in order of id; `due` or the others. */
  page(
    tx: Tx,
    platform: Platform,
    now: Date,
    isDue: boolean,
    after: string | undefined,
    limit: number,
  ): Promise<CandidateRow[]> {
    return rows<CandidateRow>(
      tx,
      `select * from (
         select ${COLUMNS}
           from (${CANDIDATE} where d.platform_id = $6 and ($7::uuid is null or d.id > $7::uuid)) c
           join person n on n.id = c.person_id) judged
        where (reason is null) = $8::boolean
        order by id
        limit $9::int`,
      [...policyParameters(platform, now), platform.id, after ?? null, isDue, limit],
    );
  }

  /** One delivery, with its row held until the transaction ends. */
  async lock(tx: Tx, deliveryId: string, platform: Platform, now: Date): Promise<CandidateRow | undefined> {
    await rows(tx, 'select id from delivery where id = $1 for update', [deliveryId]);
    const found = await rows<CandidateRow>(
      tx,
      `select ${COLUMNS}
         from (${CANDIDATE} where d.id = $6) c
         join person n on n.id = c.person_id`,
      [...policyParameters(platform, now), deliveryId],
    );
    return found[0];
  }

  /** Uploads of the platform with deliveries that may be due: those whose data are looked up before a run. */
  uploadsInQuestion(
    tx: Tx,
    platformId: string,
    now: Date,
    after: string | undefined,
    limit: number,
  ): Promise<{ id: string; data_namespace: string }[]> {
    return rows(
      tx,
      `select u.id, u.data_namespace
         from upload u
        where u.id in (
                select d.upload_id
                  from delivery d
                 where d.platform_id = $1
                   and d.expires_at > $2
                   and d.revoked_at is null
                   and d.gone_at is null
                   and d.accessed_at is null)
          and ($3::uuid is null or u.id > $3::uuid)
        order by u.id
        limit $4::int`,
      [platformId, now, after ?? null, limit],
    );
  }
}
