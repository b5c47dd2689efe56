// Data that change while they are uploaded: what is verified is what was sent, and whoever takes it for all is told.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/files.js';
import { AnotherHand } from './another-hand.js';
import { Front } from './front.js';
import { LARGE, ONE_BY_ONE, pausedInLarge } from './paused.js';
import { eventsIn, Stage } from './stage.js';
import { uploadsOf } from './watched.js';

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

it('knows the folder again as it was sent, though a file had changed before its turn came', async () => {
  const folder = join(stage.work, 'same');
  writeTree(folder, { 'a.txt': 'a', 'b.raw': LARGE, 'c.txt': 'c' });
  const start = () => stage.upload(folder, ...ONE_BY_ONE);
  const first = await pausedInLarge(stage, start, () => appendFileSync(join(folder, 'c.txt'), 'more'));
  expect(first).toMatchObject({ code: 0 });
  const before = await uploadsOf(stage);
  const again = await stage.upload(folder).finished;
  expect(again).toMatchObject({ code: 0 });
  const { folder: name } = doneIn(first.stdout) ?? {};
  expect(doneIn(again.stdout)).toMatchObject({ folder: name, files: 3, bytes: 200_006, transferredBytes: 0 });
  expect(await uploadsOf(stage)).toEqual(before);
  appendFileSync(join(folder, 'c.txt'), 'and more');
  const changed = await stage.upload(folder).finished;
  expect(doneIn(changed.stdout)).toMatchObject({ bytes: 200_014 });
  expect(doneIn(changed.stdout)?.['folder']).not.toBe(name);
});

it('sends such a file once, also where another has to be sent again', async () => {
  const front = await Front.before(stage.program.endpoints.server);
  const hand = new AnotherHand(stage);
  const token = /<token>([^<]+)</.exec(readFileSync(stage.settings, 'utf8'))?.[1] ?? '';
  const folder = join(stage.work, 'mended');
  writeTree(folder, { 'a.txt': 'a', 'b.raw': LARGE, 'c.txt': 'c' });
  front.doFirst(/POST .*\/complete$/, async () => hand.destroy(`${await hand.newest()}/a.txt`));
  const args = ['upload', '--url', front.url, '--token', token, '--to', 'ada@example.org', '--json', ...ONE_BY_ONE];
  const { code, stdout } = await pausedInLarge(
    stage,
    () => stage.mover(...args, folder),
    () => appendFileSync(join(folder, 'c.txt'), 'more'),
  );
  expect(code).toBe(0);
  const sent = eventsIn(stdout).filter(({ event }) => event === 'file');
  expect(sent.map(({ path }) => path)).toEqual(['a.txt', 'b.raw', 'c.txt', 'a.txt']);
  await hand.close();
  await front.close();
});
