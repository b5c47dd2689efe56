// Deliveries and what decides about reminding them: for the preview by pages, for a person one by one, and which data a
// run has to look up first.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import type { Platform } from '../platforms/index.js';
import {
  dueAmongRemindable,
  policyParameters,
  policyTerms,
  reasonOf,
  REMINDABLE,
  sentOf,
} from './eligibility.clauses.js';
import type { Candidate, SkipReason } from './eligibility.rules.js';

export interface JudgedDelivery {
  id: string;
  recipient: string;
  handedOverAt: Date | null;
  expiresAt: Date | null;
  /** Where the platform has a cap: reminders by that moment. */
  remindersSent: number;
  /** Null: it is due. */
  reason: SkipReason | null;
}

/** $1 to $5 the policy, $6 the platform, $7 the delivery before the page or null, $8 the due or the others, $9 the most. */
const PAGE = `
  select judged.id, n.address as recipient, judged.handed_over_at as "handedOverAt", judged.expires_at as "expiresAt",
         judged.sent as "remindersSent", judged.reason
    from (select d.id, d.person_id, d.handed_over_at, d.expires_at, ${sentOf({ ...policyTerms(1), isPreview: true })} as sent,
                 ${reasonOf({ ...policyTerms(1), isPreview: true })} as reason
            from delivery d
           where d.platform_id = $6::uuid
             and ($7::uuid is null or d.id > $7::uuid)) judged
    join person n on n.id = judged.person_id
   where (judged.reason is null) = $8::boolean
   order by judged.id
   limit $9::int`;

/** What the rule is asked about; $2 the moment. */
const CANDIDATE = `
  select d.handed_over_at as "handedOverAt", d.expires_at as "expiresAt", d.revoked_at as "revokedAt", d.gone_at as "goneAt",
         d.accessed_at as "accessedAt", d.done_at as "doneAt", d.opted_out_at as "optedOutAt",
         d.undeliverable_at as "undeliverableAt",
         exists (
           select
             from delivery o
            where o.upload_id = d.upload_id
              and o.person_id = d.person_id
              and o.id <> d.id
              and o.revoked_at is null
              and o.gone_at is null
              and o.handed_over_at <= $2::timestamptz
              and o.expires_at > $2::timestamptz
              and (o.expires_at, o.id) > (d.expires_at, d.id)) as "isSuperseded",
         (select max(p.at)
            from (select last_progress_at as at from download where delivery_id = d.id and state = 'started'
                   union all
                  select last_progress_at from content_copy where delivery_id = d.id and state in ('requested', 'copying')) p)
           as "progressAt",
         r.last_reminded_at as "lastRemindedAt", r.sent as "remindersSent"
    from delivery d
   cross join lateral (
           select max(coalesce(r.tried_at, m.handing_over_since)) as last_reminded_at,
                  count(*) filter (where r.tried_at is not null or m.id is not null) as sent
             from reminder r
             left join mail_outbox m
               on r.state = 'pending' and m.state = 'sending' and m.handing_over_since is not null
              and ((m.kind = 'reminder' and m.subject_id = r.id)
                   or (m.kind = 'reminder-digest' and m.subject_id = r.digest_id))
            where r.delivery_id = d.id) r
   where d.id = $1`;

@Injectable()
export class CandidatesStore {
  /** A page of the platform's deliveries after `after`, in order of id; the due or the others. */
  page(
    tx: Tx,
    platform: Platform,
    now: Date,
    isDue: boolean,
    after: string | undefined,
    limit: number,
  ): Promise<JudgedDelivery[]> {
    const parameters = [...policyParameters(platform, now), platform.id, after ?? null, isDue, limit];
    return rows<JudgedDelivery>(tx, PAGE, parameters);
  }

  /** One delivery, with its row held until the transaction ends. */
  async lock(tx: Tx, deliveryId: string, now: Date): Promise<Candidate | undefined> {
    await rows(tx, 'select id from delivery where id = $1 for no key update', [deliveryId]);
    return row<Candidate>(tx, CANDIDATE, [deliveryId, now]);
  }

  /** The upload of a delivery whose data a reminder would be about; undefined: it has ended, or was not sent yet. */
  uploadOf(tx: Tx, deliveryId: string): Promise<{ id: string; dataNamespace: string } | undefined> {
    return row(
      tx,
      `select u.id, u.data_namespace as "dataNamespace"
         from delivery d
         join upload u on u.id = d.upload_id
        where d.id = $1
          and d.handed_over_at is not null
          and d.revoked_at is null
          and d.gone_at is null`,
      [deliveryId],
    );
  }

  /** Uploads with deliveries that are due: those whose data are looked up before a run, in order of id. */
  uploadsInQuestion(
    tx: Tx,
    platform: Platform,
    now: Date,
    after: string,
    limit: number,
  ): Promise<{ id: string; dataNamespace: string }[]> {
    return rows(
      tx,
      `select u.id, u.data_namespace as "dataNamespace"
         from upload u
        where u.platform_id = $6::uuid
          and u.id > $7::uuid
          and exists (
                select
                  from delivery d
                 where d.upload_id = u.id
                   and ${REMINDABLE}
                   and ${dueAmongRemindable(policyTerms(1))})
        order by u.id
        limit $8::int`,
      [...policyParameters(platform, now), platform.id, after, limit],
    );
  }
}
