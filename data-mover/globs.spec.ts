import { describe, expect, it } from '@jest/globals';
import { meantBy } from './globs.js';

const PATHS = ['raw', 'raw/a.tif', 'raw/deep/b.tif', 'raw/.hidden', 'raw2/c.tif', 'other/raw/d.tif', 'e.tif', 'empty/'];

describe('a glob', () => {
  it.each<[glob: string, means: string[]]>([
    ['raw', ['raw', 'raw/a.tif', 'raw/deep/b.tif', 'raw/.hidden']],
    ['raw/', ['raw', 'raw/a.tif', 'raw/deep/b.tif', 'raw/.hidden']],
    ['./raw', ['raw', 'raw/a.tif', 'raw/deep/b.tif', 'raw/.hidden']],
    ['/raw/', ['raw', 'raw/a.tif', 'raw/deep/b.tif', 'raw/.hidden']],
    ['raw\\', ['raw', 'raw/a.tif', 'raw/deep/b.tif', 'raw/.hidden']],
    ['raw/deep', ['raw/deep/b.tif']],
    ['raw*', ['raw', 'raw/a.tif', 'raw/deep/b.tif', 'raw/.hidden', 'raw2/c.tif']],
    ['raw/*.tif', ['raw/a.tif']],
    ['raw/**', ['raw', 'raw/a.tif', 'raw/deep/b.tif', 'raw/.hidden']],
    ['**/raw', ['raw', 'raw/a.tif', 'raw/deep/b.tif', 'raw/.hidden', 'other/raw/d.tif']],
    ['*.tif', ['e.tif']],
    ['empty', ['empty/']],
    ['empty/', ['empty/']],
    ['**', PATHS],
    ['!raw', ['raw2/c.tif', 'other/raw/d.tif', 'e.tif', 'empty/']],
    ['!(x).tif', ['e.tif']],
    ['none', []],
  ])('%s means what a person who uses git and rsync expects', (glob, means) => {
    expect(PATHS.filter(meantBy([glob]))).toEqual(means);
  });

  it('adds to what others mean', () => {
    expect(PATHS.filter(meantBy(['raw/deep', 'empty']))).toEqual(['raw/deep/b.tif', 'empty/']);
  });
});
