import { expect, it } from '@jest/globals';
import { comparePlaces } from './computer.js';

it.each([
  ['same', ['7-100', '8-200'], ['7-100', '8-200']],
  ['other', ['7-100', '8-200'], ['7-100', '9-200']],
  // A number that was used again.
  ['other', ['7-100'], ['7-101']],
  ['other', ['7-', '8-200'], ['7-', '9-200']],
  // The file system does not tell when it was made, or nothing at all.
  ['unknown', ['7-'], ['7-100']],
  ['unknown', ['7-'], ['7-']],
  ['unknown', ['-'], ['7-100']],
  ['unknown', ['7-100'], []],
] as const)('takes places for %s: %j and %j', (told, left, right) => {
  expect(comparePlaces(left, right)).toBe(told);
});
