// Slots against a second way to find them: every minute is looked at, with the zone's clock at it.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wallClock } from '../time/index.js';
import { newestSlot, nextSlot } from './slots.rules.js';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const BEFORE = 4 * DAY;
const MINUTES = (BEFORE + 3 * DAY) / MINUTE;

interface Field {
  text: string;
  has: (value: number) => boolean;
  isStepped: boolean;
}

const any: Field = { text: '*', has: () => true, isStepped: true };
const list = (values: number[]): Field => ({
  text: values.join(','),
  has: (value) => values.includes(value),
  isStepped: false,
});
const range = (from: number, to: number): Field => ({
  text: `${from}-${to}`,
  has: (value) => value >= from && value <= to,
  isStepped: false,
});
const every = (step: number): Field => ({ text: `*/${step}`, has: (value) => value % step === 0, isStepped: true });

const field = (max: number): fc.Arbitrary<Field> =>
  fc.oneof(
    fc
      .uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 3 })
      .map((values) => list(values.sort((a, b) => a - b))),
    fc
      .tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max }))
      .map(([a, b]) => range(Math.min(a, b), Math.max(a, b))),
    fc.integer({ min: 2, max: 12 }).map(every),
  );
/** Hours around which clocks are changed are met often. */
const hours = fc.oneof(field(23), fc.constantFrom(list([2]), list([1, 2, 3]), range(0, 3), list([0]), any));
const weekdays = fc.oneof(
  fc.constant(any),
  fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }).map(list),
);

/** Around changes of clocks, half an hour, an hour and a whole day, and where there are none. */
const places = fc.constantFrom(
  ['Australia/Melbourne', '2026-10-03T16:00:00Z'],
  ['Australia/Melbourne', '2026-04-04T16:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['Asia/Kathmandu', '2026-03-01T00:00:00Z'],
  ['UTC', '2028-02-29T00:00:00Z'],
);

const clocks = new Map<string, Date[]>();

/** What clocks show at every minute of the days around `middle`. */
function clocksAround(middle: number, zone: string): Date[] {
  const key = `${zone} ${middle}`;
  let shown = clocks.get(key);
  if (!shown) {
    shown = Array.from({ length: MINUTES }, (_, index) => wallClock(new Date(middle - BEFORE + index * MINUTE), zone));
    clocks.set(key, shown);
  }
  return shown;
}

/** Every slot in the days around `middle`, by looking at each minute. */
function slotsAround(middle: number, zone: string, minutes: Field, hour: Field, days: Field): number[] {
  const isMet = (wall: Date) =>
    minutes.has(wall.getUTCMinutes()) && hour.has(wall.getUTCHours()) && days.has(wall.getUTCDay());
  const isOfDay = !minutes.isStepped && !hour.isStepped;
  const found: number[] = [];
  let latest = -Infinity;
  for (const [index, wall] of clocksAround(middle, zone).entries()) {
    const isRepeated = wall.getTime() <= latest;
    let isSlot = isMet(wall) && !(isOfDay && isRepeated);
    // Times of this day that clocks have just left out.
    if (isOfDay && index > 0)
      for (let missed = latest + MINUTE; missed < wall.getTime(); missed += MINUTE)
        if (new Date(missed).getUTCDate() === wall.getUTCDate() && isMet(new Date(missed))) isSlot = true;
    latest = Math.max(latest, wall.getTime());
    if (isSlot && index > 0) found.push(middle - BEFORE + index * MINUTE);
  }
  return found;
}

describe('slots by minute', () => {
  it('are the newest and the next slot of any schedule at any moment around changes of clocks', () => {
    const offset = fc.integer({ min: -2 * DAY, max: 2 * DAY });
    fc.assert(
      fc.property(
        places,
        field(59),
        hours,
        weekdays,
        fc.array(offset, { minLength: 5, maxLength: 5 }),
        (place, minutes, hour, days, offsets) => {
          const [timeZone, around] = place as [string, string];
          const middle = Date.parse(around);
          const schedule = { schedule: `${minutes.text} ${hour.text} * * ${days.text}`, timeZone };
          const slots = slotsAround(middle, timeZone, minutes, hour, days);
          // The moment itself, and just before and after each change, too.
          for (const moment of [...offsets, -1, 0, 1].map((ms) => middle + ms)) {
            const newest = slots.filter((slot) => slot <= moment).at(-1);
            const next = slots.find((slot) => slot > moment);
            if (newest !== undefined) expect(newestSlot(schedule, new Date(moment))).toEqual(new Date(newest));
            if (next !== undefined) expect(nextSlot(schedule, new Date(moment))).toEqual(new Date(next));
          }
        },
      ),
      { numRuns: process.env['DISPATCH_TEST_LONG'] ? 3_000 : 150 },
    );
  });

  it('agree forwards and backwards: the newest slot at a slot is that slot', () => {
    const zone = fc.constantFrom(
      'Australia/Melbourne',
      'America/New_York',
      'Australia/Lord_Howe',
      'Europe/Berlin',
      'UTC',
    );
    const pattern = fc.constantFrom(
      '0 9 * * 1',
      '0 0 * * 6',
      '15 3 1 * *',
      '*/10 * * * * *',
      '0 9 29 2 *',
      '0 9 L * *',
      '0 9 1-7 * +1',
    );
    const moment = fc.date({ min: new Date('2024-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(zone, pattern, moment, (timeZone, schedule, now) => {
        const next = nextSlot({ schedule, timeZone }, now);
        if (!next) return;
        expect(next.getTime()).toBeGreaterThan(now.getTime());
        expect(newestSlot({ schedule, timeZone }, next)).toEqual(next);
        const newest = newestSlot({ schedule, timeZone }, now);
        expect(newest === undefined || newest <= now).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
