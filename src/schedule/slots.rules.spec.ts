import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSchedule, newestSlot, nextSlot } from './slots.rules.js';
import { scheduleWarnings } from './warnings.rules.js';

const nine = (timeZone: string) => ({ schedule: '0 9 * * *', timeZone });

describe('slots', () => {
  it('are at nine local time on both change days in Melbourne, once', () => {
    const zone = nine('Australia/Melbourne');
    // Clocks go forward on 4 October 2026 and back on 5 April 2026.
    expect(nextSlot(zone, new Date('2026-10-03T00:00:00Z'))).toEqual(new Date('2026-10-03T22:00:00Z'));
    expect(nextSlot(zone, new Date('2026-10-03T22:00:00Z'))).toEqual(new Date('2026-10-04T22:00:00Z'));
    expect(nextSlot(zone, new Date('2026-04-04T00:00:00Z'))).toEqual(new Date('2026-04-04T23:00:00Z'));
    expect(nextSlot(zone, new Date('2026-04-04T23:00:00Z'))).toEqual(new Date('2026-04-05T23:00:00Z'));
  });

  it('take the missing hour of the spring change at the hour after it, once', () => {
    const missing = { schedule: '30 2 * * *', timeZone: 'Australia/Melbourne' };
    const first = nextSlot(missing, new Date('2026-10-03T12:00:00Z'));
    expect(first).toEqual(new Date('2026-10-03T16:00:00Z'));
    expect(nextSlot(missing, first ?? new Date(0))).toEqual(new Date('2026-10-04T15:30:00Z'));
  });

  it.each([
    ['Asia/Kolkata', '2026-03-02T03:30:00Z'],
    ['Australia/Lord_Howe', '2026-03-01T22:00:00Z'],
    ['America/New_York', '2026-03-02T14:00:00Z'],
    ['America/Sao_Paulo', '2026-03-02T12:00:00Z'],
    ['UTC', '2026-03-02T09:00:00Z'],
  ])('know %s', (zone, expected) => {
    expect(nextSlot(nine(zone), new Date('2026-03-01T15:00:00Z'))).toEqual(new Date(expected));
  });

  it('agree forwards and backwards: the newest slot at a slot is that slot', () => {
    const zone = fc.constantFrom(
      'Australia/Melbourne',
      'America/New_York',
      'Australia/Lord_Howe',
      'Europe/Berlin',
      'UTC',
    );
    const pattern = fc.constantFrom('0 9 * * 1', '0 0 * * 6', '15 3 1 * *', '*/10 * * * * *');
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

  it.each(['0 9 * * 1', '*/5 * * * * *', '0 0 1 1 *'])('%s is a schedule', (text) => {
    expect(isSchedule(text)).toBe(true);
  });

  it.each(['', 'monday', '0 9 * *', '61 * * * *', '* * * * * * *', '0 0 31 2 *'])('%j is none', (text) => {
    expect(isSchedule(text)).toBe(false);
  });
});

describe('warnings about schedules', () => {
  const use = {
    schedule: '0 9 * * 1',
    timeZone: 'UTC',
    linkLifetimeMs: 30 * 86_400_000,
    minimumAgeMs: 86_400_000,
    now: new Date('2026-03-01T00:00:00Z'),
  };

  it('has none about a weekly reminder for thirty days', () => {
    expect(scheduleWarnings(use)).toEqual([]);
  });

  it('warns when no reminder can come before expiry, with an example', () => {
    expect(scheduleWarnings({ ...use, linkLifetimeMs: 2 * 86_400_000 })[0]).toMatch(
      /never reminded: links sent at 2026/,
    );
    expect(scheduleWarnings({ ...use, minimumAgeMs: 31 * 86_400_000 })[0]).toMatch(/No reminder can ever be sent/);
  });

  it('warns when reminders come absurdly often', () => {
    expect(scheduleWarnings({ ...use, schedule: '* * * * *' })[0]).toMatch(/very often/);
  });
});
