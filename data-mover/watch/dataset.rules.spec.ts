import { describe, expect, it } from '@jest/globals';
import { absent, type DatasetRecord, isThatDataset, newRecord } from './dataset.rules.js';

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
