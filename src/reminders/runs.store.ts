// Runs and the ledger of reminders. One run for each platform and slot, one reminder for each delivery and run: the
// database has the last word on both. Rules get every moment as an argument; leases alone go by the database's time,
// because processes whose clocks differ have to agree on them.

import { Inject, Injectable } from '@nestjs/common';
import { prepared, preparedRows, row, rows, type Tx } from '../database/index.js';
import { Ids } from '../ids/index.js';

export type RunTrigger = 'scheduled' | 'made-up' | 'by-hand';

/** Reminders were switched off, the next slot came, or Mediaflux was away for longer than a run by hand waits. */
export type EndReason = 'reminders-off' | 'next-slot' | 'mediaflux-away';

export interface RunRow {
  id: string;
  platform_id: string;
  slot: Date;
  trigger: RunTrigger;
  state: string;
}

/** A run that a worker holds by a lease. */
export interface ClaimedRun extends RunRow {
  attempt: number;
}

export interface NewRun {
  /** From `nextId`. */
  id?: string;
  platformId: string;
  slot: Date;
  trigger: RunTrigger;
  now: Date;
  /** The local time that a slot of the schedule stands for. */
  label?: string | null;
}

/** Where a run that goes on begins: the moment it judges by, and the last upload whose data were looked up. */
export interface RunProgress {
  judgedAt: Date;
  checkedUntil: string;
}

/** How ended reminders are recorded; `triedAt`: when they were handed over, or may have been. */
export interface ReminderEnd {
  /** Of one reminder, or the `digest_id` of those that are one mail. */
  id: string;
  state: 'sent' | 'unknown' | 'failed' | 'skipped';
  /** Null: that it was confirmed stays, if it was. */
  reason: string | null;
  triedAt: Date | null;
}

const LEASE_SECONDS = 15;
/** A clock is set back by less; what was further ahead was wrong. */
export const CLOCK_AHEAD = '24 hours';
/** Clocks of servers differ by less. */
const CLOCKS_APART = '2 minutes';
/** What was looked up in Mediaflux longer ago is looked up again. */
const OLDEST_CHECK_SECONDS = 3_600;

const settle = (by: 'id' | 'digest_id') =>
  prepared(
    `update reminder r
        set state = e.state,
            reason = coalesce(e.reason, r.reason),
            tried_at = e.tried_at,
            sent_at = case when e.state = 'sent' then e.tried_at end
       from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) as e(id, state, reason, tried_at)
      where r.${by} = e.id
        and r.state = 'pending'`,
  );
const SETTLE = { id: settle('id'), digest_id: settle('digest_id') };

@Injectable()
export class RunsStore {
  constructor(@Inject(Ids) private readonly ids: Ids) {}

  nextId(): string {
    return this.ids.next();
  }

  /**
   * The run for the slot, under the policy of this moment; undefined when there is one, or one of a later slot that was
   * not by hand: time that goes backwards makes no run again. (Runs of slots long to come are left aside: a clock that
   * was far ahead made them.) Holds the platform's row, so that two processes do not make two slots at once.
   */
  async create(
    tx: Tx,
    { id = this.nextId(), platformId, slot, trigger, now, label = null }: NewRun,
  ): Promise<string | undefined> {
    await rows(tx, 'select 1 from platform where id = $1 for no key update', [platformId]);
    const made = await row<{ id: string }>(
      tx,
      `insert into reminder_run (id, platform_id, slot, trigger, state, created_at, policy_version, slot_label)
       select $1::uuid, id, $3::timestamptz, $4::text, 'pending', $5::timestamptz, reminder_policy_version, $6::text
         from platform
        where id = $2
          and ($4 = 'by-hand'
               or not exists (
                    select
                      from reminder_run
                     where platform_id = $2
                       and slot between $3 and $5::timestamptz + interval '${CLOCK_AHEAD}'
                       and trigger <> 'by-hand'))
           on conflict (platform_id, slot) do nothing
    returning id`,
      [id, platformId, slot, trigger, now, label],
    );
    return made?.id;
  }

  /**
   * A run by hand. Its slot is this moment, or the next that is free and later than those of other runs, also where this
   * clock is a little behind; never a whole second: those are slots of schedules, whose runs it must not replace.
   */
  async createByHand(tx: Tx, { id, platformId, now }: { id: string; platformId: string; now: Date }): Promise<void> {
    await rows(tx, 'select 1 from platform where id = $1 for no key update', [platformId]);
    await rows(
      tx,
      `insert into reminder_run (id, platform_id, slot, trigger, state, created_at, policy_version)
       select $1::uuid, p.id, free.slot, 'by-hand', 'pending', $3::timestamptz, p.reminder_policy_version
         from platform p
        cross join lateral (
              select greatest($3::timestamptz, max(n.slot) + interval '1 millisecond') as slot
                from reminder_run n
               where n.platform_id = p.id
                 and n.slot between $3::timestamptz and $3::timestamptz + interval '${CLOCKS_APART}') later
        cross join lateral (
              select case when later.slot = date_trunc('second', later.slot) then later.slot + interval '1 millisecond'
                          else later.slot end as slot) free
        where p.id = $2`,
      [id, platformId, now],
    );
  }

