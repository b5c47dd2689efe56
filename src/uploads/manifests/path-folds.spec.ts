import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { folded } from './manifest.rules.js';
import { foldNumber, PathFolds } from './path-folds.js';

const noted = (paths: readonly string[], most?: { lines: number; folders: number }): PathFolds => {
  const folds = new PathFolds(most);
  for (const path of paths) folds.note(path, 'file');
  return folds;
};

describe('what is noted of paths', () => {
  it.each([
    [['a', 'b', 'a'], true, false],
    [['a', 'b', 'A'], true, false],
    [['\u00e9', 'e\u0301'], true, false],
    [['a', 'b', 'c/a', 'c/b', 'ab/c', 'a.b/c'], false, false],
    [['a', 'a/b'], false, true],
    [['a/b', 'a'], false, true],
    [['x/y/z/a', 'x/y'], false, true],
    [['x/y', 'x/Y/z/a'], false, true],
    [['ΑΣ/x', 'ΑΣ'], false, true],
    [['a/b', 'a/B/c', 'a/b'], true, true],
  ])('%j: doubled %s, a file as folder %s', (paths, mayBeDoubled, mayHaveFileAsFolder) => {
    const { mayBeDoubled: doubled, mayHaveFileAsFolder: asFolder } = noted(paths);
    expect({ doubled, asFolder }).toEqual({ doubled: mayBeDoubled, asFolder: mayHaveFileAsFolder });
  });

  it('leaves an empty folder beside the files in it', () => {
    const folds = new PathFolds();
    folds.note('a', 'directory');
    folds.note('b/c', 'file');
    expect(folds.mayHaveFileAsFolder).toBe(false);
  });

  it('is a number that paths which fold alike share, and the same from bytes', () => {
    for (const path of ['', 'a', 'Plane.TIF', 'x/Y/z', 'größe', '日本/😀']) {
      const number = new PathFolds().note(path, 'file');
      expect(number).toBe(crc32(folded(path)) | 0);
      expect(foldNumber(path)).toBe(number);
    }
    const bytes = Buffer.from('before Run/Plane.TIF after');
    expect(new PathFolds().noteBytes(bytes, 7, 20, 'file')).toBe(crc32('run/plane.tif') | 0);
  });

  it('never overlooks two that are one, nor a file that is a folder, whatever they are and however many stand between', () => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
      fc.constantFrom('Σ', 'aΣ', 'İ', 'ß'),
    );
    const path = fc
      .array(
        name.map((text) => text.replaceAll('/', '_')),
        { minLength: 1, maxLength: 4 },
      )
      .map((names) => names.join('/'));
    fc.assert(
      fc.property(path, path, fc.array(path), fc.boolean(), (one, below, others, isFirst) => {
        const inFolder = `${one}/${below}`;
        const order = isFirst ? [one, ...others, inFolder] : [inFolder, ...others, one];
        expect(noted(order).mayHaveFileAsFolder).toBe(true);
        expect(noted([one, ...others, one]).mayBeDoubled).toBe(true);
      }),
    );
  });

  it('finds the one among many thousand, and doubts nothing without a reason', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `Run-${index % 300}/sub-${index % 7}/plane-${index}.tif`);
    const clean = noted(many);
    expect([clean.mayBeDoubled, clean.mayHaveFileAsFolder]).toEqual([false, false]);
    expect(noted([...many, 'run-299/SUB-6/plane-299.tif', many[4_711]?.toUpperCase() ?? '']).mayBeDoubled).toBe(true);
    expect(noted([...many, 'run-299/sub-6']).mayHaveFileAsFolder).toBe(true);
  });

  it('doubts everything once there are more than it keeps', () => {
    expect(noted(['a', 'b', 'c'], { lines: 3, folders: 3 }).mayBeDoubled).toBe(false);
    expect(noted(['a', 'b', 'c', 'd'], { lines: 3, folders: 3 }).mayBeDoubled).toBe(true);
    expect(noted(['a/b', 'b/b', 'c/b'], { lines: 9, folders: 2 }).mayHaveFileAsFolder).toBe(true);
  });
});
