import { describe, expect, it } from '@jest/globals';
import { isSameSlot, isSchedule, newestSlot, nextSlot, slotLabel } from './slots.rules.js';

/** Slots after `from`, in order. */
function slotsFrom(schedule: string, timeZone: string, from: string, count: number): string[] {
  const found: string[] = [];
  let slot = nextSlot({ schedule, timeZone }, new Date(from));
  for (; slot && found.length < count; slot = nextSlot({ schedule, timeZone }, slot)) found.push(brief(slot));
  return found;
}

/** `2026-03-01 22:30`, in UTC. */
const brief = (instant: Date): string => instant.toISOString().slice(0, 16).replace('T', ' ');

const instantOf = (text: string, plusMs: number): Date => new Date(Date.parse(`${text.replace(' ', 'T')}Z`) + plusMs);

// Changes of clocks as the IANA database 2025c tells them.
const TABLE: [what: string, schedule: string, zone: string, from: string, slots: string[]][] = [
  [
    'nine o’clock when clocks go forward in Melbourne',
    '0 9 * * *',
    'Australia/Melbourne',
    '2026-10-02T12:00:00Z',
    ['2026-10-02 23:00', '2026-10-03 22:00', '2026-10-04 22:00'],
  ],
  [
    'nine o’clock when clocks go back in Melbourne',
    '0 9 * * *',
    'Australia/Melbourne',
    '2026-04-03T12:00:00Z',
    ['2026-04-03 22:00', '2026-04-04 23:00', '2026-04-05 23:00'],
  ],
  [
    '02:30 on the day that has none: when the missing hour is over',
    '30 2 * * *',
    'Australia/Melbourne',
    '2026-10-03T12:00:00Z',
    ['2026-10-03 16:00', '2026-10-04 15:30'],
  ],
  [
    '02:30 on the day that has two: the first',
    '30 2 * * *',
    'Australia/Melbourne',
    '2026-04-04T12:00:00Z',
    ['2026-04-04 15:30', '2026-04-05 16:30'],
  ],
  [
    'a list of hours with the missing one',
    '30 2,14 * * *',
    'Australia/Melbourne',
    '2026-10-03T12:00:00Z',
    ['2026-10-03 16:00', '2026-10-04 03:30', '2026-10-04 15:30'],
  ],
  [
    'a list of hours with the doubled one',
    '30 2,14 * * *',
    'Australia/Melbourne',
    '2026-04-04T12:00:00Z',
    ['2026-04-04 15:30', '2026-04-05 04:30', '2026-04-05 16:30'],
  ],
  [
    'two minutes of the missing hour: one slot when it is over',
    '15,45 2 * * *',
    'Australia/Melbourne',
    '2026-10-03T12:00:00Z',
    ['2026-10-03 16:00', '2026-10-04 15:15', '2026-10-04 15:45'],
  ],
  [
    'every quarter of an hour across the missing hour',
    '*/15 * * * *',
    'Australia/Melbourne',
    '2026-10-03T15:30:00Z',
    ['2026-10-03 15:45', '2026-10-03 16:00', '2026-10-03 16:15'],
  ],
  [
    'every quarter of an hour across the doubled hour',
    '*/15 * * * *',
    'Australia/Melbourne',
    '2026-04-04T15:30:00Z',
    ['2026-04-04 15:45', '2026-04-04 16:00', '2026-04-04 16:15', '2026-04-04 16:30'],
  ],
  [
    'a missing half hour on Lord Howe',
    '15 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-03T00:00:00Z',
    ['2026-10-03 15:30', '2026-10-04 15:15'],
  ],
  [
    'a doubled half hour on Lord Howe',
    '45 1 * * *',
    'Australia/Lord_Howe',
    '2026-04-03T16:00:00Z',
    ['2026-04-04 14:45', '2026-04-05 15:15'],
  ],
  [
    'every quarter of an hour across the doubled half hour',
    '*/15 * * * *',
    'Australia/Lord_Howe',
    '2026-04-04T14:30:00Z',
    ['2026-04-04 14:45', '2026-04-04 15:00', '2026-04-04 15:15', '2026-04-04 15:30'],
  ],
  [
    'nine o’clock at half past three in Kolkata, all year',
    '0 9 1 1,7 *',
    'Asia/Kolkata',
    '2026-01-01T00:00:00Z',
    ['2026-01-01 03:30', '2026-07-01 03:30'],
  ],
  [
    'nine o’clock in Kathmandu, a quarter of an hour earlier since 1986',
    '0 9 * * *',
    'Asia/Kathmandu',
    '1985-12-31T00:00:00Z',
    ['1985-12-31 03:30', '1986-01-01 03:15'],
  ],
  [
    'a missing hour in New York',
    '0 2 * * *',
    'America/New_York',
    '2026-03-07T00:00:00Z',
    ['2026-03-07 07:00', '2026-03-08 07:00', '2026-03-09 06:00'],
  ],
  [
    'a doubled hour in New York',
    '30 1 * * *',
    'America/New_York',
    '2026-10-31T00:00:00Z',
    ['2026-10-31 05:30', '2026-11-01 05:30', '2026-11-02 06:30'],
  ],
  [
    'a midnight that was not in São Paulo',
    '0 0 * * *',
    'America/Sao_Paulo',
    '2018-11-03T00:00:00Z',
    ['2018-11-03 03:00', '2018-11-04 03:00', '2018-11-05 02:00'],
  ],
  [
    'no change of clocks in São Paulo any more',
    '0 0 * * *',
    'America/Sao_Paulo',
    '2026-10-31T00:00:00Z',
    ['2026-10-31 03:00', '2026-11-01 03:00', '2026-11-02 03:00'],
  ],
  [
    'no slot on a day that was left out in Samoa',
    '0 9 * * *',
    'Pacific/Apia',
    '2011-12-28T10:00:00Z',
    ['2011-12-28 19:00', '2011-12-29 19:00', '2011-12-30 19:00'],
  ],
  [
    'no Friday in the week without one in Samoa',
    '0 9 * * 5',
    'Pacific/Apia',
    '2011-12-20T10:00:00Z',
    ['2011-12-23 19:00', '2012-01-05 19:00'],
  ],
  [
    'nine o’clock an hour later during Ramadan in Casablanca',
    '0 9 * * *',
    'Africa/Casablanca',
    '2026-02-14T00:00:00Z',
    ['2026-02-14 08:00', '2026-02-15 09:00', '2026-02-16 09:00'],
  ],
  [
    'a missing hour at the end of Ramadan',
    '30 2 * * *',
    'Africa/Casablanca',
    '2026-03-21T00:00:00Z',
    ['2026-03-21 02:30', '2026-03-22 02:00', '2026-03-23 01:30'],
  ],
  ['leap days only', '0 9 29 2 *', 'UTC', '2025-01-01T00:00:00Z', ['2028-02-29 09:00', '2032-02-29 09:00']],
  [
    'no leap day in a century that is none',
    '0 9 29 2 *',
    'UTC',
    '2095-01-01T00:00:00Z',
    ['2096-02-29 09:00', '2104-02-29 09:00'],
  ],
  [
    'months without a 31st are left out',
    '0 9 31 * *',
    'UTC',
    '2026-01-31T10:00:00Z',
    ['2026-03-31 09:00', '2026-05-31 09:00'],
  ],
  [
    'the last day of each month',
    '0 9 L * *',
    'UTC',
    '2028-01-31T10:00:00Z',
    ['2028-02-29 09:00', '2028-03-31 09:00', '2028-04-30 09:00'],
  ],
  [
    'day of month and day of week: either will do',
    '0 9 13 * 5',
    'UTC',
    '2026-02-27T10:00:00Z',
    ['2026-03-06 09:00', '2026-03-13 09:00', '2026-03-20 09:00'],
  ],
  [
    'with a plus before the day of week: both',
    '0 9 13 * +5',
    'UTC',
    '2026-01-01T00:00:00Z',
    ['2026-02-13 09:00', '2026-03-13 09:00', '2026-11-13 09:00'],
  ],
  [
    'the first Monday of each month',
    '0 9 * * MON#1',
    'UTC',
    '2026-01-01T00:00:00Z',
    ['2026-01-05 09:00', '2026-02-02 09:00'],
  ],
  ['Sunday is 0 and 7', '0 9 * * 7', 'UTC', '2026-03-01T00:00:00Z', ['2026-03-01 09:00', '2026-03-08 09:00']],
  [
    'six fields: seconds first',
    '30 59 8 * * 1',
    'UTC',
    '2026-03-01T00:00:00Z',
    ['2026-03-02 08:59', '2026-03-09 08:59'],
  ],
];

