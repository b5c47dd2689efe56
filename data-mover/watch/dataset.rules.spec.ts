import { describe, expect, it } from '@jest/globals';
import {
  absent,
  afterClockSet,
  clockSetBy,
  type DatasetRecord,
  dueAtOnce,
  failed,
  heldUp,
  inTurn,
  isFinished,
  isPausing,
  isThatDataset,
  isToBeLookedAtAgain,
  isToBeTried,
  looked,
  lookedAfterwards,
  newRecord,
} from './dataset.rules.js';

const DAY_MS = 86_400_000;
const uploaded: DatasetRecord = { ...newRecord('look', 0), state: 'uploaded', identity: '7-100' };

describe('a dataset that is not in the watched folder', () => {
  it('is remembered for 90 days from when it was missed first, and not longer', () => {
    const missed = absent(uploaded, 1_000);
    expect(missed).toEqual({ ...uploaded, absentSince: 1_000 });
    expect(missed && absent(missed, 1_000 + 90 * DAY_MS - 1)).toBe(missed);
    expect(missed && absent(missed, 1_000 + 90 * DAY_MS)).toBeUndefined();
  });
});

describe('a folder of an uploaded dataset’s name', () => {
  it('is that dataset when its number and when it was made are the same, also after it was away', () => {
    expect(isThatDataset(uploaded, '7-100')).toBe(true);
    expect(isThatDataset({ ...uploaded, absentSince: 1 }, '7-100')).toBe(true);
    expect(isThatDataset(uploaded, '7-101')).toBeUndefined();
  });

  it('is that dataset where the file system tells no such thing, unless it was away', () => {
    expect(isThatDataset(uploaded, undefined)).toBe(true);
    expect(isThatDataset({ ...uploaded, absentSince: 1 }, undefined)).toBeUndefined();
  });
});

describe('a clock that was set', () => {
  const quiet = { readyAfterMs: 600_000 };

  it('is told from one that is put right in passing', () => {
    const before = { now: 1_000_000, steady: 500 };
    expect(clockSetBy(before, { now: 1_030_000, steady: 30_500 })).toBe(0);
    expect(clockSetBy(before, { now: 1_034_000, steady: 30_500 })).toBe(0);
    expect(clockSetBy(before, { now: 8_230_000, steady: 30_500 })).toBe(7_200_000);
    expect(clockSetBy(before, { now: 30_000, steady: 30_500 })).toBe(-1_000_000);
  });

  it('makes nothing finished and no pause longer: what was noted is moved with it', () => {
    const record = { ...newRecord('look', 1_000), nextTryAt: 61_000, state: 'failed' as const };
    const moved = afterClockSet(record, 7_200_000);
    expect(isFinished(moved, false, quiet, 7_201_000 + 599_999)).toBe(false);
    expect(isFinished(moved, false, quiet, 7_201_000 + 600_000)).toBe(true);
    expect(isToBeTried(moved, 60_000, 7_260_999)).toBe(false);
    expect(isToBeTried(moved, 60_000, 7_261_000)).toBe(true);
    expect(afterClockSet(newRecord('look', 1_000), 5)).toMatchObject({ nextTryAt: 0, absentSince: undefined });
  });

  it('while the program was not running leaves no dataset waiting for a time years away', () => {
    const future = newRecord('look', 9e12);
    expect(looked(future, 'look', 1_000).unchangedSince).toBe(1_000);
    expect(isToBeTried(failed({ ...future, attempts: 9 }, 'x', 60_000, 9e12), 60_000, 1_000)).toBe(true);
    // A pause that is one is kept.
    expect(isToBeTried(failed({ ...future, attempts: 9 }, 'x', 60_000, 1_000), 60_000, 2_000)).toBe(false);
    expect(isToBeTried(failed(future, 'x', 2 * 3_600_000, 1_000), 2 * 3_600_000, 2_000)).toBe(false);
  });
});

describe('an uploaded dataset', () => {
  const sent: DatasetRecord = { ...uploaded, uploadedAt: 0, sentTree: 'sent' };

  it('is looked at again when it is twice as old, at first in a second and later once a day', () => {
    const pauseAt = (now: number): number => (lookedAfterwards(sent, 'sent', now).lookAgainAt ?? 0) - now;
    expect([0, 500, 90_000, DAY_MS * 30].map(pauseAt)).toEqual([1_000, 1_000, 90_000, DAY_MS]);
    const after = lookedAfterwards(sent, 'sent', 90_000);
    expect([179_999, 180_000].map((now) => isToBeLookedAtAgain(after, now))).toEqual([false, true]);
    expect(isToBeLookedAtAgain({ ...after, lookAgainAt: 9e12 }, 180_000)).toBe(true);
    // Of one that an earlier version uploaded it is not known what was sent.
    expect(isToBeLookedAtAgain(uploaded, 9e12)).toBe(false);
  });

  it('has changed since the first look that showed it, until it is as it was sent again', () => {
    const changed = lookedAfterwards(sent, 'other', 5_000);
    expect(changed.changedAt).toBe(5_000);
    expect(lookedAfterwards(changed, 'yet another', 9_000).changedAt).toBe(5_000);
    expect(lookedAfterwards(changed, 'sent', 9_000).changedAt).toBeUndefined();
  });
});

describe('a dataset that was held up', () => {
  const MINUTE_MS = 60_000;
  const first = heldUp(newRecord('look', 0), 'away', MINUTE_MS, 0);

  it('is tried again after a pause that doubles, up to five minutes', () => {
    const pauses: number[] = [];
    for (let record = first, tries = 0; tries < 5; tries += 1) {
      pauses.push(record.nextTryAt / MINUTE_MS);
      record = heldUp(record, 'away', MINUTE_MS, 0);
    }
    expect(pauses).toEqual([1, 2, 4, 5, 5]);
    expect([MINUTE_MS - 1, MINUTE_MS].map((now) => isPausing(first, MINUTE_MS, now))).toEqual([true, false]);
    // One that is changing is looked at each time.
    expect(isPausing(looked(first, 'other', 1), MINUTE_MS, 1)).toBe(false);
    expect(isPausing(dueAtOnce(first), MINUTE_MS, 1)).toBe(false);
    expect(isPausing(failed(first, 'x', MINUTE_MS, 0), MINUTE_MS, 1)).toBe(true);
  });

  it('comes after all others, and the one that is due longest before its like', () => {
    const datasets = new Map([
      ['a', heldUp(first, 'away', MINUTE_MS, 0)],
      ['b', first],
      ['c', newRecord('look', 0)],
      ['d', failed(newRecord('look', 0), 'x', MINUTE_MS, 0)],
    ]);
    expect(inTurn(['a', 'b', 'c', 'd', 'new'], datasets)).toEqual(['c', 'd', 'new', 'b', 'a']);
  });
});
