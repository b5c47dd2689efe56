// What reminders came to: the views agree with a count by hand over random histories, and the answer is per platform and
// within its times.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { Transactions } from '../../src/database/index.js';
import { NotFound } from '../../src/http/index.js';
import {
  figuresQuery,
  type ReminderFigures,
  ReminderFiguresService,
} from '../../src/reminders/figures/reminder-figures.service.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insert, makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';

const HOUR = 3_600_000;
const start = new Date('2026-03-01T00:00:00Z').getTime();
const at = (hour: number): Date => new Date(start + hour * HOUR);

let database: TestDatabase;
let figures: ReminderFiguresService;
beforeAll(async () => {
  database = await createDatabase();
  figures = new ReminderFiguresService(new Transactions(database.dataSource));
});
afterAll(() => database.close());

const STATES = ['sent', 'unknown', 'failed', 'skipped', 'pending'] as const;
const history = fc.record({
  handedOver: fc.integer({ min: 0, max: 100 }),
  /** Hours after the hand-over. */
  accessed: fc.option(fc.integer({ min: 0, max: 400 }), { freq: 3, nil: null }),
  reminders: fc.uniqueArray(
    fc.record({
      hour: fc.integer({ min: 0, max: 400 }),
      state: fc.constantFrom(...STATES),
      reason: fc.constantFrom('accessed', 'expired', null),
    }),
    { maxLength: 4, selector: ({ hour }) => hour },
  ),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

async function platformWithHistories(histories: readonly History[]): Promise<string> {
  const { dataSource } = database;
  const platformId = await makePlatform(dataSource);
  const uploadId = await makeUpload(dataSource, platformId);
  const runs = new Map<number, string>();
  for (const { handedOver, accessed, reminders } of histories) {
    const deliveryId = await makeDelivery(dataSource, uploadId, platformId, await makePerson(dataSource), {
      handed_over_at: at(handedOver),
      expires_at: at(handedOver + 720),
      accessed_at: accessed === null ? null : at(handedOver + accessed),
    });
    for (const { hour, state, reason } of reminders) {
      const slot = handedOver + hour;
      const runId = runs.get(slot) ?? randomUUID();
      if (!runs.has(slot)) {
        await insert(dataSource, 'reminder_run', {
          id: runId,
          platform_id: platformId,
          slot: at(slot),
          trigger: 'scheduled',
          state: 'finished',
        });
        runs.set(slot, runId);
      }
      await insert(dataSource, 'reminder', {
        id: randomUUID(),
        run_id: runId,
        delivery_id: deliveryId,
        state,
        reason: state === 'skipped' ? reason : null,
        message_id: randomUUID(),
        sent_at: state === 'sent' ? at(slot) : null,
        tried_at: state === 'sent' || state === 'unknown' ? at(slot) : null,
      });
    }
  }
  return platformId;
}

const median = (hours: number[]): number | null => {
  const sorted = hours.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : ((low + high) / 2) * 3600;
};

/** The same by hand, from the histories alone. */
function counted(histories: readonly History[]): Omit<ReminderFigures, 'from' | 'to' | 'runs'> {
  const all = histories.flatMap(({ reminders }) => reminders);
  const ofState = (state: string): number => all.filter((one) => one.state === state).length;
  const skipped: Record<string, number> = {};
  for (const { state, reason } of all)
    if (state === 'skipped') skipped[reason ?? 'not told'] = (skipped[reason ?? 'not told'] ?? 0) + 1;
  const before: number[] = [];
  const after = new Map<number, { sent: number; hours: number[] }>();
  for (const { accessed, reminders } of histories) {
    const sent = reminders.flatMap(({ state, hour }) => (state === 'sent' ? [hour] : [])).toSorted((a, b) => a - b);
    if (accessed !== null && !sent.some((hour) => hour <= accessed)) before.push(accessed);
    sent.forEach((hour, index) => {
      const entry = after.get(index + 1) ?? { sent: 0, hours: [] };
      after.set(index + 1, entry);
      entry.sent += 1;
      if (accessed !== null && accessed >= hour && accessed < (sent[index + 1] ?? Infinity))
        entry.hours.push(accessed - hour);
    });
  }
  return {
    due: all.length,
    sent: ofState('sent'),
    unknown: ofState('unknown'),
    failed: ofState('failed'),
    pending: ofState('pending'),
    skipped,
    unreminded: { deliveries: histories.length, accessed: before.length, medianSeconds: median(before) },
    reminded: [...after]
      .sort(([a], [b]) => a - b)
      .map(([nth, { sent, hours }]) => ({
        nth,
        sent,
        accessed: hours.length,
        within24Hours: hours.filter((hour) => hour <= 24).length,
        within7Days: hours.filter((hour) => hour <= 168).length,
        medianSeconds: median(hours),
      })),
  };
}

describe('figures of reminders', () => {
  it('are what a count by hand finds, for random histories, of the one platform', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(history, { maxLength: 12 }), async (histories) => {
        const platformId = await platformWithHistories(histories);
        expect(await figures.of(platformId, {})).toMatchObject(counted(histories));
      }),
      { numRuns: 25 },
    );
  });

  it('take runs by their slot and deliveries by their hand-over, the end left out', async () => {
    const reminder = (hour: number): History['reminders'][number] => ({ hour, state: 'sent', reason: null });
    const platformId = await platformWithHistories([
      { handedOver: 0, accessed: 30, reminders: [reminder(24)] },
      { handedOver: 48, accessed: null, reminders: [reminder(24), reminder(48)] },
    ]);
    const told = await figures.of(platformId, { from: at(0).toISOString(), to: at(48).toISOString() });
    expect(told).toMatchObject({
      from: '2026-03-01T00:00:00.000Z',
      runs: { finished: 1 },
      due: 1,
      unreminded: { deliveries: 1, accessed: 0 },
      reminded: [{ nth: 1, sent: 1, accessed: 1, within24Hours: 1, medianSeconds: 6 * 3600 }],
    });
    // The second reminder of a delivery stays its second, wherever the window begins.
    expect(await figures.of(platformId, { from: at(96).toISOString() })).toMatchObject({ reminded: [{ nth: 2 }] });
  });

  it('refuse an end before the beginning, and an unknown platform', async () => {
    const turned = figuresQuery.safeParse({ from: at(2).toISOString(), to: at(1).toISOString() });
    expect(turned.error?.issues).toMatchObject([{ path: ['to'] }]);
    await expect(figures.of(randomUUID(), {})).rejects.toThrow(NotFound);
  });
});
