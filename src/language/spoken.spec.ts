import { expect, it } from '@jest/globals';
import { IntlMessageFormat } from 'intl-messageformat';
import { catalogueOf, factsOf, LANGUAGES } from './languages.js';
import { spoken } from './spoken.js';

const NUMBERS = [0, 1, 2, 5, 21, 1_200, 1_000_000, 1.5];
const namesIn = (text: string): string[] => [...text.matchAll(/\{\s*(\w+)/g)].map(([, name = '']) => name);

it.each(LANGUAGES)('says every message of %s as the library does, whatever its numbers', (language) => {
  const { locale } = factsOf(language);
  for (const [key, text] of Object.entries(catalogueOf(language)))
    for (const number of NUMBERS) {
      const values = Object.fromEntries(namesIn(text).map((name) => [name, number]));
      const library = String(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).format(values));
      expect([key, spoken(text, locale)(values)]).toEqual([key, library]);
    }
});

it.each(['{name}', '{count, plural, one {# file} other {# files}}', '{count, number}'])(
  'refuses %s without its value',
  (text) => {
    expect(() => spoken(text, 'en')({})).toThrow();
  },
);

it.each<[string, string]>([
  ['{count, plural, =0 {none} one {# file of {all}} other {# files of {all}}}', '1,200 files of 9'],
  ['{count, plural, offset:1 one {one more} other {# more}}', '1,199 more'],
  ['{count, selectordinal, one {#st} other {#th}}', '1,200th'],
  ['{kind, select, a {A} other {B}} {count, number}', 'B 1,200'],
])('says %s', (text, said) => {
  expect(spoken(text, 'en')({ count: 1_200, all: 9, kind: 'b' })).toBe(said);
});
