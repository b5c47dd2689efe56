import { describe, expect, it } from '@jest/globals';
import { isGivenUp, isNews, isUnchanged, lookAfter, lookAt, pauseSeconds } from './later-looks.rules.js';

const completed = new Date('2026-03-01T09:00:00Z');
const after = (time: string): Date => new Date(completed.getTime() + Date.parse(`1970-01-01T${time}Z`));
const days = (count: number): Date => new Date(completed.getTime() + count * 86_400_000);

describe('a complete upload', () => {
  it('is looked at after an hour and after a day', () => {
    expect(lookAt(completed, 1, after('01:00:00'))).toBe(1);
    expect(lookAfter(completed, 1, 'unchanged')).toEqual({ look: 2, dueAt: days(1) });
    expect(lookAfter(completed, 2, 'unchanged')).toBeUndefined();
  });

  it('is looked at once where both looks have become due', () => {
    expect(lookAt(completed, 1, new Date(days(1).getTime() - 1))).toBe(1);
    expect(lookAt(completed, 1, days(1))).toBe(2);
    expect(lookAt(completed, 1, days(9))).toBe(2);
  });

  it('is looked at as planned by a server whose clock is behind', () => {
    expect(lookAt(completed, 1, after('00:59:50'))).toBe(1);
    expect(lookAt(completed, 2, after('23:59:50'))).toBe(2);
  });

  it('is not looked at again once its folder is gone, and is after any other finding', () => {
    expect(lookAfter(completed, 1, 'gone')).toBeUndefined();
    for (const finding of ['unchanged', 'as-verified', 'changed', 'not-seen'] as const)
      expect(lookAfter(completed, 1, finding)?.look).toBe(2);
  });

  it('is unchanged only where both numbers are those that were verified', () => {
    const verified = { count: 3, stime: 70 };
    expect(isUnchanged(verified, { count: 3, stime: 70 })).toBe(true);
    expect(isUnchanged(verified, { count: 3, stime: 71 })).toBe(false);
    expect(isUnchanged(verified, { count: 2, stime: 70 })).toBe(false);
  });
});

describe('what a look found', () => {
  it('is news when files differ, and not a second time', () => {
    expect(isNews(undefined, 'changed', { hash: 'a' })).toBe(true);
    expect(isNews({ finding: 'changed', hash: 'a' }, 'changed', { hash: 'a' })).toBe(false);
    expect(isNews({ finding: 'changed', hash: 'a' }, 'changed', { hash: 'b' })).toBe(true);
    expect(isNews({ finding: 'unchanged', hash: null }, 'changed', { hash: 'a' })).toBe(true);
  });

  it.each(['unchanged', 'as-verified', 'gone', 'not-seen'] as const)('is no news: %s', (finding) => {
    expect(isNews(undefined, finding, { hash: null })).toBe(false);
    expect(isNews({ finding: 'changed', hash: 'a' }, finding, { hash: null })).toBe(false);
  });
});

describe('a look that could not be made', () => {
  it('is tried again ever more slowly, up to an hour, and soon where Mediaflux is away', () => {
    expect([0, 1, 5, 6, 100].map((failures) => pauseSeconds(false, failures))).toEqual([60, 120, 1_920, 3_600, 3_600]);
    expect([0, 100].map((failures) => pauseSeconds(true, failures))).toEqual([10, 10]);
  });

  it("is given up after a week's tries where Mediaflux refuses it, and never while Mediaflux is away", () => {
    // Six in the first 63 minutes, then one an hour: 7 * 24 - 1.05 of them.
    expect(isGivenUp(false, 0)).toBe(false);
    expect(isGivenUp(false, 6 + 166)).toBe(false);
    expect(isGivenUp(false, 6 + 167)).toBe(true);
    expect(isGivenUp(true, 1_000_000)).toBe(false);
  });
});
