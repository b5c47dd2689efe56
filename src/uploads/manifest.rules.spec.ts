import { describe, expect, it } from '@jest/globals';
import { parseManifestLine, pathProblem } from './manifest.rules.js';

const line = (fields: Record<string, unknown>): string =>
  JSON.stringify({ path: 'a/b.tif', size: 12, crc32: '1a2b3c4d', ...fields });

describe('a line of a manifest', () => {
  it('names a file with its size and checksum', () => {
    expect(parseManifestLine(line({ mtime: '2026-03-01T09:00:00Z' }))).toEqual({
      entry: { path: 'a/b.tif', type: 'file', size: 12, crc32: '1a2b3c4d', modifiedAt: '2026-03-01T09:00:00Z' },
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
    ['an empty folder with a size', '{"path":"a/","type":"directory","size":1}'],
  ])('is refused: %s', (_, text) => {
    expect(parseManifestLine(text)).toHaveProperty('problem');
  });
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
    '\ud800',
    `${'x'.repeat(256)}`,
    `${'x/'.repeat(3_000)}x`,
  ])('%j is refused', (path) => {
    expect(pathProblem(path)).toBeDefined();
  });

  it.each(['a', '.hidden/ x ', 'a/b\'c"<d>', 'e\u0301/\u00e9', '😀', 'CON', 'x'.repeat(255)])('%j is taken', (path) => {
    expect(pathProblem(path)).toBeUndefined();
  });
});