describe('slots', () => {
  it.each(TABLE)('%s', (_, schedule, zone, from, expected) => {
    expect(slotsFrom(schedule, zone, from, expected.length)).toEqual(expected);
    // Backwards the same.
    const last = nextSlot({ schedule, timeZone: zone }, instantOf(expected.at(-1) ?? '', -1));
    const backwards: string[] = [];
    for (let slot = last; slot && backwards.length < expected.length;) {
      backwards.unshift(brief(slot));
      slot = newestSlot({ schedule, timeZone: zone }, new Date(slot.getTime() - 1));
    }
    expect(backwards).toEqual(expected);
  });

  it('tell seconds exactly', () => {
    const schedule = { schedule: '30 59 8 * * 1', timeZone: 'UTC' };
    expect(nextSlot(schedule, new Date('2026-03-01T00:00:00Z'))).toEqual(new Date('2026-03-02T08:59:30Z'));
    expect(newestSlot(schedule, new Date('2026-03-02T08:59:30.999Z'))).toEqual(new Date('2026-03-02T08:59:30Z'));
    expect(newestSlot(schedule, new Date('2026-03-02T08:59:29.999Z'))).toEqual(new Date('2026-02-23T08:59:30Z'));
  });

  it.each(['0 9 * * 1', '*/5 * * * * *', '0 0 1 1 *', '0 9 29 2 *', '0 9 L * *', '0 9 * * MON-FRI', '0 9 1-7 * +MON'])(
    '%s is a schedule',
    (text) => {
      expect(isSchedule(text)).toBe(true);
    },
  );

  it.each(['', 'monday', '0 9 * *', '61 * * * *', '* * * * * * *', '0 0 31 2 *', '@weekly', '0 24 * * *'])(
    '%j is none',
    (text) => {
      expect(isSchedule(text)).toBe(false);
    },
  );
});

