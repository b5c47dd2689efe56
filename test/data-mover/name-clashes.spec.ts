// Files that Mediaflux tells apart and a disk does not: nothing is overwritten, each is named.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { foldingDisk } from './folding-disk.js';
import { Stage } from './stage.js';

let stage: Stage;
let source: string;
let link: string;

beforeAll(async () => {
  stage = await Stage.open();
  source = join(stage.work, 'in');
  writeTree(source, {
    'Case.txt': 'upper',
    'case.txt': 'lower',
    'Raw/a.tif': 'a',
    'raw/b.tif': 'b',
    'caf\u00e9.txt': 'one piece',
    'cafe\u0301.txt': 'two pieces',
    'alone.txt': 'alone',
  });
  expect(await stage.upload(source).finished).toMatchObject({ code: 0 });
  link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
});
afterAll(() => stage.close());

it('are refused, each named, and nothing is fetched, where one would overwrite the other', async () => {
  const out = join(stage.work, 'folded');
  const finished = await stage.moverOn(foldingDisk(out), 'download', link, out).finished;
  expect(finished).toMatchObject({ code: 1 });
  for (const named of [
    'case.txt: on this disk its name is the same as that of Case.txt',
    'raw: on this disk its name is the same as that of Raw',
    'Nothing was fetched: 3 names are',
  ])
    expect(finished.stderr).toContain(named);
  expect(finished.stderr).toMatch(/caf\S+: on this disk its name is the same as that of caf/);
  expect(contentsOf(out)).toEqual({});
});

it('are fetched one by one into different folders with --only', async () => {
  for (const [folder, ...only] of [
    ['first', 'Case.txt', 'Raw/**', 'caf\u00e9.txt'],
    ['second', 'case.txt', 'raw/**', 'cafe\u0301.txt', 'alone.txt'],
  ] as const) {
    const out = join(stage.work, folder);
    const args = only.flatMap((glob) => ['--only', glob]);
    const finished = await stage.moverOn(foldingDisk(out), 'download', link, out, ...args).finished;
    expect(finished).toMatchObject({ code: 0 });
    expect(Object.keys(contentsOf(out))).toHaveLength(only.length);
  }
});

it('are all fetched where the disk tells them apart', async () => {
  const out = join(stage.work, 'apart');
  expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(source));
});
