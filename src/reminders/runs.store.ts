// Runs and the ledger of reminders. One run for each platform and slot, one reminder for each delivery and run: the
// database has the last word on both.

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import { Ids } from '../ids/index.js';
import { enqueueMail } from '../mail/index.js';
import { PublicAddress } from '../http/index.js';

export type RunTrigger = 'scheduled' | 'made-up' | 'by-hand';

export interface RunRow {
  id: string;
  platform_id: string;
  slot: Date;
  trigger: RunTrigger;
  state: string;
}

const LEASE_SECONDS = 15;

@Injectable()
export class RunsStore {
  constructor(
    @Inject(Ids) private readonly ids: Ids,
    @Inject(PublicAddress) private readonly address: PublicAddress,
  ) {}

  /**
   * The run for the slot, under the policy of this moment; undefined when another process made it first. `label` is
   * the local time that a slot of the schedule stands for.
   */
  async create(
    tx: Tx,
    platformId: string,
    slot: Date,
    trigger: RunTrigger,
    label: string | null = null,
  ): Promise<string | undefined> {
    const made = await row<{ id: string }>(
      tx,
      `insert into reminder_run (id, platform_id, slot, trigger, state, policy_version, slot_label)
       select $1, id, $3, $4, 'pending', reminder_policy_version, $5 from platform where id = $2
       on conflict (platform_id, slot) do nothing returning id`,
      [this.ids.next(), platformId, slot, trigger, label],
    );
    return made?.id;
  }

  claim(tx: Tx, id: string): Promise<RunRow | undefined> {
    return row<RunRow>(
      tx,
      `update reminder_run
          set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where id = $1
          and state in ('pending', 'selecting', 'sending')
          and (lease_until is null or lease_until < now())
    returning id, platform_id, slot, trigger, state`,
      [id],
    );
  }

  async renew(tx: Tx, id: string): Promise<void> {
    await rows(
      tx,
      `update reminder_run set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}) where id = $1`,
      [id],
    );
  }

  async release(tx: Tx, id: string): Promise<void> {
    await rows(tx, 'update reminder_run set lease_until = null where id = $1', [id]);
  }

  async setState(
    tx: Tx,
    id: string,
    state: 'selecting' | 'sending' | 'finished' | 'superseded' | 'cancelled',
  ): Promise<void> {
    await rows(
      tx,
      `update reminder_run
          set state = $2,
              selected_at = case when $2 = 'sending' then coalesce(selected_at, now()) else selected_at end,
              finished_at = case when $2 in ('finished', 'superseded', 'cancelled') then coalesce(finished_at, now()) end
        where id = $1`,
      [id, state],
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
        limit 100`,
    );
    return found.map((run) => run.id);
  }

  /** Adds a reminder with its mail; what an older run has not sent to this delivery gives way. False: there is one. */
  async addReminder(
    tx: Tx,
    runId: string,
    delivery: { id: string; personId: string; expiresAt: Date },
    last: boolean,
  ): Promise<boolean> {
    const id = this.ids.next();
    const messageId = `<reminder-${id}@${this.address.host}>`;
    const made = await row<{ id: string }>(
      tx,
      `insert into reminder (id, run_id, delivery_id, state, last, message_id) values ($1, $2, $3, 'pending', $4, $5)
       on conflict (delivery_id, run_id) do nothing returning id`,
      [id, runId, delivery.id, last, messageId],
    );
    if (!made) return false;
    await rows(
      tx,
      `update reminder r
          set state = 'skipped', reason = 'newer-run'
         from reminder_run n
        where r.delivery_id = $1
          and r.run_id = n.id
          and r.run_id <> $2
          and r.state = 'pending'
          and n.slot < (select slot from reminder_run where id = $2)`,
      [delivery.id, runId],
    );
    return enqueueMail(tx, {
      id: this.ids.next(),
      kind: 'reminder',
      subjectId: id,
      personId: delivery.personId,
      messageId,
      dedupeKey: `reminder:${id}`,
      atMostOnce: true,
      notAfter: delivery.expiresAt,
    });
  }

  async settle(
    tx: Tx,
    reminderId: string,
    state: 'sent' | 'unknown' | 'failed' | 'skipped',
    reason: string | null,
    sentAt: Date | null,
  ): Promise<void> {
    await rows(tx, `update reminder set state = $2, reason = $3, sent_at = $4 where id = $1 and state = 'pending'`, [
      reminderId,
      state,
      reason,
      sentAt,
    ]);
  }

  async pendingIn(tx: Tx, runId: string): Promise<number> {
    const found = await row<{ count: number }>(
      tx,
      `select count(*) as count from reminder where run_id = $1 and state = 'pending'`,
      [runId],
    );
    return found?.count ?? 0;
  }

  /** How each reminder of the run ended, for the operator's notice. */
  outcomes(
    tx: Tx,
    runId: string,
  ): Promise<
    { recipient: string; folder: string; upload_id: string; expires_at: Date; state: string; reason: string | null }[]
  > {
    return rows(
      tx,
      `select p.address as recipient, u.folder, u.id as upload_id, d.expires_at, r.state, r.reason
         from reminder r
         join delivery d on d.id = r.delivery_id
         join upload u on u.id = d.upload_id
         join person p on p.id = d.person_id
        where r.run_id = $1
        order by p.address, r.id
        limit 2000`,
      [runId],
    );
  }

  list(
    tx: Tx,
    platformId: string,
    before: string | undefined,
    limit: number,
  ): Promise<(RunRow & { created_at: Date; finished_at: Date | null; counts: Record<string, number> | null })[]> {
    return rows(
      tx,
      `select n.id, n.platform_id, n.slot, n.trigger, n.state, n.created_at, n.finished_at,
              (select jsonb_object_agg(state, count)
                 from (select state, count(*) as count from reminder where run_id = n.id group by state) by_state) as counts
         from reminder_run n
        where n.platform_id = $1
          and ($2::uuid is null or n.id < $2::uuid)
        order by n.id desc
        limit $3::int`,
      [platformId, before ?? null, limit],
    );
  }
}
