// Trees that trip programs up by their shape: very deep ones, and names that are no text.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { walk } from '../../data-mover/tree/walk.js';
import { lookAt } from '../../data-mover/watch/look.js';
import { contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { freshFolder } from '../support/folders.js';
import { eventsIn, Stage } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

it('a tree of 1,600 levels goes there and comes back', async () => {
  const folder = join(stage.work, 'deep');
  writeTree(folder, { [`${'d/'.repeat(1_600)}bottom.txt`]: 'deep down', 'top.txt': 'top' });
  const recipient = 'deep@example.org';
  const args = ['upload', '--settings', stage.settings, '--to', recipient, folder];
  expect(await stage.mover(...args).finished).toMatchObject({ code: 0 });
  const link = linkIn(await stage.program.mailbox.next(recipient, /your data/));
  const out = join(stage.work, 'deep-out');
  expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(folder));
  expect(await stage.mover('verify', out).finished).toMatchObject({ code: 0 });
});

it('a tree is walked in order of name, folders where their name stands', async () => {
  const folder = freshFolder();
  writeTree(folder, { 'b/2': '', 'b/1/x': '', 'a.txt': '', c: '' });
  mkdirSync(join(folder, 'b', '0'));
  const paths: string[] = [];
  for await (const some of walk([folder])) paths.push(...some.map(({ path }) => path));
  expect(paths).toEqual(['a.txt', 'b/0', 'b/1/x', 'b/2', 'c']);
});

it('what changes behind a link is a change for a watch that follows links, and for no other', async () => {
  const folder = freshFolder();
  writeTree(folder, { 'dataset/a.txt': 'a', 'elsewhere/b.txt': 'b' });
  symlinkSync(join('..', 'elsewhere'), join(folder, 'dataset', 'link'));
  const looks = async () => {
    const { signal } = new AbortController();
    const dataset = join(folder, 'dataset');
    return {
      following: await lookAt({ paths: [dataset], signal, followSymlinks: true, exclude: [] }),
      not: await lookAt({ paths: [dataset], signal, followSymlinks: false, exclude: [] }),
    };
  };
  const before = await looks();
  expect(await looks()).toEqual(before);
  writeFileSync(join(folder, 'elsewhere', 'b.txt'), 'longer');
  const after = await looks();
  expect(after.following).not.toBe(before.following);
  expect(after.not).toBe(before.not);
});

it('a name that is no text is refused as such, and nothing is sent', async () => {
  const folder = join(stage.work, 'bytes');
  writeTree(folder, { 'good.txt': 'good' });
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/gr`), Buffer.from([0xf6]), Buffer.from('sse.txt')]), 'latin 1');
  const finished = await stage.upload(folder).finished;
  expect(finished).toMatchObject({ code: 1 });
  expect(eventsIn(finished.stdout)).toContainEqual({
    event: 'error',
    path: 'gr\ufffdsse.txt',
    message: 'its name is not valid Unicode; rename it',
  });
});
