// Chooses whom a run reminds and writes the ledger with the outbox, in one statement for each page: nothing of it passes
// through this program. A page begins where the one before ended, and each is a transaction, so that a crash costs one.

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import { PublicAddress } from '../http/index.js';
import type { Platform } from '../platforms/index.js';
import { departuresOf } from './departures.js';
import {
  confirmationOf,
  dueAmongRemindable,
  policyParameters,
  policyTerms,
  REMINDABLE,
} from './eligibility.clauses.js';
import type { SkipReason } from './eligibility.rules.js';

export interface Selection {
  runId: string;
  platform: Platform;
  /** What ages and spacing are counted to: the moment for which the data were looked up. */
  judgedAt: Date;
  /** Nothing is chosen that has expired by now. */
  now: Date;
}

/** Of a page: how many were chosen, and whether more may follow. */
export interface Page {
  chosen: number;
  isFull: boolean;
}

/** The first departure before the links end; there is always one, because the last is now. */
const goesAt = (departures: string, expiresAt: string, now: string): string => `
  coalesce((select g.at from unnest(${departures}) with ordinality as g(at, place) where g.at < ${expiresAt} order by g.place limit 1), ${now})`;

/**
 * Writes the ledger and the outbox for the deliveries of `chosen` (id, person_id, expires_at, reminder_id, digest_id,
 * confirmation), for the run that `run` names; mails that name several are queued when all are chosen. What older runs have not sent to them
 * gives way, unless the mail server is being spoken to about it: then the last check before its next hand-over ends it.
 * An older mail that names several is taken from its worker and judged anew. $1 the run, $2 now, $3 the host of
 * Message-IDs.
 *
 * @param departures an expression of the moments at which mails may go, the best first
 */
const ledger = (chosen: string, departures: string): string => `
  run as materialized (
       select id, slot, platform_id, selected_until_at, selected_until_id,
              exists (select from reminder where run_id = $1::uuid) as has_ledger
         from reminder_run
        where id = $1::uuid
          for no key update),
  chosen as materialized (${chosen}),
  made as (
       insert into reminder (id, run_id, delivery_id, digest_id, state, reason, confirmation, message_id, created_at)
       select c.reminder_id, $1::uuid, c.id, c.digest_id, 'pending', case when c.confirmation is not null then 'confirmed' end,
              c.confirmation,
              '<reminder-' || coalesce('digest-' || c.digest_id, c.reminder_id::text) || '@' || $3::text || '>', $2::timestamptz
         from chosen c
           on conflict (delivery_id, run_id) do nothing
    returning id, delivery_id, message_id),
  queued as (
       insert into mail_outbox (id, kind, subject_id, person_id, message_id, dedupe_key, at_most_once, not_after,
                                next_attempt_at, created_at)
       select uuidv7(), 'reminder', m.id, c.person_id, m.message_id, 'reminder:' || m.id, true, c.expires_at,
              ${goesAt(departures, 'c.expires_at', '$2::timestamptz')}, $2::timestamptz
         from made m
         join chosen c on c.reminder_id = m.id
        where c.digest_id is null),
  older_run as materialized (
       select n.id
         from reminder_run n
         join run on run.platform_id = n.platform_id
        where n.slot < run.slot
          and n.state in ('selecting', 'sending')),
  older as materialized (
       select m.id, r.id as reminder_id, r.digest_id
         from made
        cross join lateral (
              select r.id, r.digest_id
                from reminder r
               where r.delivery_id = made.delivery_id
                 and r.state = 'pending'
                 and r.run_id in (select id from older_run)
              offset 0) r
         join mail_outbox m on m.dedupe_key = coalesce('reminder-digest:' || r.digest_id, 'reminder:' || r.id)
        where exists (select from older_run)
          and m.state in ('pending', 'sending')
          and m.handing_over_since is null
          for no key update of m skip locked),
  closed as (
       update mail_outbox m
          set state = case when o.digest_id is null then 'skipped' else 'pending' end,
              reason = case when o.digest_id is null then 'newer-run' else m.reason end,
              lease_until = null
         from older o
        where m.id = o.id
    returning m.id),
  gave_way as (
       update reminder r
          set state = 'skipped', reason = 'newer-run'
         from older o
         join closed c on c.id = o.id
        where r.id = o.reminder_id)`;

/** One for each run $1 and person `d.person_id`: the same whenever it is asked. A UUID of version 8 (RFC 9562). */
const DIGEST_ID = `
  overlay(overlay(md5($1::uuid::text || d.person_id::text) placing '8' from 13) placing '8' from 17)::uuid`;

/** $1 the run, $2 now, $3 when mails may go: one mail for each person whose reminders are waiting to be one. */
const QUEUE_DIGESTS = `
  insert into mail_outbox (id, kind, subject_id, person_id, message_id, dedupe_key, at_most_once, not_after,
                           next_attempt_at, created_at)
  select uuidv7(), 'reminder-digest', r.digest_id, d.person_id, min(r.message_id), 'reminder-digest:' || r.digest_id,
         true, max(d.expires_at), ${goesAt('$3::timestamptz[]', 'min(d.expires_at)', '$2::timestamptz')}, $2::timestamptz
    from reminder r
    join delivery d on d.id = r.delivery_id
   where r.run_id = $1::uuid
     and r.state = 'pending'
     and r.digest_id is not null
   group by r.digest_id, d.person_id
      on conflict (dedupe_key) do nothing`;

