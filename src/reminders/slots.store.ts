// Which slots have had their run, also where the data of the zone have changed since. docs/decisions/0013.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import { CLOCK_AHEAD } from './runs.store.js';
import { isSameSlot, type Schedule } from '../schedule/index.js';

/** No change of zone data moves a local time further. */
const FURTHEST_HOURS = 26;

@Injectable()
export class SlotsStore {
  /** Platforms with reminders on, each with the newest slot up to now that has a run. */
  enabledPlatforms(tx: Tx, now: Date): Promise<{ id: string; newestSlot: Date | null }[]> {
    return rows(
      tx,
      `select p.id, (select max(n.slot) from reminder_run n where n.platform_id = p.id and n.trigger <> 'by-hand' and n.slot <= $1) as "newestSlot"
         from platform p
        where p.reminders_enabled
        order by p.id`,
      [now],
    );
  }

  async hasRun(tx: Tx, platformId: string, slot: Date): Promise<boolean> {
    const found = await row(tx, 'select 1 from reminder_run where platform_id = $1 and slot = $2', [platformId, slot]);
    return found !== undefined;
  }

  /** Has the slot had its run, at whatever moment it was thought to be, or a newer slot? */
  async isDone(tx: Tx, platformId: string, schedule: Schedule, slot: Date, now: Date): Promise<boolean> {
    return (
      (await this.hasRun(tx, platformId, slot)) ||
      (await this.hasNewerRun(tx, platformId, slot, now)) ||
      (await this.formerRuns(tx, platformId, schedule, slot)).some((former) => isSameSlot(schedule, slot, former))
    );
  }

  /** Runs of slots long to come are left aside: a clock that was far ahead made them. */
  private async hasNewerRun(tx: Tx, platformId: string, slot: Date, now: Date): Promise<boolean> {
    const found = await row(
      tx,
      `select 1
         from reminder_run
        where platform_id = $1
          and slot > $2
          and slot <= $3::timestamptz + interval '${CLOCK_AHEAD}'
          and trigger <> 'by-hand'
        limit 1`,
      [platformId, slot, now],
    );
    return found !== undefined;
  }

  /** Runs near the slot that the same schedule made in the same zone. */
  private async formerRuns(
    tx: Tx,
    platformId: string,
    { schedule, timeZone }: Schedule,
    slot: Date,
  ): Promise<{ slot: Date; label: string }[]> {
    return rows(
      tx,
      `select n.slot, n.slot_label as label
         from reminder_run n
         join reminder_policy_version v on v.platform_id = n.platform_id and v.version = n.policy_version
        where n.platform_id = $1
          and n.slot between $2::timestamptz - interval '${FURTHEST_HOURS} hours'
                         and $2::timestamptz + interval '${FURTHEST_HOURS} hours'
          and n.slot_label is not null
          and v.after ->> 'schedule' = $3
          and v.after ->> 'timeZone' = $4
        order by n.slot`,
      [platformId, slot, schedule, timeZone],
    );
  }
}
