import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wallClock } from '../time/index.js';
import { firstOpen, notBefore, type QuietTimes, WEEKDAYS } from './quiet-times.rules.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const none: QuietTimes = { quietHours: null, closedDays: null };
const nights: QuietTimes = { ...none, quietHours: { from: '22:00', to: '07:00' } };
const weekends: QuietTimes = { ...none, closedDays: { weekdays: ['saturday', 'sunday'], dates: [] } };
const both: QuietTimes = { ...nights, ...{ closedDays: weekends.closedDays } };
const year = new Date('2027-01-01T00:00:00Z');

// 2 March 2026 is a Monday.
describe('a reminder that is due goes', () => {
  it.each([
    ['at once where nothing is set', none, 'UTC', '2026-03-02T02:00:00Z', '2026-03-02T02:00:00Z'],
    ['at once by day, to the millisecond', both, 'UTC', '2026-03-02T09:00:00.123Z', '2026-03-02T09:00:00.123Z'],
    ['at once a millisecond before quiet hours', nights, 'UTC', '2026-03-02T21:59:59.999Z', '2026-03-02T21:59:59.999Z'],
    ['after the night when they have just begun', nights, 'UTC', '2026-03-02T22:00:00Z', '2026-03-03T07:00:00Z'],
    ['after the night past midnight', nights, 'UTC', '2026-03-03T06:59:59.999Z', '2026-03-03T07:00:00Z'],
    ['at once when they have just ended', nights, 'UTC', '2026-03-03T07:00:00Z', '2026-03-03T07:00:00Z'],
    [
      'after quiet hours within one day',
      { ...none, quietHours: { from: '12:00', to: '13:30' } },
      'Asia/Kolkata',
      '2026-03-02T06:45:00Z',
      '2026-03-02T08:00:00Z',
    ],
    ['on Monday when it is Saturday', weekends, 'UTC', '2026-03-07T10:00:00Z', '2026-03-09T00:00:00Z'],
    ['on Monday morning with both', both, 'UTC', '2026-03-06T23:00:00Z', '2026-03-09T07:00:00Z'],
    [
      'after a holiday that adjoins the weekend',
      { ...nights, closedDays: { weekdays: ['saturday', 'sunday'], dates: ['2026-03-09', '03-10'] } },
      'UTC',
      '2026-03-07T10:00:00Z',
      '2026-03-11T07:00:00Z',
    ],
    [
      'after a holiday of every year',
      { ...none, closedDays: { weekdays: [], dates: ['12-25', '12-26'] } },
      'Australia/Melbourne',
      '2026-12-24T13:00:00Z',
      '2026-12-26T13:00:00Z',
    ],
    [
      'when the missing hour is over in which quiet hours end',
      { ...none, quietHours: { from: '22:00', to: '02:30' } },
      'Australia/Melbourne',
      '2026-10-03T13:00:00Z',
      '2026-10-03T16:00:00Z',
    ],
    [
      'in the first pass of the hour in which quiet hours end',
      { ...none, quietHours: { from: '22:00', to: '02:30' } },
      'Australia/Melbourne',
      '2026-04-04T13:00:00Z',
      '2026-04-04T15:30:00Z',
    ],
    [
      'after the second pass where it falls into that',
      { ...none, quietHours: { from: '22:00', to: '02:30' } },
      'Australia/Melbourne',
      '2026-04-04T16:10:00Z',
      '2026-04-04T16:30:00Z',
    ],
    [
      'after a closed day whose next has no midnight',
      { ...none, closedDays: { weekdays: ['saturday'], dates: [] } },
      'America/Sao_Paulo',
      '2018-11-03T12:00:00Z',
      '2018-11-04T03:00:00Z',
    ],
  ] satisfies [string, QuietTimes, string, string, string][])('%s', (_, times, zone, now, expected) => {
    expect(notBefore(new Date(now), times, zone, year)).toEqual(new Date(expected));
  });

  it('before expiry: put off until a second before, and not put off to the expiry itself', () => {
    const now = new Date('2026-03-02T23:00:00Z');
    expect(notBefore(now, nights, 'UTC', new Date('2026-03-03T07:00:01Z'))).toEqual(new Date('2026-03-03T07:00:00Z'));
    expect(notBefore(now, nights, 'UTC', new Date('2026-03-03T07:00:00Z'))).toEqual(now);
  });

  it('on a closed day after the quiet hours where it would come too late on the next open day', () => {
    const now = new Date('2026-03-07T02:00:00Z');
    expect(notBefore(now, both, 'UTC', new Date('2026-03-09T07:00:00Z'))).toEqual(new Date('2026-03-07T07:00:00Z'));
    expect(notBefore(now, both, 'UTC', new Date('2026-03-07T07:00:00Z'))).toEqual(now);
  });

  it('as if there were no closed days where every day is closed', () => {
    const always: QuietTimes = { ...nights, closedDays: { weekdays: WEEKDAYS, dates: [] } };
    expect(notBefore(new Date('2026-03-02T23:00:00Z'), always, 'UTC', year)).toEqual(new Date('2026-03-03T07:00:00Z'));
  });
});

