// Clocks that are wrong, are set back, and are set right: no run twice, none left out for long, and nobody is taken for
// older, or reminded longer ago, than by the clock that is right. Real PostgreSQL, set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { Transactions } from '../../src/database/index.js';
import { CandidatesStore } from '../../src/reminders/candidates.store.js';
import { decideReminder } from '../../src/reminders/eligibility.rules.js';
import { ReminderPlanner } from '../../src/reminders/reminder-planner.js';
import { SlotsStore } from '../../src/reminders/slots.store.js';
import { type Due, later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');
const SECOND = 1 / 3_600;

const stage = stageAt(NOW);
let platformId: string;

beforeEach(async () => {
  platformId = await stage.makePlatform();
});

describe('runs', () => {
  const at = (time: string): Date => new Date(`2025-03-${time}Z`);

  async function sweepAt(...times: Date[]): Promise<void> {
    const transactions = new Transactions(stage.database.dataSource);
    const queue = { add: async () => undefined } as never;
    const planner = new ReminderPlanner(transactions, stage.runs, new SlotsStore(), queue, stage.clock);
    for (const time of times) {
      stage.clock.at = time;
      await planner.sweep();
    }
  }
  const slots = async (): Promise<string[]> =>
    (
      await stage.query<{ slot: Date }>('select slot from reminder_run where platform_id = $1 order by slot', [
        platformId,
      ])
    ).map(({ slot }) => slot.toISOString().slice(0, 16));
  const schedule = (cron: string): Promise<unknown> =>
    stage.query('update platform set reminder_schedule = $2 where id = $1', [platformId, cron]);

  it('of the slot before the newest are not made up for by a clock that was set back by less than a day', async () => {
    await schedule('0 9 * * *');
    // The service was down until today's slot.
    await sweepAt(at('11T09:00:05'), at('11T08:59:50'), at('10T10:00:00'), at('11T09:00:01'));
    expect(await slots()).toEqual(['2025-03-11T09:00']);
    await sweepAt(at('12T09:00:05'));
    expect(await slots()).toEqual(['2025-03-11T09:00', '2025-03-12T09:00']);
  });

  it('are found by the sweep of a clock that is right again, whatever one that was months ahead has made', async () => {
    await sweepAt(new Date('2025-06-14T00:00:05Z'), at('22T00:00:05'));
    expect(await slots()).toEqual(['2025-03-22T00:00', '2025-06-14T00:00']);
    await sweepAt(at('29T00:00:05'), at('29T00:00:04'));
    expect(await slots()).toEqual(['2025-03-22T00:00', '2025-03-29T00:00', '2025-06-14T00:00']);
  });

  it('of two servers whose clocks differ are one, also where the one behind does not know the slot yet', async () => {
    await sweepAt(at('15T00:00:00'), at('14T23:59:30'), at('15T00:00:29'));
    expect(await slots()).toEqual(['2025-03-15T00:00']);
  });

  it.each([
    ['goes on where it was interrupted a short while ago', 0.5, NOW, true],
    ['begins anew when that is long ago', 2, later(NOW, 2), false],
    [
      'begins anew when the clock was set back meanwhile, and judges by the clock that is right',
      -1,
      later(NOW, -1),
      false,
    ],
  ])('that asked for some data: one %s', async (_, hours, judgedAt, goesOn) => {
    const { manager } = stage.database.dataSource;
    const run = { platformId, slot: later(NOW, -24), trigger: 'scheduled', now: NOW } as const;
    const runId = (await stage.database.dataSource.transaction((tx) => stage.runs.create(tx, run))) ?? '';
    await stage.runs.begin(manager, runId, NOW);
    await stage.runs.checkedUntil(manager, runId, platformId);
    const none = '00000000-0000-0000-0000-000000000000';
    expect(await stage.runs.begin(manager, runId, later(NOW, hours))).toEqual({
      judgedAt,
      checkedUntil: goesOn ? platformId : none,
    });
  });
});

describe('what another clock recorded as of a moment to come', () => {
  const ahead = later(NOW, 20 * SECOND);
  const cases: [string, string, (due: Due) => Promise<unknown>][] = [
    [
      'a hand-over, though the platform hardly asks for an age: it was not sent yet',
      'not-sent',
      async ({ id }) => {
        await stage.query(`update platform set reminder_minimum_age = 'PT1S' where id = $1`, [platformId]);
        await stage.query('update delivery set handed_over_at = $2 where id = $1', [id, ahead]);
      },
    ],
    [
      'progress of a download: it is under way',
      'in-progress',
      ({ id }) =>
        stage.query(
          `insert into download (id, delivery_id, state, started_at, last_progress_at) values (gen_random_uuid(), $1, 'started', $2, $2)`,
          [id, ahead],
        ),
    ],
    [
      'progress of a copy: it is under way',
      'in-progress',
      ({ id }) =>
        stage.query(
          `insert into content_copy (id, delivery_id, state, destination, requested_at, last_progress_at)
           values (gen_random_uuid(), $1, 'requested', '/projects/own', $2, $2)`,
          [id, ahead],
        ),
    ],
    [
      'a reminder: it is too soon for another',
      'too-soon',
      async ({ id }) => {
        const run = { platformId, slot: later(NOW, -1), trigger: 'by-hand', now: NOW } as const;
        const runId = await stage.database.dataSource.transaction((tx) => stage.runs.create(tx, run));
        await stage.query(
          `insert into reminder (id, run_id, delivery_id, state, message_id, tried_at, sent_at, created_at)
           values (gen_random_uuid(), $1, $2, 'sent', '<x>', $3, $3, $3)`,
          [runId, id, ahead],
        );
      },
    ],
    [
      'an access: it counts',
      'accessed',
      ({ id }) => stage.query('update delivery set accessed_at = $2 where id = $1', [id, ahead]),
    ],
  ];

  it.each(cases)('%s', async (_, reason, record) => {
    const [due, other] = [await stage.makeDue(platformId), await stage.makeDue(platformId)];
    await record(due);
    const candidate = await stage.database.dataSource.transaction((tx) => new CandidatesStore().lock(tx, due.id, NOW));
    if (!candidate) throw new Error('The delivery is gone.');
    const platform = await stage.platform(platformId);
    const policy = { minimumAgeMs: reason === 'not-sent' ? 0 : 86_400_000, minimumSpacingMs: 86_400_000 };
    expect(decideReminder(candidate, { ...policy, maxReminders: null }, NOW)).toEqual({
      remind: false,
      because: reason,
    });
    if (reason === 'not-sent') {
      await expect(stage.byHand.run(due.id, { confirm: true })).rejects.toThrow('not to be reminded: not-sent.');
      const { notDue } = await stage.previews.run(platformId, { limit: 10, cursor: undefined });
      expect(notDue.items).toEqual([{ deliveryId: due.id, reason }]);
    }
    await stage.select(platform.id);
    expect([await stage.ends(due), await stage.ends(other)]).toEqual([
      expect.not.arrayContaining([expect.stringMatching(/pending/)]),
      ['pending, mail pending'],
    ]);
  });

  it('a later link to the same data: it takes no place yet', async () => {
    const due = await stage.makeDue(platformId);
    const resent = await stage.makeDue(platformId, 48, { person_id: due.personId, ordinal: 1, handed_over_at: ahead });
    await stage.query('update delivery set upload_id = $2 where id = $1', [resent.id, due.uploadId]);
    await stage.select(platformId);
    expect([await stage.ends(due), await stage.ends(resent)]).toEqual([['pending, mail pending'], []]);
  });
});

describe('the page and the preview', () => {
  it('say of links that end at this very moment that they have expired', async () => {
    const [due, ended] = [await stage.makeDue(platformId, SECOND), await stage.makeDue(platformId, 0)];
    const query = { limit: 10, cursor: undefined };
    const { due: going, notDue } = await stage.previews.run(platformId, query);
    expect(going.items.map(({ deliveryId }) => deliveryId)).toEqual([due.id]);
    expect(notDue.items).toEqual([{ deliveryId: ended.id, reason: 'expired' }]);
    await expect(stage.byHand.run(ended.id, { confirm: true })).rejects.toThrow('not to be reminded: expired');
    await stage.select(platformId);
    expect(await stage.ends(ended)).toEqual([]);
  });

  it('say that first of links that ended and of data that were fetched afterwards, or are being fetched', async () => {
    const ended = await stage.makeDue(platformId, -1, { accessed_at: NOW, done_at: NOW });
    const { notDue } = await stage.previews.run(platformId, { limit: 10, cursor: undefined });
    expect(notDue.items).toEqual([{ deliveryId: ended.id, reason: 'expired' }]);
    await expect(stage.byHand.run(ended.id, { confirm: false })).rejects.toThrow('not to be reminded: expired');
  });
});