  /** Begins, or goes on where it was interrupted a while ago at most. */
  async begin(tx: Tx, id: string, now: Date): Promise<RunProgress> {
    const progress = await row<RunProgress>(
      tx,
      `update reminder_run n
          set state = 'selecting',
              judged_at = case when b.goes_on then n.judged_at else $2::timestamptz end,
              checked_until = case when b.goes_on then n.checked_until else '00000000-0000-0000-0000-000000000000' end
         from (select checked_until <> '00000000-0000-0000-0000-000000000000'
                      and judged_at between $2::timestamptz - make_interval(secs => ${OLDEST_CHECK_SECONDS}) and $2
                        as goes_on
                 from reminder_run
                where id = $1) b
        where n.id = $1
    returning n.judged_at as "judgedAt", n.checked_until as "checkedUntil"`,
      [id, now],
    );
    if (!progress) throw new Error('A reminder run vanished between two statements.');
    return progress;
  }

  async checkedUntil(tx: Tx, id: string, uploadId: string): Promise<void> {
    await rows(tx, 'update reminder_run set checked_until = $2 where id = $1', [id, uploadId]);
  }

  claim(tx: Tx, id: string): Promise<ClaimedRun | undefined> {
    return row<ClaimedRun>(
      tx,
      `update reminder_run
          set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), attempt = attempt + 1
        where id = $1
          and state in ('pending', 'selecting', 'sending')
          and (lease_until is null or lease_until < now())
    returning id, platform_id, slot, trigger, state, attempt`,
      [id],
    );
  }

  /** False: another worker has taken it over. */
  async renew(tx: Tx, { id, attempt }: ClaimedRun): Promise<boolean> {
    const kept = await rows(
      tx,
      `update reminder_run
          set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where id = $1
          and attempt = $2
    returning id`,
      [id, attempt],
    );
    return kept.length > 0;
  }

  async release(tx: Tx, { id, attempt }: ClaimedRun): Promise<void> {
    await rows(tx, 'update reminder_run set lease_until = null where id = $1 and attempt = $2', [id, attempt]);
  }

  async setState(tx: Tx, id: string, state: 'sending' | 'finished' | 'cancelled', now: Date): Promise<void> {
    await rows(
      tx,
      `update reminder_run
          set state = $2,
              selected_at = case when $2 = 'sending' then coalesce(selected_at, $3) else selected_at end,
              finished_at = case when $2 in ('finished', 'cancelled') then coalesce(finished_at, $3) end
        where id = $1`,
      [id, state, now],
    );
  }

  /** Before all were chosen: what was chosen is judged, and what went is told of; a run that chose nobody ends. */
  async endEarly(tx: Tx, id: string, reason: EndReason, now: Date): Promise<void> {
    await rows(
      tx,
      `update reminder_run n
          set state = case when c.chosen then 'sending' else $3 end,
              end_reason = $4,
              selected_at = case when c.chosen then $2::timestamptz end,
              finished_at = case when not c.chosen then $2::timestamptz end
         from (select exists (select from reminder where run_id = $1) as chosen) c
        where n.id = $1`,
      [id, now, reason === 'next-slot' ? 'superseded' : 'cancelled', reason],
    );
  }

  async unfinished(tx: Tx): Promise<string[]> {
    const found = await rows<{ id: string }>(
      tx,
      `select id
         from reminder_run
        where state in ('pending', 'selecting', 'sending')
          and (lease_until is null or lease_until < now())
        order by slot, id
        limit 1000`,
    );
    return found.map((run) => run.id);
  }

  /** Records how reminders ended, each alone or those of a mail that names several together. */
  async settle(tx: Tx, ends: readonly ReminderEnd[], by: 'id' | 'digest_id' = 'id'): Promise<void> {
    await preparedRows(tx, SETTLE[by], [
      ends.map(({ id }) => id),
      ends.map(({ state }) => state),
      ends.map(({ reason }) => reason),
      ends.map(({ triedAt }) => triedAt),
    ]);
  }

  async isAnyPending(tx: Tx, runId: string): Promise<boolean> {
    const found = await row<{ pending: boolean }>(
      tx,
      `select exists (select from reminder where run_id = $1 and state = 'pending') as pending`,
      [runId],
    );
    return found?.pending ?? false;
  }
}
