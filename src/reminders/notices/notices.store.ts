// What is told of a run, counted and listed by the database for one reader at a time, and the mails that tell it: one
// statement for all of a run, however many reminders it has.

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../../database/index.js';
import { PublicAddress } from '../../http/index.js';
import type { NoticeForm } from '../../platforms/index.js';
import { isOperatorOf, operatorRows } from '../../uploads/index.js';

/** Whose addresses a run's notices go to; of a `fallback` the project's metadata named no valid one. */
export type NoticeTarget = 'shareable' | 'project-metadata' | 'fallback';

export interface NoticedRun {
  platformId: string;
  slot: Date;
  target: NoticeTarget | null;
}

/** A reminder that went, or about which somebody may want to do something. */
export interface ToldReminder {
  recipient: string;
  folder: string;
  /** Null while a new link waits for its mail. */
  expiresAt: Date | null;
  state: 'sent' | 'unknown' | 'failed' | 'skipped';
  reason: string | null;
}

export interface NoticeCount {
  state: ToldReminder['state'];
  /** Of skipped ones. */
  reason: string | null;
  count: number;
}

/**
 * Worth telling: it went, or failed, or its links ended before it could go. What else ceased to be due, because the data
 * were fetched for instance, is counted beside those and is no reason for a mail.
 */
const IS_TOLD = `(r.state in ('sent', 'unknown', 'failed') or (r.state = 'skipped' and r.reason = 'expired'))`;

/** $1 the run. */
const OF_RUN = `
    from reminder r
    join delivery d on d.id = r.delivery_id
    join upload u on u.id = d.upload_id
    join person p on p.id = d.person_id
   where r.run_id = $1`;

/** $2 the reader: a shareable's operators read of its uploads only, the project's own contact ($3) of all. */
const VISIBLE = `($3::boolean or ${isOperatorOf('$2::uuid', 'u')})`;

const QUEUE = (kind: string, subject: string, to: string): string => `
  insert into mail_outbox (id, kind, subject_id, person_id, message_id, dedupe_key, at_most_once, next_attempt_at, created_at)
  select uuidv7(), '${kind}', w.subject_id, w.person_id,
         '<${kind}-' || w.subject_id || '-' || w.person_id || '@' || $2::text || '>',
         '${kind}:' || w.subject_id || ':' || w.person_id, false, $3::timestamptz, $3::timestamptz
    from (select distinct ${subject} as subject_id, t.person_id
            from reminder r
            join delivery d on d.id = r.delivery_id
            join upload u on u.id = d.upload_id
           cross join lateral (${to}) t
           where r.run_id = $1
             and ${IS_TOLD}) w
      on conflict (dedupe_key) do nothing
  returning id`;

@Injectable()
export class NoticesStore {
  constructor(@Inject(PublicAddress) private readonly address: PublicAddress) {}

  async isAnyTold(tx: Tx, runId: string): Promise<boolean> {
    const found = await row<{ any: boolean }>(
      tx,
      `select exists (select from reminder r where r.run_id = $1 and ${IS_TOLD}) as any`,
      [runId],
    );
    return found?.any ?? false;
  }

  /**
   * Queues a run's notices, once each, and answers how many: none where there is nobody to be told.
   *
   * @param contactId the person in the project's metadata; undefined: the operators of each upload
   */
  async queue(tx: Tx, runId: string, form: NoticeForm, contactId: string | undefined, now: Date): Promise<number> {
    const to = contactId === undefined ? operatorRows('u') : 'select $4::uuid as person_id';
    const sql = form === 'run' ? QUEUE('reminder-notice', 'r.run_id', to) : QUEUE('reminder-notice-single', 'r.id', to);
    const about = contactId === undefined ? [] : [contactId];
    return (await rows(tx, sql, [runId, this.address.host, now, ...about])).length;
  }

  async noted(tx: Tx, runId: string, target: NoticeTarget, now: Date): Promise<void> {
    await rows(tx, 'update reminder_run set notice_target = $2, noticed_at = $3 where id = $1', [runId, target, now]);
  }

  run(tx: Tx, runId: string): Promise<NoticedRun | undefined> {
    return row(
      tx,
      `select platform_id as "platformId", slot, notice_target as target from reminder_run where id = $1`,
      [runId],
    );
  }

  /** How many ended how, of those that the reader may know of. */
  counts(tx: Tx, runId: string, readerId: string, isOfAll: boolean): Promise<NoticeCount[]> {
    return rows(
      tx,
      `select r.state, case when r.state = 'skipped' then r.reason end as reason, count(*)::int as count
       ${OF_RUN}
         and ${VISIBLE}
       group by 1, 2
       order by 3 desc, 1, 2`,
      [runId, readerId, isOfAll],
    );
  }

  /** The first `limit` of a state by recipient; of skipped ones those whose links ended. */
  listed(
    tx: Tx,
    runId: string,
    reader: { id: string; isOfAll: boolean },
    state: ToldReminder['state'],
    limit: number,
  ): Promise<ToldReminder[]> {
    return rows(
      tx,
      `select p.address as recipient, u.folder, d.expires_at as "expiresAt", r.state, r.reason
       ${OF_RUN}
         and ${VISIBLE}
         and r.state = $4::text
         and ${IS_TOLD}
       order by p.address, r.id
       limit $5::int`,
      [runId, reader.id, reader.isOfAll, state, limit],
    );
  }

  /** One reminder and its run, if the reader may know of it. */
  one(tx: Tx, reminderId: string, readerId: string): Promise<(ToldReminder & NoticedRun) | undefined> {
    return row(
      tx,
      `select p.address as recipient, u.folder, d.expires_at as "expiresAt", r.state, r.reason,
              n.platform_id as "platformId", n.slot, n.notice_target as target
         from reminder r
         join reminder_run n on n.id = r.run_id
         join delivery d on d.id = r.delivery_id
         join upload u on u.id = d.upload_id
         join person p on p.id = d.person_id
        where r.id = $1
          and (n.notice_target = 'project-metadata' or ${isOperatorOf('$2::uuid', 'u')})`,
      [reminderId, readerId],
    );
  }
}
