// How each reason not to remind of a delivery comes about, in the database of a stage.

import type { SkipReason } from '../../src/reminders/eligibility.rules.js';
import { insert, makeDelivery } from '../support/make.js';
import { type Due, later, type Stage } from './stage.js';

/** Whether a person may set the reason aside, and how it comes about. */
type Situation = readonly [boolean, (due: Due, platformId: string) => Promise<unknown>];

export interface Situations {
  /** Every reason of the contract. */
  SITUATIONS: Record<SkipReason, Situation>;
  /** A run reminded of the delivery, two hours ago if nothing else is said. */
  reminded: (due: Due, platformId: string, hoursAgo?: number) => Promise<void>;
}

export function situationsOf(stage: Stage, now: Date): Situations {
  const set = (fields: string) => (due: Due) => stage.query(`update delivery set ${fields} where id = $1`, [due.id]);
  const ago = (hours: number): string => `'${later(now, -hours).toISOString()}'`;
  const reminded = async (due: Due, platformId: string, hoursAgo = 2): Promise<void> => {
    await stage.query(
      `with run as (
         insert into reminder_run (id, platform_id, slot, trigger, state) values (gen_random_uuid(), $2, $3, 'scheduled', 'finished')
         returning id)
       insert into reminder (id, run_id, delivery_id, state, message_id, sent_at, tried_at)
       select gen_random_uuid(), id, $1, 'sent', gen_random_uuid()::text, $3, $3 from run`,
      [due.id, platformId, later(now, -hoursAgo)],
    );
  };
  const SITUATIONS: Record<SkipReason, Situation> = {
    'not-sent': [false, set('handed_over_at = null, expires_at = null')],
    revoked: [false, set(`revoked_at = ${ago(1)}`)],
    gone: [false, set(`gone_at = ${ago(1)}`)],
    expired: [false, set(`expires_at = ${ago(0)}`)],
    accessed: [true, set(`accessed_at = ${ago(1)}`)],
    done: [true, set(`done_at = ${ago(1)}`)],
    'opted-out': [false, set(`opted_out_at = ${ago(1)}`)],
    undeliverable: [false, set(`undeliverable_at = ${ago(1)}`)],
    superseded: [
      true,
      (due, platformId) =>
        makeDelivery(stage.database.dataSource, due.uploadId, platformId, due.personId, {
          ordinal: 1,
          handed_over_at: later(now, -1),
          expires_at: later(now, 900),
        }),
    ],
    'in-progress': [
      true,
      (due) =>
        insert(stage.database.dataSource, 'download', {
          id: due.personId,
          delivery_id: due.id,
          state: 'started',
          started_at: later(now, -2),
          last_progress_at: later(now, -1),
        }),
    ],
    'too-young': [true, set(`handed_over_at = ${ago(1)}`)],
    'too-soon': [true, (due, platformId) => reminded(due, platformId)],
    enough: [
      true,
      async (due, platformId) => {
        await stage.query('update platform set reminder_maximum = 1 where id = $1', [platformId]);
        await reminded(due, platformId, 48);
      },
    ],
  };
  return { SITUATIONS, reminded };
}
