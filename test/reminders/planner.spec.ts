// Which runs there are: one for each slot, the newest only, whatever clocks, servers and the zone's data did meanwhile.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Transactions } from '../../src/database/transactions.js';
import { Ids } from '../../src/ids/index.js';
import { JobQueue } from '../../src/queue/index.js';
import { type Candidate, decideReminder, isLast } from '../../src/reminders/eligibility.rules.js';
import { ReminderPlanner } from '../../src/reminders/reminder-planner.js';
import { RunsStore } from '../../src/reminders/runs.store.js';
import { SlotsStore } from '../../src/reminders/slots.store.js';
import { nextSlot } from '../../src/schedule/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insert, makePlatform } from '../support/make.js';

const DAY = 86_400_000;
const at = (text: string): Date => new Date(text.length === 10 ? `${text}T00:00:00Z` : `${text}Z`);

/** Takes what is put in and does nothing with it: the tables tell what was planned. */
class SilentQueue extends JobQueue {
  constructor() {
    super(undefined as never, false);
  }

  override add(): Promise<void> {
    return Promise.resolve();
  }
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

/** A server that looks at `now`. */
const lookAt = (platformId: string, now: Date): Promise<void> =>
  new ReminderPlanner(
    new Transactions(database.dataSource),
    new RunsStore(new Ids()),
    new SlotsStore(),
    new SilentQueue(),
    { now: () => now },
  ).plan(platformId);

interface Run {
  slot: string;
  trigger: string;
}

async function runsOf(platformId: string): Promise<Run[]> {
  const found = await database.dataSource.query<{ slot: Date; trigger: string }[]>(
    'select slot, trigger from reminder_run where platform_id = $1 order by slot',
    [platformId],
  );
  return found.map(({ slot, trigger }) => ({ slot: slot.toISOString().slice(0, 16), trigger }));
}

/** A platform whose policy is kept as version 1. */
async function platformWith(schedule: string, timeZone: string, fields: Record<string, unknown> = {}): Promise<string> {
  const id = await makePlatform(database.dataSource, { reminder_schedule: schedule, time_zone: timeZone, ...fields });
  await keepVersion(id, 1, schedule, timeZone);
  return id;
}

const keepVersion = (platformId: string, version: number, schedule: string, timeZone: string): Promise<void> =>
  insert(database.dataSource, 'reminder_policy_version', {
    id: randomUUID(),
    platform_id: platformId,
    version,
    actor: 'admin',
    after: JSON.stringify({ schedule, timeZone }),
  });

const madeRun = (platformId: string, slot: string, label: string | null, fields: Record<string, unknown> = {}) =>
  insert(database.dataSource, 'reminder_run', {
    id: randomUUID(),
    platform_id: platformId,
    slot: at(slot),
    trigger: 'scheduled',
    state: 'finished',
    policy_version: 1,
    slot_label: label,
    ...fields,
  });

describe('a run', () => {
  it('is made for the newest slot, once, however often and by however many it is looked for', async () => {
    const platformId = await platformWith('0 0 * * 6', 'UTC');
    await lookAt(platformId, at('2025-03-08T00:00:00'));
    await Promise.all(Array.from({ length: 5 }, () => lookAt(platformId, at('2025-03-08T00:00:30'))));
    expect(await runsOf(platformId)).toEqual([{ slot: '2025-03-08T00:00', trigger: 'scheduled' }]);
  });

  it('knows the policy it ran under and the local time its slot stands for', async () => {
    const platformId = await platformWith('0 9 * * 1', 'Australia/Melbourne', { reminder_policy_version: 7 });
    await lookAt(platformId, at('2026-03-01T22:00:01'));
    expect(
      await database.dataSource.query('select policy_version, slot_label from reminder_run where platform_id = $1', [
        platformId,
      ]),
    ).toEqual([{ policy_version: 7, slot_label: '2026-03-02T09:00:00' }]);
  });

  it('is not made for slots from before reminders were switched on', async () => {
    const platformId = await platformWith('0 0 * * 6', 'UTC', { reminders_enabled_at: at('2025-03-08T00:00:01') });
    await lookAt(platformId, at('2025-03-14T23:59:59'));
    expect(await runsOf(platformId)).toEqual([]);
    await lookAt(platformId, at('2025-03-15'));
    expect(await runsOf(platformId)).toEqual([{ slot: '2025-03-15T00:00', trigger: 'scheduled' }]);
  });

  it('is not made again when the clock is set back and goes on', async () => {
    const platformId = await platformWith('0 0 * * 6', 'UTC');
    await lookAt(platformId, at('2025-03-22T00:00:10'));
    // A day back the newest slot is another, which by that clock was missed.
    await lookAt(platformId, at('2025-03-21'));
    await lookAt(platformId, at('2025-03-22T00:00:05'));
    expect((await runsOf(platformId)).map(({ slot }) => slot)).toEqual(['2025-03-22T00:00']);
  });

  it('is made by a clock set right after one that was a year ahead', async () => {
    const platformId = await platformWith('0 0 * * 6', 'UTC');
    await lookAt(platformId, at('2026-03-14T00:00:10'));
    await lookAt(platformId, at('2025-03-22T00:00:10'));
    expect((await runsOf(platformId)).map(({ slot }) => slot)).toEqual(['2025-03-22T00:00', '2026-03-14T00:00']);
  });

  it('is made beside a run by hand a minute before', async () => {
    const platformId = await platformWith('0 0 * * 6', 'UTC');
    await madeRun(platformId, '2025-03-07T23:59:00', null, { trigger: 'by-hand' });
    await lookAt(platformId, at('2025-03-08'));
    expect(await runsOf(platformId)).toHaveLength(2);
  });
});

describe('zone data that change between two looks', () => {
  // By today's data nine o'clock on Monday 2 March 2026 is 22:00 on Sunday, UTC.
  it.each([
    ['an hour earlier', '2026-03-01T21:00:00'],
    ['an hour later', '2026-03-01T23:00:00'],
    ['half an hour later', '2026-03-01T22:30:00'],
  ])('make no second run of a slot that was thought to be %s', async (_, slot) => {
    const platformId = await platformWith('0 9 * * 1', 'Australia/Melbourne');
    await madeRun(platformId, slot, '2026-03-02T09:00:00');
    await lookAt(platformId, at('2026-03-01T23:30:00'));
    await lookAt(platformId, at('2026-03-08T21:59:59'));
    expect(await runsOf(platformId)).toHaveLength(1);
    await lookAt(platformId, at('2026-03-08T22:00:00'));
    expect((await runsOf(platformId)).map((run) => run.slot)).toEqual([slot.slice(0, 16), '2026-03-08T22:00']);
  });

  it('make no older run beside one that was thought to be later', async () => {
    const platformId = await platformWith('0 9 * * 1', 'Australia/Melbourne');
    await madeRun(platformId, '2026-03-01T21:00:00', '2026-03-02T09:00:00');
    // The week before had no run; by today's data its slot is the newest until 22:00.
    await lookAt(platformId, at('2026-03-01T21:30:00'));
    expect(await runsOf(platformId)).toHaveLength(1);
  });

  it('keep two servers apart of which one has the former data', async () => {
    const platformId = await platformWith('0 9 * * 1', 'Australia/Melbourne');
    const store = new SlotsStore();
    const schedule = { schedule: '0 9 * * 1', timeZone: 'Australia/Melbourne' };
    await lookAt(platformId, at('2026-03-01T22:00:00'));
    const known = await database.dataSource.query<{ slot_label: string }[]>(
      'select slot_label from reminder_run where platform_id = $1',
      [platformId],
    );
    expect(known).toEqual([{ slot_label: '2026-03-02T09:00:00' }]);
    // What this server asks when its data make of the same run another moment.
    const tx = database.dataSource.manager;
    expect(await store.isDone(tx, platformId, schedule, at('2026-03-01T22:00:00'), at('2026-03-01T23:00:00'))).toBe(
      true,
    );
    expect(await store.isDone(tx, platformId, schedule, at('2026-03-08T22:00:00'), at('2026-03-08T22:00:00'))).toBe(
      false,
    );
  });

  it('are not taken for the doubled hour: both its passes have their runs', async () => {
    const platformId = await platformWith('*/15 * * * *', 'Australia/Melbourne');
    for (const minutes of [0, 15, 30, 45, 60, 75, 90, 105])
      await lookAt(platformId, new Date(at('2026-04-04T15:00:00').getTime() + minutes * 60_000));
    expect(await runsOf(platformId)).toHaveLength(8);
  });

  it('are not taken for a change of the zone or the schedule', async () => {
    const zone = await platformWith('0 9 * * 1', 'Australia/Melbourne', { reminder_policy_version: 2 });
    await keepVersion(zone, 2, '0 9 * * 1', 'Australia/Melbourne');
    // Under version 1 the same words were said of another zone.
    const other = await platformWith('0 9 * * 1', 'Asia/Kolkata');
    await madeRun(other, '2026-03-02T03:30:00', '2026-03-02T09:00:00');
    await database.dataSource.query(
      `update platform set time_zone = 'America/New_York', reminder_policy_version = 2 where id = $1`,
      [other],
    );
    await keepVersion(other, 2, '0 9 * * 1', 'America/New_York');
    await lookAt(other, at('2026-03-02T14:00:00'));
    expect((await runsOf(other)).map(({ slot }) => slot)).toEqual(['2026-03-02T03:30', '2026-03-02T14:00']);
  });
});

// instrument-workflow 6.5: dispatched on 1 March 2025 for thirty days, weekly, minimum age a day.
describe('the vectors, by planner and rule', () => {
  const schedule = { schedule: '0 0 * * 6', timeZone: 'UTC' };
  const policy = { minimumAgeMs: DAY, minimumSpacingMs: DAY, maxReminders: null };
  const state: Candidate = {
    handedOverAt: at('2025-03-01'),
    expiresAt: at('2025-03-31'),
    revokedAt: null,
    goneAt: null,
    accessedAt: null,
    doneAt: null,
    optedOutAt: null,
    undeliverableAt: null,
    isSuperseded: false,
    progressAt: null,
    lastRemindedAt: null,
    remindersSent: 0,
  };

  it.each([
    ['2025-03-01T00:10:00', [], {}, '2025-03-01', 'too-young'],
    ['2025-03-08', ['2025-03-01'], {}, '2025-03-08', 'remind'],
    ['2025-03-08', ['2025-03-01', '2025-03-08'], {}, null, null],
    ['2025-03-15', ['2025-03-08'], { accessedAt: at('2025-03-14') }, '2025-03-15', 'accessed'],
    ['2025-03-15', ['2025-03-08'], {}, '2025-03-15', 'remind'],
    ['2025-03-22', ['2025-03-15'], { progressAt: at('2025-03-20') }, '2025-03-22', 'remind'],
    ['2025-03-29', ['2025-03-22'], {}, '2025-03-29', 'last'],
    ['2025-03-30T23:59:59', ['2025-03-22'], {}, '2025-03-29', 'last'],
    ['2025-03-31', ['2025-03-22'], {}, '2025-03-29', 'expired'],
    ['2025-03-25', ['2025-03-08'], {}, '2025-03-22', 'remind'],
    ['2025-03-15', ['2025-03-08'], { accessedAt: at('2025-03-15') }, '2025-03-15', 'accessed'],
  ] as const)('looked at %s after runs of %j', async (look, done, fields, slot, expected) => {
    const platformId = await platformWith(schedule.schedule, 'UTC');
    for (const former of done) await madeRun(platformId, former, `${former}T00:00:00`);
    await lookAt(platformId, at(look));
    const made = (await runsOf(platformId))
      .map((run) => run.slot.slice(0, 10))
      .filter((day) => !done.includes(day as never));
    expect(made).toEqual(slot === null ? [] : [slot]);
    if (slot === null) return;
    const decision = decideReminder({ ...state, ...fields }, policy, at(look));
    const isLastOne = isLast(
      { handedOverAt: at('2025-03-01'), expiresAt: at('2025-03-31'), remindersSent: 0 },
      policy,
      at(look),
      (moment) => nextSlot(schedule, new Date(moment.getTime() - 1)),
    );
    expect(decision.remind ? (isLastOne ? 'last' : 'remind') : decision.because).toBe(expected);
  });

  it('has none for a platform whose reminders are off', async () => {
    const platformId = await platformWith('0 0 * * 6', 'UTC', { reminders_enabled: false, reminders_enabled_at: null });
    await lookAt(platformId, at('2025-03-15'));
    expect(await runsOf(platformId)).toEqual([]);
  });

  it('goes on with the next slot after one that was made up for', async () => {
    const platformId = await platformWith('0 0 * * 6', 'UTC');
    await madeRun(platformId, '2025-03-08', '2025-03-08T00:00:00');
    await lookAt(platformId, at('2025-03-25'));
    await lookAt(platformId, at('2025-03-29'));
    expect((await runsOf(platformId)).slice(1)).toEqual([
      { slot: '2025-03-22T00:00', trigger: 'made-up' },
      { slot: '2025-03-29T00:00', trigger: 'scheduled' },
    ]);
  });
});