describe('a slot is known again by the local time it stands for', () => {
  const nine = { schedule: '0 9 * * 1', timeZone: 'Australia/Melbourne' };
  const monday = new Date('2026-03-01T22:00:00Z');

  it.each([
    ['what clocks show', '0 9 * * 1', '2026-03-01T22:00:00Z', '2026-03-02T09:00:00'],
    ['what the schedule says where clocks leave it out', '30 2 * * *', '2026-10-03T16:00:00Z', '2026-10-04T02:30:00'],
    ['seconds and all', '10 0 9 * * 1', '2026-03-01T22:00:10Z', '2026-03-02T09:00:10'],
  ])('%s', (_, schedule, slot, label) => {
    expect(slotLabel({ schedule, timeZone: 'Australia/Melbourne' }, new Date(slot))).toBe(label);
  });

  it('is the same slot when the data of the zone put it an hour apart, earlier or later', () => {
    for (const hours of [-1, 1, 0.5])
      expect(
        isSameSlot(nine, monday, {
          slot: new Date(monday.getTime() + hours * 3_600_000),
          label: '2026-03-02T09:00:00',
        }),
      ).toBe(true);
  });

  it('is the same slot when the data of the zone took a missing hour away', () => {
    // By the former data clocks went from 02:00 to 03:00 on 1 March, and 02:30 was met at 03:00.
    const halfPastTwo = { schedule: '30 2 * * *', timeZone: 'Australia/Melbourne' };
    const former = { slot: new Date('2026-02-28T15:00:00Z'), label: '2026-03-01T02:30:00' };
    expect(isSameSlot(halfPastTwo, new Date('2026-02-28T15:30:00Z'), former)).toBe(true);
  });

  it('is another slot in the second pass of a doubled hour, a week later, and under another schedule', () => {
    const quarters = { schedule: '*/15 * * * *', timeZone: 'Australia/Melbourne' };
    const first = { slot: new Date('2026-04-04T15:15:00Z'), label: '2026-04-05T02:15:00' };
    expect(slotLabel(quarters, first.slot)).toBe(first.label);
    expect(isSameSlot(quarters, new Date('2026-04-04T16:15:00Z'), first)).toBe(false);
    const lastWeek = { slot: new Date('2026-02-22T22:00:00Z'), label: '2026-02-23T09:00:00' };
    expect(isSameSlot(nine, monday, lastWeek)).toBe(false);
  });
});
