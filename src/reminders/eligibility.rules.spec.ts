import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { departures, newestSlot, nextSlot, type QuietTimes, type Schedule } from '../schedule/index.js';
import { type Candidate, decideReminder, isLast, type Policy } from './eligibility.rules.js';

const DAY = 86_400_000;
const at = (text: string): Date => new Date(text.length === 10 ? `${text}T00:00:00Z` : `${text}Z`);
const weekly: Policy = { minimumAgeMs: DAY, minimumSpacingMs: DAY, maxReminders: null };
const schedule = { schedule: '0 0 * * 6', timeZone: 'UTC' };

const slotsFrom = (of: Schedule) => (moment: Date) => nextSlot(of, new Date(moment.getTime() - 1));

/** Dispatched on the first of March 2025 for thirty days: the vectors of instrument-workflow 6.5. */
const delivery = (fields: Partial<Candidate> = {}): Candidate => ({
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
  ...fields,
});
const because = (candidate: Candidate, now: string, policy = weekly): string => {
  const decision = decideReminder(candidate, policy, at(now));
  return decision.remind ? 'remind' : decision.because;
};

describe('who is reminded: the vectors', () => {
  it.each([
    ['2025-03-01T00:10:00', {}, 'too-young'],
    ['2025-03-08', {}, 'remind'],
    ['2025-03-15', { accessedAt: at('2025-03-14') }, 'accessed'],
    ['2025-03-15', {}, 'remind'],
    ['2025-03-22', { progressAt: at('2025-03-20') }, 'remind'],
    ['2025-03-29', {}, 'remind'],
    ['2025-03-30T23:59:59', {}, 'remind'],
    ['2025-03-31', {}, 'expired'],
  ] as const)('looked at %s: %s', (now, fields, expected) => {
    expect(because(delivery(fields), now)).toBe(expected);
  });

  it('marks the reminder after which no slot falls before expiry as the last', () => {
    const vector = { handedOverAt: at('2025-03-01'), expiresAt: at('2025-03-31'), remindersSent: 3 };
    const lastOn = (day: string): boolean => isLast(vector, weekly, at(day), slotsFrom(schedule));
    expect(lastOn('2025-03-22')).toBe(false);
    expect(lastOn('2025-03-29')).toBe(true);
    expect(lastOn('2025-03-30T23:59:59')).toBe(true);
  });

  it('makes up for the newest missed slot only', () => {
    expect(newestSlot(schedule, at('2025-03-25'))).toEqual(at('2025-03-22'));
    expect(newestSlot(schedule, at('2025-03-08'))).toEqual(at('2025-03-08'));
    expect(newestSlot(schedule, at('2025-03-07T23:59:59'))).toEqual(at('2025-03-01'));
  });
});

describe('who is reminded: the edges', () => {
  it('is old enough at exactly the minimum age', () => {
    expect(because(delivery(), '2025-03-01T23:59:59')).toBe('too-young');
    expect(because(delivery(), '2025-03-02')).toBe('remind');
  });

  it('keeps the spacing since any reminder that was sent or may have been', () => {
    const reminded = delivery({ lastRemindedAt: at('2025-03-08'), remindersSent: 1 });
    expect(because(reminded, '2025-03-08T23:59:59')).toBe('too-soon');
    expect(because(reminded, '2025-03-09')).toBe('remind');
  });

  it('holds while a transfer makes progress, for a day', () => {
    const running = delivery({ progressAt: at('2025-03-08') });
    expect(because(running, '2025-03-08T23:59:59')).toBe('in-progress');
    expect(because(running, '2025-03-09')).toBe('remind');
  });

  it('stops at the cap', () => {
    const capped = { ...weekly, maxReminders: 2 };
    expect(because(delivery({ remindersSent: 1 }), '2025-03-15', capped)).toBe('remind');
    expect(because(delivery({ remindersSent: 2 }), '2025-03-15', capped)).toBe('enough');
  });

  it.each([
    [{ handedOverAt: null, expiresAt: null, revokedAt: at('2025-03-02') }, 'not-sent'],
    [{ revokedAt: at('2025-03-02'), goneAt: at('2025-03-02') }, 'revoked'],
    [{ goneAt: at('2025-03-02'), accessedAt: at('2025-03-02') }, 'gone'],
    [{ accessedAt: at('2025-03-02'), doneAt: at('2025-03-02') }, 'accessed'],
    [{ doneAt: at('2025-03-02'), optedOutAt: at('2025-03-02') }, 'done'],
    [{ optedOutAt: at('2025-03-02'), undeliverableAt: at('2025-03-02') }, 'opted-out'],
    [{ undeliverableAt: at('2025-03-02'), isSuperseded: true }, 'undeliverable'],
    [{ isSuperseded: true, progressAt: at('2025-03-08') }, 'superseded'],
  ] as const)('tells the first reason that holds: %#', (fields, expected) => {
    expect(because(delivery(fields), '2025-03-08')).toBe(expected);
  });
});

