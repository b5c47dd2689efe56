import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanSuffix, folderName } from './folder-name.rules.js';

const parts = {
  youngestFileAt: new Date('2020-08-18T08:20:37Z'),
  timeZone: 'Australia/Melbourne',
  shareableNumber: 32,
  useNumber: 4,
  platformSuffix: null,
  userSuffix: 'fish',
};

describe('the name of an upload’s folder', () => {
  it('is date and time in the platform’s zone, shareable, use and suffixes', () => {
    expect(folderName(parts)).toBe('2020-08-18_18.20.37-32-4-fish');
    expect(folderName({ ...parts, platformSuffix: 'scope1' })).toBe('2020-08-18_18.20.37-32-4-scope1-fish');
    expect(folderName({ ...parts, userSuffix: null })).toBe('2020-08-18_18.20.37-32-4');
  });

  it('has N in place of the use that a preview does not take', () => {
    expect(folderName({ ...parts, useNumber: null })).toBe('2020-08-18_18.20.37-32-N-fish');
  });

  it('differs for every two uploads of one shareable, whatever the suffixes', () => {
    const suffix = fc.option(fc.stringMatching(/^[a-z0-9_][a-z0-9._-]{0,20}$/), { nil: null });
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), suffix, suffix, (first, second, one, two) => {
        const left = folderName({ ...parts, useNumber: first, userSuffix: one });
        const right = folderName({ ...parts, useNumber: second, userSuffix: two });
        expect(left === right).toBe(first === second && one === two);
      }),
    );
  });
});

describe('a suffix', () => {
  it.each([
    ['fish', 'fish'],
    ['  two  words ', 'two_words'],
    ['größe-1.2_b', 'größe-1.2_b'],
    ['日本', '日本'],
    ['_a', '_a'],
  ])('%j becomes %j', (typed, suffix) => {
    expect(cleanSuffix(typed)).toEqual({ suffix });
  });

  it.each(['', '   ', '.hidden', '-x', 'a/b', 'a\\b', 'a:b', '..', 'x'.repeat(65), 'a\u0000b', '<b>'])(
    '%j is refused',
    (typed) => {
      expect(cleanSuffix(typed)).toHaveProperty('refused');
    },
  );

  it('holds nothing but what the rule names, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (typed) => {
        const cleaned = cleanSuffix(typed);
        if (!('suffix' in cleaned)) return;
        expect(cleaned.suffix).toMatch(/^[\p{L}\p{M}\p{Nd}_][\p{L}\p{M}\p{Nd}._-]*$/u);
        expect(cleanSuffix(cleaned.suffix)).toEqual(cleaned);
      }),
    );
  });
});
