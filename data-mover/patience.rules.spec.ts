import { expect, it } from '@jest/globals';
import { nextWaitMs, retryAfterMs } from './patience.rules.js';

const DAY = 86_400_000;
const wait = (fields: Partial<Parameters<typeof nextWaitMs>[0]>) =>
  nextWaitMs({ tries: 1, elapsedMs: 0, giveUpAfterMs: 7 * DAY, random: 0.5, ...fields });

it('waits longer from try to try, up to 20 seconds', () => {
  expect([1, 2, 3, 7, 8, 1_000_000].map((tries) => wait({ tries }))).toEqual([250, 500, 1_000, 16_000, 20_000, 20_000]);
});

it('waits as long as it was asked to, where that is longer', () => {
  expect(wait({ retryAfterMs: 3_600_000 })).toBe(3_600_000);
  expect(wait({ tries: 8, retryAfterMs: 1_000 })).toBe(20_000);
});

it('tries once more at its limit when it was asked to wait beyond it, and gives up then', () => {
  expect(wait({ retryAfterMs: 30 * DAY })).toBe(7 * DAY);
  expect(wait({ retryAfterMs: 30 * DAY, elapsedMs: 7 * DAY - 5_000 })).toBe(5_000);
  expect(wait({ retryAfterMs: 30 * DAY, elapsedMs: 7 * DAY })).toBeUndefined();
  expect(wait({ giveUpAfterMs: 0 })).toBeUndefined();
});

it('reads Retry-After as seconds and as a date by the clock of who answered', () => {
  const now = Date.parse('2026-03-01T00:00:00Z');
  expect(retryAfterMs('120', undefined, now)).toBe(120_000);
  expect(retryAfterMs('Sun, 01 Mar 2026 00:01:00 GMT', undefined, now)).toBe(60_000);
  // A clock here that is three hours late changes nothing.
  expect(retryAfterMs('Sun, 01 Mar 2026 03:01:00 GMT', 'Sun, 01 Mar 2026 03:00:00 GMT', now)).toBe(60_000);
});

it.each([undefined, '', '0', 'soon', '-5', 'Sun, 01 Mar 2020 00:00:00 GMT'])('takes %p for nothing', (header) => {
  expect(retryAfterMs(header, undefined, Date.parse('2026-03-01T00:00:00Z'))).toBeUndefined();
});
