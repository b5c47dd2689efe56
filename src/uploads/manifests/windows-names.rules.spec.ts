import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { windowsTrouble, windowsWarning as clientWarning } from '../../../data-mover/tree/names.rules.js';
import {
  isForWindows,
  isSurelyForWindows,
  isTooLongForWindows,
  longPathsWarning,
  windowsWarning,
} from './windows-names.rules.js';

describe('a path', () => {
  it.each([
    'a:b',
    'a/b?',
    'back\\slash',
    'dot.',
    'folder./x',
    'space ',
    'a /b',
    'CON',
    'a/nul.txt',
    'com1/x',
    'LPT³.tar.gz',
    '"',
    '<',
    '*',
  ])('is none that Windows can hold: %j', (path) => expect(isForWindows(path)).toBe(false));

  it.each(['a.txt', 'console', 'com10', 'a.con', '.hidden', ' leading', '日本/größe', 'a.b/c.d', '-rf', '%41'])(
    'is one that Windows can hold: %j',
    (path) => expect(isForWindows(path)).toBe(true),
  );

  it('is judged here as the Data Mover judges it', () => {
    const part = fc.constantFrom(
      'con',
      'Nul',
      'COM1',
      'lpt9',
      'com¹',
      '.',
      ' ',
      'a',
      'é',
      '/',
      '\\',
      ':',
      '*',
      'x.y',
      'con.',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const path = parts.join('');
        expect(isForWindows(path)).toBe(windowsTrouble(path) === undefined);
      }),
    );
  });
});

it('of which the bytes are sure is one that Windows can hold, and most are sure', () => {
  const surely = (path: string): boolean => {
    const bytes = Buffer.from(`"${path}"`);
    return isSurelyForWindows(bytes, 1, bytes.length - 1);
  };
  const part = fc.constantFrom(
    'con',
    'Nul',
    'COM1',
    'LPT9',
    '.',
    ' ',
    'a',
    '/',
    '\\',
    ':',
    '*',
    '<',
    '|',
    'x.y',
    'con.',
    'plate',
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const path = parts.join('');
      if (surely(path)) expect(isForWindows(path)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(['plate 1/image_0001.tif', 'a/b/c', 'readme'].map(surely)).toEqual([true, true, true]);
});

describe('a long path', () => {
  it.each([
    ['x'.repeat(179), false],
    ['x'.repeat(180), true],
    [`${'folder/'.repeat(30)}x`, true],
    ['日'.repeat(179), false],
    ['\u{1f52c}'.repeat(89), false],
    ['\u{1f52c}'.repeat(90), true],
  ])('is counted as Windows counts: %j', (path, isTooLong) => {
    expect(isTooLongForWindows(path)).toBe(isTooLong);
    expect(clientWarning(path) === undefined).toBe(!isTooLong);
    expect(windowsTrouble(path)).toBeUndefined();
    const bytes = Buffer.from(`"${path}"`);
    if (isTooLong) expect(isSurelyForWindows(bytes, 1, bytes.length - 1)).toBe(false);
  });

  it('is warned about with some examples', () => {
    expect(longPathsWarning(0, [])).toEqual([]);
    expect(longPathsWarning(1, ['a/b'])[0]).toMatch(/this path, which is longer than 179 characters .*: “a\/b”\.$/);
    expect(longPathsWarning(4, ['a/b', 'c'])[0]).toMatch(
      /these paths, which are longer .*: “a\/b”, “c”, and 2 more\.$/,
    );
  });
});

it('warnings name some of the paths and count the rest', () => {
  expect(windowsWarning(0, [])).toEqual([]);
  expect(windowsWarning(1, ['CON'])[0]).toBe(
    'Windows cannot hold this name, so that whoever fetches the data there has to leave it out: “CON”.',
  );
  expect(windowsWarning(7, ['a:b', 'c?'])[0]).toMatch(/these names.*them out: “a:b”, “c\?”, and 5 more\.$/);
});
