import { expect, it } from '@jest/globals';
import { givenToEach, spokenDuration } from './given.rules.js';

it('names the ways and how long the links work', () => {
  expect(givenToEach(['data-mover', 'direct', 'copy'], 'P30D')).toBe(
    'a mail with links that work for 30 days from then on, to fetch the data with the Data Mover, as a zip by a direct link or as a copy into their own Mediaflux project',
  );
  expect(givenToEach(['direct'], 'PT1H')).toBe(
    'a mail with links that work for 1 hour from then on, to fetch the data as a zip by a direct link',
  );
});

it('says no more than the server tells', () => {
  expect(givenToEach(undefined, undefined)).toBe('a mail with links');
});

it.each([
  ['P30D', '30 days'],
  ['P1W', '1 week'],
  ['P1DT12H', '1 day and 12 hours'],
  ['P1DT2H30M5S', '1 day, 2 hours, 30 minutes and 5 seconds'],
  ['PT90S', '90 seconds'],
  ['P1Y', 'P1Y'],
])('reads %s as %s', (text, words) => {
  expect(spokenDuration(text)).toBe(words);
});
