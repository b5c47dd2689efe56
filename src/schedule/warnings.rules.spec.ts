import { describe, expect, it } from '@jest/globals';
import { scheduleWarnings } from './warnings.rules.js';
import { WEEKDAYS } from './quiet-times.rules.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const use = {
  schedule: '0 9 * * 1',
  timeZone: 'UTC',
  linkLifetimeMs: 30 * DAY,
  minimumAgeMs: DAY,
  minimumSpacingMs: DAY,
  maxReminders: null,
  quietHours: null,
  closedDays: null,
  now: new Date('2026-03-01T00:00:00Z'),
};

describe('warnings about schedules', () => {
  it.each([
    ['weekly for thirty days', {}],
    ['daily for thirty days', { schedule: '0 9 * * *', minimumSpacingMs: 23 * HOUR }],
    [
      'every ten seconds for two minutes, as tests have it',
      {
        schedule: '*/10 * * * * *',
        linkLifetimeMs: 120_000,
        minimumAgeMs: 1_000,
        minimumSpacingMs: 1_000,
      },
    ],
    [
      'nights and weekends that leave some slots open',
      {
        schedule: '0 9 * * *',
        minimumSpacingMs: 23 * HOUR,
        quietHours: { from: '22:00', to: '07:00' },
        closedDays: { weekdays: ['saturday', 'sunday'] as const, dates: [] },
      },
    ],
  ])('there are none: %s', (_, fields) => {
    expect(scheduleWarnings({ ...use, ...fields })).toEqual([]);
  });

  it('tells of deliveries that end before any reminder can come, with one of them', () => {
    expect(scheduleWarnings({ ...use, linkLifetimeMs: 2 * DAY })).toEqual([
      'Some deliveries are never reminded: links sent at 2026-03-01T12:00:00.000Z end at 2026-03-03T12:00:00.000Z, and the first reminder after the minimum age would be due at 2026-03-09T09:00:00.000Z.',
    ]);
    expect(scheduleWarnings({ ...use, minimumAgeMs: 30 * DAY })).toEqual([
      'No reminder can ever be sent: the minimum age is not shorter than the lifetime of the links.',
    ]);
    expect(scheduleWarnings({ ...use, schedule: '0 9 29 2 *' })[0]).toContain(
      'would be due at 2028-02-29T09:00:00.000Z',
    );
  });

  it('tells of reminders that come very often, with the first two', () => {
    const often = { ...use, schedule: '*/5 * * * *', minimumSpacingMs: 1_000 };
    expect(scheduleWarnings(often)).toEqual([
      'Reminders come very often: links sent at 2026-03-01T00:00:00.000Z and never used would be reminded of more than 30 times before they end at 2026-03-31T00:00:00.000Z, at 2026-03-02T00:00:00.000Z, 2026-03-02T00:05:00.000Z and so on.',
    ]);
    expect(scheduleWarnings({ ...use, schedule: '0 */12 * * *', minimumSpacingMs: HOUR })[0]).toMatch(
      /^Reminders come very/,
    );
  });

  it('tells of runs that come very often where spacing or a cap keeps reminders few', () => {
    expect(scheduleWarnings({ ...use, schedule: '*/5 * * * *', minimumSpacingMs: 7 * DAY })).toEqual([
      'Runs come very often: at 2026-03-01T00:05:00.000Z, 2026-03-01T00:10:00.000Z and so on, more than 400 times before links sent at 2026-03-01T00:00:00.000Z end at 2026-03-31T00:00:00.000Z, for 5 reminders of one delivery.',
    ]);
    expect(scheduleWarnings({ ...use, schedule: '*/5 * * * *', minimumSpacingMs: 1_000, maxReminders: 1 })[0]).toMatch(
      /for one reminder of one delivery/,
    );
  });

  it.each([
    ['daily, spaced by a day', { schedule: '0 9 * * *' }, '2026-03-01T09:00:00.000Z', '2026-03-02T09:00:00.000Z'],
    ['weekly, spaced by a week', { minimumSpacingMs: 7 * DAY }, '2026-03-02T09:00:00.000Z', '2026-03-09T09:00:00.000Z'],
    [
      'twice a day, spaced by what lies between the two',
      { schedule: '0 9,17 * * *', minimumSpacingMs: 8 * HOUR },
      '2026-03-01T09:00:00.000Z',
      '2026-03-01T17:00:00.000Z',
    ],
  ])('tells of runs that find too soon whom the run before reminded: %s', (_, fields, first, second) => {
    expect(scheduleWarnings({ ...use, maxReminders: 9, ...fields })).toEqual([
      `Some runs find too soon whom the run before reminded: those of ${first} and ${second} are no further apart than the minimum spacing, which counts from the moment at which a reminder was sent, after its run had begun. With a minimumSpacing that is an hour shorter each run reminds.`,
    ]);
  });

  it.each([
    [
      'clocks go forward once in the meantime',
      { schedule: '0 9 * * *', minimumSpacingMs: 23 * HOUR, timeZone: 'Europe/Berlin' },
    ],
    ['there is one reminder at most', { schedule: '0 9 * * *', maxReminders: 1 }],
    ['links end before a second one', { schedule: '0 9 * * *', linkLifetimeMs: 2 * DAY }],
    ['runs are much more frequent than reminders', { schedule: '0 * * * *', linkLifetimeMs: 10 * DAY }],
  ])('says nothing of spacing where %s', (_, fields) => {
    expect(scheduleWarnings({ ...use, ...fields }).filter((text) => text.includes('too soon'))).toEqual([]);
  });

  it('tells of quiet hours that hold every slot, in the platform’s zone', () => {
    const fields = {
      timeZone: 'Australia/Melbourne',
      schedule: '0 5 * * 1',
      quietHours: { from: '22:00', to: '07:00' },
    };
    expect(scheduleWarnings({ ...use, ...fields })).toEqual([
      'Every run falls into the quiet hours: the reminders of 2026-03-02T05:00:00.000+11:00 wait until 2026-03-02T07:00:00.000+11:00, and where the links end before, they go in spite of them.',
    ]);
  });

  it('tells of closed days that hold every slot, and of both together', () => {
    const closedDays = { weekdays: ['monday'] as const, dates: [] };
    expect(scheduleWarnings({ ...use, closedDays })[0]).toBe(
      'Every run falls into closed days: the reminders of 2026-03-02T09:00:00.000Z wait until 2026-03-03T00:00:00.000Z, and where the links end before, they go in spite of them.',
    );
    const twice = { schedule: '0 5 * * 0,1', quietHours: { from: '04:00', to: '06:00' }, minimumSpacingMs: HOUR };
    expect(scheduleWarnings({ ...use, ...twice, closedDays })[0]).toMatch(/^Every run falls into the quiet hours:/);
    const mixed = { schedule: '0 5 * * 0,2', closedDays: { weekdays: ['tuesday'] as const, dates: ['2026-03-08'] } };
    expect(scheduleWarnings({ ...use, ...mixed })).toEqual([]);
    const split = { schedule: '0 5,12 * * 1', quietHours: { from: '04:00', to: '06:00' } };
    expect(scheduleWarnings({ ...use, ...split })).toEqual([]);
  });

  it('tells that no day is left open', () => {
    expect(scheduleWarnings({ ...use, closedDays: { weekdays: WEEKDAYS, dates: [] } })[0]).toMatch(
      /^Every day is closed/,
    );
  });
});
