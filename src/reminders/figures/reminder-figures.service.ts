// "Does reminding help?": what a platform's runs came to, and how many fetched after the first reminder, the second, …
// beside those who fetched without any.

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { row, rows, Transactions } from '../../database/index.js';
import { NotFound, queriedMoment } from '../../http/index.js';
import { isId } from '../../ids/index.js';
import { findPlatform } from '../../platforms/index.js';
import { zonedIso } from '../../time/index.js';

export const figuresQuery = z
  .strictObject({ from: queriedMoment.optional(), to: queriedMoment.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || new Date(from) < new Date(to), {
    path: ['to'],
    error: 'must be after from',
  });
export type FiguresQuery = z.infer<typeof figuresQuery>;

/** Counts; times in whole seconds, null where nobody fetched. */
export interface ReminderFigures {
  from: string | null;
  to: string | null;
  /** By state. */
  runs: Record<string, number>;
  /** Chosen by a run, whatever became of them: the sum of the others. */
  due: number;
  sent: number;
  unknown: number;
  failed: number;
  pending: number;
  /** By reason: chosen, and at the hand-over no longer to be sent. */
  skipped: Record<string, number>;
  /** Deliveries handed over, and those fetched before any reminder. */
  unreminded: { deliveries: number; accessed: number; medianSeconds: number | null };
  /** Those who were sent a first, a second, … reminder, and fetched before the next one. */
  reminded: {
    nth: number;
    sent: number;
    accessed: number;
    within24Hours: number;
    within7Days: number;
    medianSeconds: number | null;
  }[];
}

@Injectable()
export class ReminderFiguresService {
  constructor(@Inject(Transactions) private readonly transactions: Transactions) {}

  /** Of runs whose slot, and of deliveries whose hand-over, lies in `from` ≤ t < `to`. @throws NotFound no such platform */
  async of(platformId: string, query: FiguresQuery): Promise<ReminderFigures> {
    const { pool } = this.transactions;
    const platform = isId(platformId) ? await findPlatform(pool, platformId) : undefined;
    if (!platform) throw new NotFound('platform');
    const from = query.from === undefined ? null : new Date(query.from);
    const to = query.to === undefined ? null : new Date(query.to);
    const window = [platformId, from, to];
    const states = await rows<{ state: string; runs: number } & Totals>(pool, RUNS, window);
    const skips = await rows<{ reason: string; reminders: number }>(pool, SKIPS, window);
    const unreminded = await row<ReminderFigures['unreminded']>(pool, UNREMINDED, window);
    const reminded = await rows<ReminderFigures['reminded'][number]>(pool, REMINDED, window);
    if (!unreminded) throw new Error('A count answered nothing.');
    const total = (name: keyof Totals): number => states.reduce((sum, one) => sum + one[name], 0);
    return {
      from: from && zonedIso(from, platform.timeZone),
      to: to && zonedIso(to, platform.timeZone),
      runs: Object.fromEntries(states.map(({ state, runs }) => [state, runs])),
      due: total('due'),
      sent: total('sent'),
      unknown: total('unknown'),
      failed: total('failed'),
      pending: total('pending'),
      skipped: Object.fromEntries(skips.map(({ reason, reminders }) => [reason, reminders])),
      unreminded,
      reminded,
    };
  }
}

interface Totals {
  due: number;
  sent: number;
  unknown: number;
  failed: number;
  pending: number;
}

const within = (column: string): string =>
  `platform_id = $1
   and ($2::timestamptz is null or ${column} >= $2)
   and ($3::timestamptz is null or ${column} < $3)`;

const RUNS = `
  select state, count(*) as runs, sum(due)::bigint as due, sum(sent)::bigint as sent, sum(unknown)::bigint as unknown,
         sum(failed)::bigint as failed, sum(pending)::bigint as pending
    from reminder_run_figures
   where ${within('slot')}
   group by state
   order by state`;

const SKIPS = `
  select coalesce(reason, 'not told') as reason, sum(reminders)::bigint as reminders
    from reminder_skip_figures
   where ${within('slot')}
   group by 1
   order by 1`;

const UNREMINDED = `
  select count(*) as deliveries, count(*) filter (where is_before) as accessed,
         round(percentile_cont(0.5) within group (order by extract(epoch from accessed_at - handed_over_at)::float8)
                 filter (where is_before))::bigint as "medianSeconds"
    from (select d.handed_over_at, d.accessed_at,
                 d.accessed_at >= d.handed_over_at
                   and not exists (select 1
                                     from reminder r
                                    where r.delivery_id = d.id
                                      and r.state = 'sent'
                                      and r.sent_at <= d.accessed_at) as is_before
            from delivery d
           where d.handed_over_at is not null
             and ${within('d.handed_over_at').replace('platform_id', 'd.platform_id')}) judged`;

const REMINDED = `
  select nth, count(*) as sent, count(accessed_after) as accessed,
         count(*) filter (where accessed_after <= interval '24 hours') as "within24Hours",
         count(*) filter (where accessed_after <= interval '168 hours') as "within7Days",
         round(percentile_cont(0.5) within group (order by extract(epoch from accessed_after)::float8))::bigint as "medianSeconds"
    from reminder_effect
   where ${within('slot')}
   group by nth
   order by nth`;