const NOT_CHOSEN = `not exists (select from reminder r where r.delivery_id = d.id and r.run_id = $1::uuid)`;

/**
 * The same by the delivery alone: of a run that has only just chosen PostgreSQL knows no rows, and by the index on runs
 * it would go through all of them for each delivery.
 */
const NOT_CHOSEN_BY_DELIVERY = NOT_CHOSEN.replace('r.run_id = $1', 'r.run_id is not distinct from $1');

/** $1 the run, $2 now, $3 the platform, from $4 on the policy. A plain question, so that PostgreSQL may share it out. */
const LEFT = `
  select count(*) as "left"
    from delivery d
   where d.platform_id = $3::uuid
     and ${REMINDABLE}
     and d.expires_at > $2::timestamptz
     and ${dueAmongRemindable(policyTerms(4))}
     and ${NOT_CHOSEN_BY_DELIVERY}`;

/**
 * $4 the platform, $5 the most of a page, from $6 on the policy, $11 is a person's one mail wanted, $12 when mails may go.
 * After a page that is not full the next begins at the start.
 */
const SELECT_PAGE = `
  with ${ledger(
    `
       select d.id, d.person_id, d.expires_at, uuidv7() as reminder_id,
              case when $11::boolean then ${DIGEST_ID} end as digest_id, null::jsonb as confirmation
         from delivery d
        where d.platform_id = $4::uuid
          and ${REMINDABLE}
          and (d.expires_at, d.id) > ((select selected_until_at from run), (select selected_until_id from run))
          and d.expires_at > $2::timestamptz
          and ${dueAmongRemindable(policyTerms(6))}
          and (not (select has_ledger from run) or ${NOT_CHOSEN})
        order by d.expires_at, d.id
        limit $5::int`,
    '$12::timestamptz[]',
  )},
  reached as (
       select count(*) = $5::int as is_full from chosen),
  noted as (
       update reminder_run n
          set selected_until_at = case when p.is_full then l.expires_at else '-infinity' end,
              selected_until_id = case when p.is_full then l.id else '00000000-0000-0000-0000-000000000000' end
         from reached p
         left join lateral (select id, expires_at from chosen order by expires_at desc, id desc limit 1) l on true
        where n.id = $1::uuid)
  select (select count(*) from made)::int as chosen, is_full as "isFull"
    from reached`;

/** $4 the delivery, $5 the reasons that were set aside, or null, $6 when mails may go. */
const SELECT_ONE = `
  with ${ledger(
    `
       select d.id, d.person_id, d.expires_at, uuidv7() as reminder_id,
              null::uuid as digest_id,
              case when $5::jsonb is not null then ${confirmationOf('$5::jsonb')} end as confirmation
         from delivery d
        where d.id = $4::uuid
          and d.expires_at > $2::timestamptz`,
    '$6::timestamptz[]',
  )}
  select count(*)::int as chosen, false as "isFull" from made`;

@Injectable()
export class SelectionStore {
  constructor(@Inject(PublicAddress) private readonly address: PublicAddress) {}

  /** How many are due that the run has not chosen. */
  async left(tx: Tx, { runId, platform, judgedAt, now }: Selection): Promise<number> {
    const found = await row<{ left: number }>(tx, LEFT, [
      runId,
      now,
      platform.id,
      ...policyParameters(platform, judgedAt),
    ]);
    return found?.left ?? 0;
  }

  /** Chooses the next page; safe to repeat, and two processes at one run go one after the other. */
  async page(tx: Tx, selection: Selection, limit: number): Promise<Page> {
    const { platform, judgedAt } = selection;
    const parameters = [
      ...this.parameters(selection),
      platform.id,
      limit,
      ...policyParameters(platform, judgedAt),
      platform.reminders.digest,
      departuresOf(platform, selection.now),
    ];
    const page = await row<Page>(tx, SELECT_PAGE, parameters);
    if (!page) throw new Error('A statement that always answers one row answered none.');
    return page;
  }

  /**
   * Lets PostgreSQL count what a large page has written, so that who sends it looks mails up by index from the first on:
   * until its own count, up to a minute later, it takes the tables to be as small as they were.
   */
  async count(tx: Tx): Promise<void> {
    await rows(tx, 'analyze (skip_locked) reminder, mail_outbox', []);
  }

  /** Queues the mails that name several, once; in the transaction in which the run has chosen all. */
  async queueDigests(tx: Tx, { runId, platform, now }: Pick<Selection, 'runId' | 'platform' | 'now'>): Promise<void> {
    await rows(tx, QUEUE_DIGESTS, [runId, now, departuresOf(platform, now)]);
  }

  /**
   * One reminder by hand; false when it has expired or the run has one.
   *
   * @param setAside the reasons against it of which somebody said that it goes all the same
   */
  async one(
    tx: Tx,
    selection: Pick<Selection, 'runId' | 'platform' | 'now'>,
    deliveryId: string,
    setAside: readonly SkipReason[],
  ): Promise<boolean> {
    const departures = departuresOf(selection.platform, selection.now);
    const reasons = setAside.length === 0 ? null : JSON.stringify(setAside);
    const parameters = [...this.parameters(selection), deliveryId, reasons, departures];
    return (await row<Page>(tx, SELECT_ONE, parameters))?.chosen === 1;
  }

  private parameters({ runId, now }: Pick<Selection, 'runId' | 'now'>): unknown[] {
    return [runId, now, this.address.host];
  }
}