const clockTime = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 15, 30, 59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const someTimes: fc.Arbitrary<QuietTimes> = fc.record({
  quietHours: fc.option(
    fc
      .tuple(clockTime, clockTime)
      .filter(([from, to]) => from !== to)
      .map(([from, to]) => ({ from, to })),
    { nil: null, freq: 4 },
  ),
  closedDays: fc.option(
    fc.record({
      weekdays: fc.subarray([...WEEKDAYS], { maxLength: 5 }),
      dates: fc.subarray(['2026-10-04', '2026-04-05', '10-05', '04-06', '2018-11-04', '02-18']),
    }),
    { nil: null },
  ),
});
const somewhere = fc
  .tuple(
    fc.constantFrom(
      ['Australia/Melbourne', '2026-10-03T16:00:00Z'],
      ['Australia/Melbourne', '2026-04-04T16:00:00Z'],
      ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
      ['America/Sao_Paulo', '2018-11-04T03:00:00Z'],
      ['America/Sao_Paulo', '2018-02-18T02:00:00Z'],
      ['Asia/Kathmandu', '2026-03-01T00:00:00Z'],
      ['UTC', '2028-02-29T00:00:00Z'],
    ),
    fc.integer({ min: -36 * 3_600_000, max: 12 * 3_600_000 }),
  )
  .map(([place, offset]) => {
    const [zone, around] = place as [string, string];
    return { zone, now: new Date(Date.parse(around) + offset) };
  });
const RUNS = { numRuns: process.env['DISPATCH_TEST_LONG'] ? 5_000 : 300 };

/** Written anew from what is wanted: by the local date and time of one moment. */
function isOpenAt(moment: number, times: QuietTimes, zone: string): boolean {
  const [date, rest] = wallClock(new Date(moment), zone).toISOString().split('T') as [string, string];
  const time = rest.slice(0, 5);
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const closed = times.closedDays;
  if (closed && [...closed.weekdays].some((day) => WEEKDAYS.indexOf(day) === weekday)) return false;
  if (closed && closed.dates.some((day) => date.endsWith(day))) return false;
  if (!times.quietHours) return true;
  const { from, to } = times.quietHours;
  return from < to ? time < from || time >= to : time >= to && time < from;
}

describe('the moment a reminder goes', () => {
  it('is the first open one, as by looking at every minute', () => {
    fc.assert(
      fc.property(someTimes, somewhere, (times, { zone, now }) => {
        let expected = now.getTime();
        if (!isOpenAt(expected, times, zone)) {
          expected -= expected % MINUTE;
          while (!isOpenAt(expected, times, zone)) expected += MINUTE;
        }
        expect(firstOpen(now, times, zone)).toEqual(new Date(expected));
      }),
      RUNS,
    );
  });

  it('is never before now, and never at or after expiry unless that has passed', () => {
    fc.assert(
      fc.property(someTimes, somewhere, fc.integer({ min: 1, max: 10 * DAY }), (times, { zone, now }, left) => {
        const expiresAt = new Date(now.getTime() + left);
        const at = notBefore(now, times, zone, expiresAt);
        expect(at >= now && at < expiresAt).toBe(true);
        // It waits for nothing but an open moment, or for the end of a night on a closed day, or not at all.
        const isOpen = isOpenAt(at.getTime(), times, zone);
        const isAwake = isOpenAt(at.getTime(), { ...times, closedDays: null }, zone);
        expect(isOpen || isAwake || at.getTime() === now.getTime()).toBe(true);
        // Where it is not open, no moment before expiry is.
        if (!isOpen) {
          const open = firstOpen(now, times, zone);
          expect(open === undefined || open >= expiresAt).toBe(true);
        }
        expect(notBefore(at, times, zone, expiresAt)).toEqual(at);
      }),
      RUNS,
    );
  });
});
