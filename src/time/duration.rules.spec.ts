import { expect, it } from '@jest/globals';
import { durationSeconds } from './duration.rules.js';

it.each([
  ['P30D', 2_592_000],
  ['PT24H', 86_400],
  ['P1W', 604_800],
  ['P1DT2H3M4S', 93_784],
  ['PT1S', 1],
])('%s is %i seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

it.each(['', 'P', 'PT', 'P1M', 'P1Y', 'PT0S', '30D', 'P-1D', 'P1.5D', 'P1DT', 'P99999999D'])(
  '%j is no lifetime',
  (text) => {
    expect(durationSeconds(text)).toBeUndefined();
  },
);