describe('who is reminded: for any history', () => {
  const moment = fc.option(fc.date({ min: at('2025-02-20'), max: at('2025-04-10'), noInvalidDate: true }), {
    nil: null,
  });
  const anyDelivery = fc.record({
    handedOverAt: moment,
    expiresAt: moment,
    revokedAt: moment,
    goneAt: moment,
    accessedAt: moment,
    doneAt: moment,
    optedOutAt: moment,
    undeliverableAt: moment,
    isSuperseded: fc.boolean(),
    progressAt: moment,
    lastRemindedAt: moment,
    remindersSent: fc.nat(5),
  });

  it('never reminds at or after expiry, nor who has fetched, said so, or is not to be mailed', () => {
    fc.assert(
      fc.property(
        anyDelivery,
        fc.date({ min: at('2025-02-20'), max: at('2025-04-10'), noInvalidDate: true }),
        (candidate, now) => {
          if (!decideReminder(candidate, weekly, now).remind) return;
          expect(candidate.expiresAt?.getTime()).toBeGreaterThan(now.getTime());
          expect(candidate.handedOverAt?.getTime()).toBeLessThanOrEqual(now.getTime() - DAY);
          expect(candidate.accessedAt === null || candidate.accessedAt > now).toBe(true);
          expect([
            candidate.revokedAt,
            candidate.goneAt,
            candidate.doneAt,
            candidate.optedOutAt,
            candidate.undeliverableAt,
          ]).toEqual([null, null, null, null, null]);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

describe('that it is the last, for any policy', () => {
  const hours = (min: number, max: number) => fc.integer({ min, max }).map((count) => count * 3_600_000);
  const anyPolicy = fc.record({
    minimumAgeMs: hours(1, 96),
    minimumSpacingMs: hours(1, 240),
    maxReminders: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }),
  });
  const anyTimes: fc.Arbitrary<QuietTimes> = fc.record({
    quietHours: fc.option(fc.constantFrom({ from: '22:00', to: '07:00' }, { from: '08:00', to: '10:00' }), {
      nil: null,
    }),
    closedDays: fc.option(fc.constant({ weekdays: ['saturday', 'sunday'] as const, dates: ['03-10'] }), { nil: null }),
  });
  const anySchedule = fc.record({
    schedule: fc.constantFrom('0 0 * * 6', '0 9 * * *', '0 9 * * 1,4', '30 2 * * *', '0 9 1 * *', '0 */6 * * *'),
    timeZone: fc.constantFrom('UTC', 'Australia/Melbourne', 'America/New_York'),
  });

  it('is said exactly where no run before expiry reminds again, were nothing else to happen, of a mail that then goes in time', () => {
    const told = { true: 0, false: 0 };
    fc.assert(
      fc.property(
        anyPolicy,
        anySchedule,
        anyTimes,
        fc.record({
          age: hours(0, 20 * 24),
          left: hours(1, 20 * 24),
          offMs: fc.constantFrom(0, 1, -1),
          sent: fc.nat(3),
        }),
        (policy, slots, times, { age, left, offMs, sent }) => {
          const handedOverAt = at('2025-03-20');
          const chosenAt = new Date(handedOverAt.getTime() + age);
          const expiresAt = new Date(chosenAt.getTime() + left + offMs);
          const goesAt = departures(chosenAt, times, slots.timeZone).find((one) => one < expiresAt) ?? chosenAt;
          const after = delivery({ handedOverAt, expiresAt, lastRemindedAt: goesAt, remindersSent: sent + 1 });
          const comes: Date[] = [];
          for (let slot = nextSlot(slots, goesAt); slot && slot < expiresAt; slot = nextSlot(slots, slot))
            if (decideReminder(after, policy, slot).remind) comes.push(slot);
          const [next] = comes;
          const isLastOne = isLast({ handedOverAt, expiresAt, remindersSent: sent }, policy, goesAt, slotsFrom(slots));
          expect(isLastOne).toBe(next === undefined);
          told[`${isLastOne}`] += 1;
          if (next) expect(departures(next, times, slots.timeZone).some((one) => one < expiresAt)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
    // Both were met often.
    expect(Math.min(told.true, told.false)).toBeGreaterThan(200);
  });
});
