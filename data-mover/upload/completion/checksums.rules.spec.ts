import { expect, it } from '@jest/globals';
import { nextLookMs } from './checksums.rules.js';

const WEEK = 7 * 86_400_000;
const next = (looks: number, elapsedMs = 0, giveUpAfterMs = WEEK) => nextLookMs({ looks, elapsedMs, giveUpAfterMs });

it('waits longer from look to look, up to a minute', () => {
  expect([1, 2, 3, 6, 7, 1_000].map((looks) => next(looks))).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
});

it('looks for the last time after ten minutes, and not again', () => {
  expect(next(15, 590_000)).toBe(10_000);
  expect(next(16, 600_000)).toBeUndefined();
});

it('waits no longer than for a server that is away', () => {
  expect(next(3, 500, 2_000)).toBe(1_500);
  expect(next(3, 2_000, 2_000)).toBeUndefined();
});
