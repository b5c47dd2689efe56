// Chooses whom a run reminds and writes the ledger with the outbox, in one statement for each page: nothing of it passes
// through this program. A page begins where the one before ended, and each is a transaction, so that a crash costs one.

import { Inject, Injectable } from '@nestjs/common';
import { row, type Tx } from '../database/index.js';
import { PublicAddress } from '../http/index.js';
import type { Platform } from '../platforms/index.js';
import { departureOf, dueAmongRemindable, policyParameters, policyTerms, REMINDABLE } from './eligibility.clauses.js';

export interface Selection {
  runId: string;
  platform: Platform;
  /** What ages and spacing are counted to: the moment for which the data were looked up. */
  judgedAt: Date;
  /** Nothing is chosen that has expired by now. */
  now: Date;
  /** A reminder after which no slot falls before expiry is the last one. */
  nextSlot: Date | undefined;
  /** When the mails may leave: the first of these that lies before expiry; at once without. */
  departures?: readonly Date[];
}

/** Of a page: how many were chosen, and whether more may follow. */
export interface Page {
  chosen: number;
  isFull: boolean;
}

/**
 * Writes the ledger and the outbox for the deliveries of `chosen` (id, person_id, expires_at), for the run that `run`
 * names. What older runs have not sent to them gives way, unless the mail server is being spoken to about it: then the
 * last check before its next hand-over ends it. $1 the run, $2 the slot that follows or null, $3 the host of
 * Message-IDs, $4 now, $5 when the mails may leave (`departureOf`).
 */
const ledger = (chosen: string, reason: string): string => `
  run as materialized (
       select id, slot, platform_id, selected_until_at, selected_until_id,
              exists (select from reminder where run_id = $1::uuid) as has_ledger
         from reminder_run
        where id = $1::uuid
          for no key update),
  chosen as materialized (${chosen}),
  made as (
       insert into reminder (id, run_id, delivery_id, state, reason, last, message_id, created_at)
       select c.reminder_id, $1::uuid, c.id, 'pending', ${reason}, coalesce(c.expires_at <= $2::timestamptz, true),
              '<reminder-' || c.reminder_id || '@' || $3::text || '>', $4::timestamptz
         from chosen c
           on conflict (delivery_id, run_id) do nothing
    returning id, delivery_id, message_id),
  queued as (
       insert into mail_outbox (id, kind, subject_id, person_id, message_id, dedupe_key, at_most_once, not_after,
                                next_attempt_at, created_at)
       select uuidv7(), 'reminder', m.id, c.person_id, m.message_id, 'reminder:' || m.id, true, c.expires_at,
              ${departureOf('$5::timestamptz[]', 'c.expires_at', '$4::timestamptz')}, $4::timestamptz
         from made m
         join chosen c on c.reminder_id = m.id),
  older_run as materialized (
       select n.id
         from reminder_run n
         join run on run.platform_id = n.platform_id
        where n.slot < run.slot
          and n.state in ('selecting', 'sending')),
  older as materialized (
       select m.id, r.id as reminder_id
         from made
        cross join lateral (
              select r.id
                from reminder r
               where r.delivery_id = made.delivery_id
                 and r.state = 'pending'
                 and r.run_id in (select id from older_run)
              offset 0) r
         join mail_outbox m on m.dedupe_key = 'reminder:' || r.id
        where exists (select from older_run)
          and m.state in ('pending', 'sending')
          and m.handing_over_since is null
          for no key update of m skip locked),
  closed as (
       update mail_outbox m
          set state = 'skipped', reason = 'newer-run', lease_until = null
         from older o
        where m.id = o.id
    returning o.reminder_id),
  gave_way as (
       update reminder r
          set state = 'skipped', reason = 'newer-run'
         from closed c
        where r.id = c.reminder_id)`;

const NOT_CHOSEN = `not exists (select from reminder r where r.delivery_id = d.id and r.run_id = $1::uuid)`;

/** $1 the run, $2 now, $3 the platform, from $4 on the policy. A plain question, so that PostgreSQL may share it out. */
const LEFT = `
  select count(*) as "left"
    from delivery d
   where d.platform_id = $3::uuid
     and ${REMINDABLE}
     and d.expires_at > $2::timestamptz
     and ${dueAmongRemindable(policyTerms(4))}
     and ${NOT_CHOSEN}`;

/** $6 the platform, $7 the most of a page, from $8 on the policy. After a page that is not full the next begins at the start. */
const SELECT_PAGE = `
  with ${ledger(
    `
       select d.id, d.person_id, d.expires_at, uuidv7() as reminder_id
         from delivery d
        where d.platform_id = $6::uuid
          and ${REMINDABLE}
          and (d.expires_at, d.id) > ((select selected_until_at from run), (select selected_until_id from run))
          and d.expires_at > $4::timestamptz
          and ${dueAmongRemindable(policyTerms(8))}
          and (not (select has_ledger from run) or ${NOT_CHOSEN})
        order by d.expires_at, d.id
        limit $7::int`,
    'null',
  )},
  reached as (
       select count(*) = $7::int as is_full from chosen),
  noted as (
       update reminder_run n
          set selected_until_at = case when p.is_full then l.expires_at else '-infinity' end,
              selected_until_id = case when p.is_full then l.id else '00000000-0000-0000-0000-000000000000' end
         from reached p
         left join lateral (select id, expires_at from chosen order by expires_at desc, id desc limit 1) l on true
        where n.id = $1::uuid)
  select (select count(*) from made)::int as chosen, is_full as "isFull"
    from reached`;

/** $6 the delivery, $7 why it goes although the rules would leave it out, or null. */
const SELECT_ONE = `
  with ${ledger(
    `
       select d.id, d.person_id, d.expires_at, uuidv7() as reminder_id
         from delivery d
        where d.id = $6::uuid
          and d.expires_at > $4::timestamptz`,
    '$7::text',
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
    const parameters = [...this.parameters(selection), platform.id, limit, ...policyParameters(platform, judgedAt)];
    const page = await row<Page>(tx, SELECT_PAGE, parameters);
    if (!page) throw new Error('A statement that always answers one row answered none.');
    return page;
  }

  /** One reminder by hand, which goes at once; false when it has expired or the run has one. */
  async one(
    tx: Tx,
    selection: Pick<Selection, 'runId' | 'now' | 'nextSlot'>,
    deliveryId: string,
    isConfirmed: boolean,
  ): Promise<boolean> {
    const parameters = [...this.parameters(selection), deliveryId, isConfirmed ? 'confirmed' : null];
    return (await row<Page>(tx, SELECT_ONE, parameters))?.chosen === 1;
  }

  private parameters({
    runId,
    now,
    nextSlot,
    departures = [],
  }: Pick<Selection, 'runId' | 'now' | 'nextSlot' | 'departures'>): unknown[] {
    return [runId, nextSlot ?? null, this.address.host, now, departures];
  }
}
