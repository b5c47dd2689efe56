import { expect, it } from '@jest/globals';
import { clockSkewSeconds } from '../../time/index.js';
import { startWarnings } from './upload-warnings.rules.js';

const now = new Date('2026-03-01T09:00:00Z');
const at = (offsetSeconds: number): Date => new Date(now.getTime() + offsetSeconds * 1_000);
const warningsAt = (offsetSeconds: number): string[] =>
  startWarnings({ youngestFileAt: at(-86_400), skewSeconds: clockSkewSeconds(at(offsetSeconds), now), now });

it('says nothing of a clock that is right within minutes, or that nobody told', () => {
  for (const offset of [0, 60, -60, 299, -299]) expect(warningsAt(offset)).toEqual([]);
  expect(clockSkewSeconds(undefined, now)).toBeNull();
  expect(startWarnings({ youngestFileAt: now, skewSeconds: null, now })).toEqual([]);
});

it.each([
  [300, '5 minutes ahead of'],
  [-300, '5 minutes behind'],
  [7_200, '2 hours ahead of'],
  [-10 * 86_400, '10 days behind'],
])('says how far a clock is off that is off by %i s', (offset, text) => {
  expect(warningsAt(offset)).toEqual([expect.stringContaining(text)]);
});

it('warns about a youngest file from the future, and takes it', () => {
  expect(startWarnings({ youngestFileAt: at(1), skewSeconds: 0, now })).toHaveLength(1);
  expect(startWarnings({ youngestFileAt: now, skewSeconds: 0, now })).toHaveLength(0);
});
