// The folder where the Data Mover notes what it has done: damaged, full, in the way, or in the data themselves.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeWhole } from '../../data-mover/journal/durable.js';
import { writeTree } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { eventsIn, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => {
  await stage.close();
});

const fileIn = (folder: string, name: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(name))
    .map((path) => join(folder, path))[0] ?? 'none';

it('is gone on with when a power failure emptied what was noted, and says what was put aside', async () => {
  const folder = join(stage.work, 'emptied');
  writeTree(folder, { 'a.txt': 'a' });
  expect(await stage.upload(folder).finished).toMatchObject({ code: 0 });
  truncateSync(fileIn(stage.state, 'uploads.json'), 0);
  const finished = await stage.upload(folder).finished;
  expect(finished).toMatchObject({ code: 0 });
  expect(finished.stderr).toMatch(/is damaged, and was put aside as .*uploads\.json\.damaged/);
  expect(await stage.upload(folder).finished).toMatchObject({ code: 0, stderr: '' });
});

it('is named with what to do when it is no folder', async () => {
  const folder = join(stage.work, 'no-folder');
  writeTree(folder, { 'a.txt': 'a' });
  const state = join(stage.work, 'a-file');
  writeFileSync(state, '');
  const finished = await stage.moverWith({ DATA_MOVER_STATE: state }, ...stage.uploadArgs(folder)).finished;
  expect(finished).toMatchObject({ code: 1 });
  expect(finished.stdout).toContain(`${state}, where this program notes what it has done, cannot be used (`);
  expect(finished.stdout).toContain('DATA_MOVER_STATE');
});

// Only Linux has a file that is a full disk.
(existsSync('/dev/full') ? it.each(['tree.ndjson', 'uploads.json.new']) : it.skip.each(['tree.ndjson']))(
  'is named with what to do when its disk is full (%s)',
  async (name) => {
    const folder = join(stage.work, `full-${name}`);
    const state = join(stage.work, `full-state-${name}`);
    writeTree(folder, { 'a.txt': 'a' });
    const run = () => stage.moverWith({ DATA_MOVER_STATE: state }, ...stage.uploadArgs(folder)).finished;
    expect(await run()).toMatchObject({ code: 0 });
    const full = join(fileIn(state, 'uploads.json'), '..', name);
    symlinkSync('/dev/full', full);
    writeTree(folder, { 'b.txt': 'b' });
    const finished = await run();
    expect(finished).toMatchObject({ code: 1 });
    expect(finished.stdout).toContain(`The disk with ${state} is full`);
    rmSync(full);
    expect(await run()).toMatchObject({ code: 0 });
  },
);

it('is left out, and named, when it lies in the data', async () => {
  const folder = join(stage.work, 'holds-state');
  writeTree(folder, { 'a.txt': 'a' });
  const state = join(folder, 'my', 'state');
  const run = () => stage.moverWith({ DATA_MOVER_STATE: state }, ...stage.uploadArgs(folder)).finished;
  const first = await run();
  expect(first).toMatchObject({ code: 0 });
  expect(first.stderr).toContain('my/state: left out');
  expect(eventsIn(first.stdout)).toContainEqual(expect.objectContaining({ event: 'done', files: 1 }));
  // Its own files change with every run; the data have not.
  const again = await run();
  expect(eventsIn(again.stdout)).toContainEqual(expect.objectContaining({ event: 'done', transferredBytes: 0 }));
});

it('holds a file whole, or as it was before', () => {
  const file = join(freshFolder(), 'note.json');
  expect(readJson(file)).toBeUndefined();
  writeWhole(file, '{"a":1}');
  expect(readJson(file)).toEqual({ value: { a: 1 } });
  writeFileSync(file, '\0\0\0');
  expect(readJson(file)).toBe('damaged');
  expect(() => writeWhole(join(file, 'below'), '{}')).toThrow('ENOTDIR');
  expect(readFileSync(file, 'utf8')).toBe('\0\0\0');
});
