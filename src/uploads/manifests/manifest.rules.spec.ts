import { describe, expect, it } from '@jest/globals';
import { folded, parseManifestLine, pathProblem } from './manifest.rules.js';

const line = (fields: Record<string, unknown>): string =>
  JSON.stringify({ path: 'a/b.tif', size: 12, crc32: '1a2b3c4d', ...fields });

describe('a line of a manifest', () => {
  it('names a file with its size and checksum', () => {
    expect(parseManifestLine(line({ mtime: '2026-03-01T09:00:00Z' }))).toEqual({
      entry: { path: 'a/b.tif', type: 'file', size: 12, crc32: '1a2b3c4d', modifiedMs: Date.UTC(2026, 2, 1, 9) },
    });
  });

  it('names an empty folder, with or without a slash', () => {
    expect(parseManifestLine('{"path":"a/c/","type":"directory"}')).toEqual({
      entry: { path: 'a/c', type: 'directory' },
    });
  });

  it.each([
    ['not JSON', '{'],
    ['a number', '7'],
    ['a checksum in capitals', line({ crc32: '1A2B3C4D' })],
    ['a short checksum', line({ crc32: '1a2b' })],
    ['a negative size', line({ size: -1 })],
    ['a size beyond 2^53', '{"path":"a","size":9007199254740993,"crc32":"1a2b3c4d"}'],
    ['a field that is not known', line({ colour: 'red' })],
    ['a time without a zone', line({ mtime: '2026-03-01T09:00:00' })],
    ['a day that is none', line({ mtime: '2026-02-29T09:00:00Z' })],
    ['an hour that is none', line({ mtime: '2026-03-01T24:00:00Z' })],
    ['a month that is none', line({ mtime: '2026-13-01T09:00:00Z' })],
    ['a time that is a number', line({ mtime: 1_772_355_600 })],
    ['another type', line({ type: 'link' })],
    ['a list', '[]'],
    ['nothing', 'null'],
    ['an empty folder with a size', '{"path":"a/","type":"directory","size":1}'],
  ])('is refused: %s', (_, text) => {
    expect(parseManifestLine(text)).toHaveProperty('problem');
  });
});

describe('the time of a file', () => {
  it.each([
    ['2026-03-01T09:00:00+11:00', Date.UTC(2026, 1, 28, 22)],
    ['2024-02-29T23:59:59.999Z', Date.UTC(2024, 1, 29, 23, 59, 59, 999)],
    ['2026-03-01T09:00:00-23:00', Date.UTC(2026, 2, 2, 8)],
    ['1969-12-31T23:59:59Z', -1_000],
  ])('%s is taken as the instant it is', (mtime, modifiedMs) => {
    expect(parseManifestLine(line({ mtime }))).toMatchObject({ entry: { modifiedMs } });
  });
});

it.each([
  ['Plane.TIF', 'plane.tif'],
  ['Größe', 'GRÖßE'],
  ['e\u0301', '\u00e9'],
])('%s and %s are one name for Windows or macOS', (left, right) => {
  expect(folded(left)).toBe(folded(right));
  expect(folded(`${left}x`)).not.toBe(folded(right));
});

describe('a path', () => {
  it.each([
    '',
    '/a',
    'a//b',
    'a/',
    './a',
    'a/../b',
    '..',
    'a\nb',
    'a\u0000',
    'a\u0085b',
    'a\u009f',
    '\ud800',
    'a\ufffe',
    '\uffff/b',
    `${'x'.repeat(256)}`,
    `${'x/'.repeat(3_000)}x`,
  ])('%j is refused', (path) => {
    expect(pathProblem(path)).toBeDefined();
  });

  it.each(['a', '.hidden/ x ', 'a/b\'c"<d>', 'e\u0301/\u00e9', '😀', 'CON', '\ufffd', 'x'.repeat(255)])(
    '%j is taken',
    (path) => {
      expect(pathProblem(path)).toBeUndefined();
    },
  );
});
