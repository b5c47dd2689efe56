// Data that were fetched with a link and are uploaded again, for other people.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { eventsIn, type Mover, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const send = (to: string, ...folders: string[]): Mover =>
  stage.mover('upload', '--settings', stage.settings, '--to', to, '--json', ...folders);
const fetched = async (recipient: string, name: string): Promise<string> => {
  const link = linkIn(await stage.program.mailbox.next(recipient, /your data/));
  const out = join(stage.work, name);
  expect(await stage.mover('download', link, out, '--quiet').finished).toMatchObject({ code: 0 });
  return out;
};

it('leave out what the download noted among them, say so, and can be fetched like any others', async () => {
  const folder = join(stage.work, 'in');
  writeTree(folder, { 'a.tif': 'a', 'deep/b.tif': 'b' });
  expect(await send('ada@example.org', folder).finished).toMatchObject({ code: 0 });
  const out = await fetched('ada@example.org', 'first');
  const { code, stdout, stderr } = await send('bob@example.org', out).finished;
  expect(code).toBe(0);
  expect(eventsIn(stdout).at(-1)).toMatchObject({ event: 'done', files: 2, leftOut: 1 });
  expect(stderr).toContain('.instrument-dispatch: left out: a download keeps its notes there');
  const again = await fetched('bob@example.org', 'second');
  expect(contentsOf(again)).toEqual(contentsOf(folder));
  expect(await stage.mover('verify', again).finished).toMatchObject({ code: 0 });
});

it('leave it out below the names of several folders, and where it is named itself', async () => {
  const [one, other] = [join(stage.work, 'one'), join(stage.work, 'other')];
  writeTree(one, { 'a.tif': 'a', '.instrument-dispatch/manifest.ndjson': '{}' });
  writeTree(other, { 'b.tif': 'b' });
  mkdirSync(join(stage.work, 'notes'));
  const notes = join(stage.work, 'notes', '.instrument-dispatch');
  writeTree(notes, { 'manifest.ndjson': '{}' });
  const { code, stdout } = await send('eve@example.org', one, other, notes).finished;
  expect(code).toBe(0);
  expect(eventsIn(stdout).at(-1)).toMatchObject({ event: 'done', files: 2, leftOut: 2 });
  const out = await fetched('eve@example.org', 'several');
  expect(Object.keys(contentsOf(out)).sort()).toEqual([join('one', 'a.tif'), join('other', 'b.tif')]);
  expect(existsSync(join(out, 'one', '.instrument-dispatch'))).toBe(false);
});
