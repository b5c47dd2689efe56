import { expect, it } from '@jest/globals';
import { writesFrom } from './lost-files.js';

it.each([
  ['now, where it is the first', undefined, 500_000],
  ['when the one before did, where that did not end in order', { fromMs: 1_000 }, 1_000],
  ['when the one before did, where that ended a minute ago', { fromMs: 1_000, untilMs: 440_000 }, 1_000],
  ['now, where the one before ended earlier', { fromMs: 1_000, untilMs: 439_999 }, 500_000],
])('takes a run to write from %s', (_, earlier, from) => {
  expect(writesFrom(earlier, 500_000)).toBe(from);
});
