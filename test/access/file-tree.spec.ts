// A manifest as folders: what each page shows is what a walk over all paths finds, and going on reaches everything once.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { FileTreeService, type FolderPage } from '../../src/access/tree/file-tree.service.js';
import { FoldersStore } from '../../src/access/tree/folders.store.js';
import { Transactions } from '../../src/database/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

interface Entry {
  path: string;
  type: 'file' | 'directory';
  size: number;
}

let database: TestDatabase;
let tree: FileTreeService;

beforeAll(async () => {
  database = await createDatabase();
  tree = new FileTreeService(new Transactions(database.dataSource), new FoldersStore());
});
afterAll(() => database.close());

const file = (path: string, size = 1): Entry => ({ path, type: 'file', size });

async function manifestOf(entries: readonly Entry[]): Promise<string> {
  const id = randomUUID();
  await database.dataSource.query(
    `insert into manifest_entry (manifest_id, line, path, type, size)
     select $1, line, path, type, size
       from unnest($2::text[], $3::text[], $4::bigint[]) with ordinality as e (path, type, size, line)`,
    [id, entries.map((e) => e.path), entries.map((e) => e.type), entries.map((e) => e.size)],
  );
  return id;
}

async function pagesOf(manifestId: string, path: string, limit: number): Promise<FolderPage[]> {
  const pages: FolderPage[] = [];
  for (let after: string | undefined; ;) {
    const page = await tree.page({ manifestId }, path, after, limit);
    pages.push(page);
    if (page.next === null) return pages;
    expect(page.folders.length + page.files.length).toBe(limit);
    after = page.next;
  }
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The same from the paths alone: a folder's own folders with all below them, and its files in order. */
function expected(entries: readonly Entry[], path: string) {
  const inside = (folder: string) => entries.filter((e) => folder === '' || e.path.startsWith(`${folder}/`));
  const below = (folder: string) => {
    const files = inside(folder).filter((e) => e.type === 'file');
    return { path: folder, files: files.length, bytes: files.reduce((sum, e) => sum + e.size, 0) };
  };
  const children = new Set<string>();
  for (const e of inside(path)) {
    const steps = e.path.slice(path === '' ? 0 : path.length + 1).split('/');
    if (steps.length > 1 || e.type === 'directory')
      children.add(path === '' ? (steps[0] ?? '') : `${path}/${steps[0] ?? ''}`);
  }
  return {
    folder: below(path),
    folders: [...children].sort(byBytes).map(below),
    files: entries.filter((e) => e.type === 'file' && parentOf(e.path) === path).map((e) => e.path),
  };
}

async function shown(manifestId: string, path: string, limit: number) {
  const pages = await pagesOf(manifestId, path, limit);
  const plain = (one: { path: string; files: number; bytes: number }) => ({
    path: one.path,
    files: one.files,
    bytes: one.bytes,
  });
  return {
    folder: plain((pages[0] as FolderPage).folder),
    folders: pages.flatMap(({ folders }) => folders.map(plain)),
    files: pages.flatMap(({ files }) => files.map((one) => one.path)),
  };
}

it('shows of any manifest, in any order of its lines, what its paths say', async () => {
  const name = fc.constantFrom('a', 'b', 'a b', 'a-b', 'B', 'ä', '日本', "o'", '%', '_');
  const paths = fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 30,
    selector: (steps) => steps.join('/'),
  });
  await fc.assert(
    fc.asyncProperty(paths, fc.integer({ min: 1, max: 7 }), fc.nat(), async (all, limit, seed) => {
      const joined = all.map((steps) => steps.join('/'));
      // What others lie below is a folder; every third of the rest is an empty one.
      const isFolder = (path: string) => joined.some((other) => other.startsWith(`${path}/`));
      const entries: Entry[] = joined.map((path, index) =>
        isFolder(path) || (index % 3 === 2 && index !== 0)
          ? { path, type: 'directory', size: 0 }
          : file(path, (seed + index) % 1_000),
      );
      if (!entries.some((e) => e.type === 'file')) entries.push(file('only'));
      const manifestId = await manifestOf(entries);
      const folders = new Set(['']);
      for (const e of entries)
        for (let at = e.type === 'directory' ? e.path : parentOf(e.path); at !== ''; at = parentOf(at)) folders.add(at);
      for (const path of folders) expect(await shown(manifestId, path, limit)).toEqual(expected(entries, path));
    }),
    { numRuns: 40 },
  );
});

it('takes paths of four thousand bytes', async () => {
  const deep = Array.from({ length: 15 }, (_, index) => `${index}`.padEnd(250, 'x')).join('/');
  const manifestId = await manifestOf([file(`${deep}/end.txt`, 7)]);
  expect((await shown(manifestId, deep, 5)).files).toEqual([`${deep}/end.txt`]);
});

it('is made once, also when many look first at the same time', async () => {
  const entries = Array.from({ length: 300 }, (_, index) => file(`f${index % 7}/${index}`));
  const manifestId = await manifestOf(entries);
  const pages = await Promise.all(Array.from({ length: 12 }, () => tree.page({ manifestId }, 'f3', undefined, 10)));
  for (const page of pages) expect(page).toEqual(pages[0]);
  expect((pages[0] as FolderPage).folder).toMatchObject({ files: 43, bytes: 43 });
});

it.each(['nowhere', 'f\0', 'f', '/f0', 'f0/', 'f0/1'])('knows no folder %j', async (path) => {
  const manifestId = await manifestOf([file('f0/1'), file('f0/2')]);
  await expect(tree.page({ manifestId }, path, undefined, 10)).rejects.toMatchObject({ message: /no folder/i });
});

it.each(['x', 'd', 'f-1', 'f1; drop', 'f9999999999999999999'])('takes no place %j to go on from', async (after) => {
  const manifestId = await manifestOf([file('f0/1')]);
  await expect(tree.page({ manifestId }, '', after, 10)).rejects.toMatchObject({ message: /no folder/i });
});

it('finds the files of one folder that stand far apart', async () => {
  const manifestId = randomUUID();
  await database.dataSource.query(
    `insert into manifest_entry (manifest_id, line, path, type, size)
     select $1, n, case when n in (1, 40000) then 'top-' || n else 'f' || n / 100 || '/' || n end, 'file', 1
       from generate_series(1, 40000) n`,
    [manifestId],
  );
  const page = await tree.page({ manifestId }, '', 'f0', 10);
  expect(page.files.map(({ path }) => path)).toEqual(['top-1', 'top-40000']);
});
