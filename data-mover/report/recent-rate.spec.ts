import { describe, expect, it } from '@jest/globals';
import { RecentRate } from './recent-rate.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Something moves ten times a second. */
function steady(rate: RecentRate, from: number, to: number, perSecond: number): void {
  for (let at = from + 100; at <= to; at += 100) rate.moved(perSecond / 10, at);
}

describe('the rate', () => {
  it('is nothing before anything moved', () => {
    expect(new RecentRate(5).perSecond).toBe(0);
  });

  it.each([
    ['the first second', [[0, SECOND, 500]], 500],
    ['ten minutes of one speed', [[0, 10 * MINUTE, 500]], 500],
    [
      'a line that became faster a minute ago and more',
      [
        [0, 12 * HOUR, 100],
        [12 * HOUR, 12 * HOUR + 90 * SECOND, 900],
      ],
      900,
    ],
    [
      'half a minute of another speed',
      [
        [0, HOUR, 100],
        [HOUR, HOUR + 30 * SECOND, 900],
      ],
      500,
    ],
  ])('is that of the last minute: %s', (_, parts, expected) => {
    const rate = new RecentRate(0);
    for (const [from = 0, to = 0, perSecond = 0] of parts) steady(rate, from, to, perSecond);
    expect(Math.abs(rate.perSecond / expected - 1)).toBeLessThan(0.03);
  });

  it.each([
    ['an outage of twelve hours', 12 * HOUR],
    ['the sleep of a night', 8 * HOUR],
    ['a minute', MINUTE],
  ])('is hardly less after %s, and the same again a minute later', (_, pause) => {
    const rate = new RecentRate(0);
    steady(rate, 0, HOUR, 1_000);
    const back = HOUR + pause;
    steady(rate, back, back + SECOND, 1_000);
    expect(rate.perSecond).toBeGreaterThan(900);
    steady(rate, back + SECOND, back + 70 * SECOND, 1_000);
    expect(Math.abs(rate.perSecond / 1_000 - 1)).toBeLessThan(0.03);
  });

  it('takes no harm from a clock that stands still or goes back', () => {
    const rate = new RecentRate(100);
    rate.moved(10, 100);
    rate.moved(10, 50);
    rate.moved(10, 1_050);
    expect(Number.isFinite(rate.perSecond)).toBe(true);
    expect(rate.perSecond).toBeGreaterThan(0);
  });
});
