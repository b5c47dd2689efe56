import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ManifestLine } from '../manifest.js';
import { portions } from './portions.js';

const lineOf = (size: number, index: number): ManifestLine => ({
  path: `f${index}`,
  type: 'file',
  size,
  crc32: '00000000',
  mtime: null,
});
const sizes = fc.array(
  fc.oneof(fc.nat({ max: 2_000 }), fc.nat({ max: 128 * 1024 }), fc.integer({ min: 100_000, max: 300_000 })),
  { maxLength: 900 },
);
const bytesOf = (portion: readonly ManifestLine[]): number => portion.reduce((sum, { size }) => sum + size, 0);
const inOrder = (given: readonly (readonly ManifestLine[])[]): ManifestLine[] =>
  given.flat().sort((a, b) => Number(a.path.slice(1)) - Number(b.path.slice(1)));

it('hold each line once, small ones by the hundred and others alone', () => {
  fc.assert(
    fc.property(sizes, (all) => {
      const lines = all.map(lineOf);
      const given = [...portions(lines, () => true)];
      expect(inOrder(given)).toEqual(lines);
      for (const portion of given.filter(({ length }) => length !== 1)) {
        expect(portion.length).toBeGreaterThanOrEqual(32);
        expect(portion.length).toBeLessThanOrEqual(256);
        expect(bytesOf(portion)).toBeLessThanOrEqual(2 * 1024 * 1024);
        for (const { size } of portion) expect(size).toBeLessThanOrEqual(128 * 1024);
      }
    }),
  );
});

it('are as full as they may be', () => {
  const given = [
    ...portions(
      Array.from({ length: 1_000 }, (_, index) => lineOf(20_000, index)),
      () => true,
    ),
  ];
  expect(given.map(({ length }) => length)).toEqual([104, 104, 104, 104, 104, 104, 104, 104, 104, 64]);
  const tiny = [
    ...portions(
      Array.from({ length: 520 }, (_, index) => lineOf(0, index)),
      () => true,
    ),
  ];
  expect(tiny.map(({ length }) => length)).toEqual([256, 256, ...Array.from({ length: 8 }, () => 1)]);
});

it('are of one line each as soon as files cannot come together', () => {
  let asked = 0;
  const lines = Array.from({ length: 900 }, (_, index) => lineOf(10, index));
  const given = [...portions(lines, () => (asked += 1) < 400)];
  expect(inOrder(given)).toEqual(lines);
  expect(given.filter(({ length }) => length > 1).map(({ length }) => length)).toEqual([256]);
});
