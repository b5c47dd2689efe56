import { expect, it } from '@jest/globals';
import { Backoffs } from './backoffs.js';

it('waits longer after each failed try, up to an hour and a quarter', () => {
  const [even, longest] = [new Backoffs(() => 0.5), new Backoffs(() => 0.999)];
  const waits = Array.from({ length: 10 }, (_, index) => even.secondsAfter(index + 1));
  expect(waits).toEqual([1, 5, 30, 120, 600, 1_800, 3_600, 3_600, 3_600, 3_600]);
  expect(longest.secondsAfter(100)).toBeCloseTo(4_500, -1);
});
