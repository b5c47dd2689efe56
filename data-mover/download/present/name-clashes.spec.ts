import { expect, it } from '@jest/globals';
import { clashes, type TakesForOne } from './name-clashes.js';

const ofLetters: TakesForOne = (name, other) => name.toLowerCase() === other.toLowerCase();
const ofAccents: TakesForOne = (name, other) => name.normalize('NFD') === other.normalize('NFD');
const found = (paths: string[], takesForOne: TakesForOne) => [...clashes(() => paths, takesForOne)];

it('finds files, and folders on the way to them, that a disk takes for one', () => {
  expect(found(['Case.txt', 'case.txt', 'other.txt'], ofLetters)).toEqual([['case.txt', 'Case.txt']]);
  expect(found(['Raw/a.tif', 'raw/b.tif'], ofLetters)).toEqual([['raw', 'Raw']]);
  expect(found(['caf\u00e9.txt', 'cafe\u0301.txt'], ofAccents)).toEqual([['cafe\u0301.txt', 'caf\u00e9.txt']]);
});

it('finds a file that is in the way of a folder of the same name', () => {
  expect(found(['Raw', 'raw/b.tif'], ofLetters)).toEqual([['raw', 'Raw']]);
});

it('finds nothing where the disk tells the names apart', () => {
  expect(found(['Case.txt', 'case.txt'], ofAccents)).toEqual([]);
  expect(found(['stra\u00dfe', 'strasse', '\u2100', 'a/c'], ofLetters)).toEqual([]);
  expect(found(['Raw/a.tif', 'Raw/b.tif', 'Raw/deep/a.tif'], ofLetters)).toEqual([]);
});

it('names each path once, however many lie below it', () => {
  expect(found(['A/1', 'A/2', 'a/3', 'a/4'], ofLetters)).toEqual([['a', 'A']]);
});
