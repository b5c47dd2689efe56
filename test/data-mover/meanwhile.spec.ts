// Data that change while they are uploaded: what is verified is what was sent, and whoever takes it for all is told.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/files.js';
import { LARGE, ONE_BY_ONE, pausedInLarge } from './paused.js';
import { eventsIn, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.emulator.faults.clear());
afterAll(() => stage.close());

const doneIn = (stdout: string): Record<string, unknown> | undefined =>
  eventsIn(stdout).find(({ event }) => event === 'done');

it('tells of files that changed or came after they were sent, and the same command sends all as it is now', async () => {
  const folder = join(stage.work, 'growing');
  writeTree(folder, { 'a.txt': 'a', 'b.raw': LARGE, 'c.txt': 'c' });
  const start = () => stage.upload(folder, ...ONE_BY_ONE);
  const { code, stdout, stderr } = await pausedInLarge(stage, start, () => {
    appendFileSync(join(folder, 'a.txt'), 'more');
    writeTree(folder, { 'new/d.txt': 'd' });
  });
  expect(code).toBe(0);
  expect(doneIn(stdout)).toMatchObject({ files: 3, bytes: 200_002, changedSince: 2 });
  expect(stderr).toContain(
    'a.txt: it changed, or came, after the data were sent, and 1 more did: in Mediaflux is what',
  );
  const again = await stage.upload(folder).finished;
  expect(doneIn(again.stdout)).toMatchObject({ files: 4, bytes: 200_007 });
  expect(doneIn(again.stdout)).not.toHaveProperty('changedSince');
  expect(doneIn(again.stdout)?.['folder']).not.toBe(doneIn(stdout)?.['folder']);
});

it('tells people so in the summary too, also where little is told', async () => {
  const folder = join(stage.work, 'quiet');
  writeTree(folder, { 'a.txt': 'a', 'b.raw': LARGE });
  const args = ['upload', '--settings', stage.settings, '--to', 'ada@example.org', '--quiet', ...ONE_BY_ONE];
  const { code, stdout, stderr } = await pausedInLarge(
    stage,
    () => stage.mover(...args, folder),
    () => appendFileSync(join(folder, 'a.txt'), 'more'),
  );
  expect(code).toBe(0);
  expect(stdout).toContain('  not in it   1 that changed or came since, as told above\n');
  expect(stderr).toContain('a.txt: it changed, or came');
});

it('says nothing of a file that changed before it was sent, nor of one that is gone since', async () => {
  const folder = join(stage.work, 'before');
  writeTree(folder, { 'a.txt': 'a', 'b.raw': LARGE, 'c.txt': 'c' });
  const start = () => stage.upload(folder, ...ONE_BY_ONE);
  const { code, stdout, stderr } = await pausedInLarge(stage, start, () => {
    rmSync(join(folder, 'a.txt'));
    appendFileSync(join(folder, 'c.txt'), 'more');
  });
  expect(code).toBe(0);
  expect(stderr).toContain('c.txt: it has changed since the upload began');
  expect(doneIn(stdout)).not.toHaveProperty('changedSince');
});
