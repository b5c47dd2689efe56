// A dataset that has to wait keeps no other of the watched folder from being uploaded, and is uploaded once all the same.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/files.js';
import { until } from '../support/wait.js';
import { Front, problem } from './front.js';
import { type Mover, Stage } from './stage.js';
import { type KnownUpload, statusOf, toBecome, uploadsOf } from './watched.js';

let stage: Stage;
let front: Front;
let settings: string;
const running: Mover[] = [];

beforeAll(async () => {
  stage = await Stage.open();
  front = await Front.before(stage.program.endpoints.server);
  settings = join(stage.work, 'through-front.xml');
  const { server } = stage.program.endpoints;
  writeFileSync(settings, readFileSync(stage.settings, 'utf8').replace(server, front.url));
});
afterEach(async () => {
  for (const mover of running.splice(0)) await mover.kill();
  front.clear();
  stage.emulator.faults.clear();
});
afterAll(async () => {
  await front.close();
  await stage.close();
});

function watch(folder: string): Mover {
  const times = ['--look-every', '1s', '--retry-after', '1s', '--ready-after', '1s'];
  const mover = stage.mover('watch', '--settings', settings, '--quiet', ...times, '--to', 'ada@example.org', folder);
  running.push(mover);
  return mover;
}

/** Of those that there are beside `before`. */
const oneMoreThan = (before: readonly KnownUpload[]): Promise<KnownUpload> =>
  until('an upload having begun', async () =>
    (await uploadsOf(stage)).find(({ id }) => before.every((other) => other.id !== id)),
  );

it('uploads the others while one waits for a server, one names nobody and one is refused, and that one in the end', async () => {
  const folder = join(stage.work, 'turns');
  const before = await uploadsOf(stage);
  front.answer(/PUT .*manifest$/, problem(503, 'The list cannot be taken now.'), 1_000_000);
  writeTree(folder, { 'a-held/a.tif': 'a' });
  const first = watch(folder);
  const held = await oneMoreThan(before);
  front.clear();
  front.answer(new RegExp(`PUT .*/${held.id}/manifest$`), problem(503, 'The list cannot be taken now.'), 1_000_000);
  writeTree(folder, { 'b-nobody/b.tif': 'b', 'c-refused/c\nc.tif': 'c', 'd-good/d.tif': 'd' });
  writeFileSync(join(folder, 'b-nobody', 'recipients.txt'), 'whom?\n');
  await toBecome(stage, folder, 'd-good', 'uploaded');
  await toBecome(stage, folder, 'b-nobody', 'waiting');
  await toBecome(stage, folder, 'c-refused', 'failed');
  const waiting = await toBecome(stage, folder, 'a-held', 'waiting');
  expect(waiting.message).toContain('The list cannot be taken now.');
  // Said once, though it was tried more than once.
  const asked = front.asked(/PUT .*manifest$/);
  await until('another try', () => Promise.resolve(front.asked(/PUT .*manifest$/) > asked + 3 || undefined));
  expect(first.stderr.match(/a-held: .*The list cannot be taken now/g)).toHaveLength(1);

  // A restart changes nothing of that.
  await first.kill();
  watch(folder);
  writeTree(folder, { 'e-good/e.tif': 'e' });
  await toBecome(stage, folder, 'e-good', 'uploaded');
  expect((await statusOf(stage, folder, 'a-held'))?.state).not.toBe('uploaded');
  front.clear();
  await toBecome(stage, folder, 'a-held', 'uploaded');
  const after = (await uploadsOf(stage)).filter(({ id }) => before.every((other) => other.id !== id));
  expect(after.map(({ state }) => state)).toEqual(['complete', 'complete', 'complete']);
  expect(after.find(({ id }) => id === held.id)?.state).toBe('complete');
});

it('does not upload anew what the server has all of by the time that something has changed in it', async () => {
  const folder = join(stage.work, 'compared');
  const before = await uploadsOf(stage);
  // The first question of a verification; the client asks no such thing.
  stage.emulator.faults.set({ service: 'asset.query', action: { error: 'the index is being rebuilt' } });
  writeTree(folder, { 'run/a.tif': 'a' });
  const first = watch(folder);
  const waiting = await toBecome(stage, folder, 'run', 'waiting');
  expect(waiting.message).toMatch(/All is sent, but the server has not compared it .*the index is being rebuilt/);
  await first.kill();
  writeTree(folder, { 'run/late.tif': 'b' });
  stage.emulator.faults.clear();
  await until('the server having compared', async () =>
    (await uploadsOf(stage)).find(({ state }) => state === 'verifying') ? undefined : true,
  );
  watch(folder);
  await toBecome(stage, folder, 'run', 'uploaded');
  const status = await until('what is new being told', async () => {
    const found = await statusOf(stage, folder, 'run');
    return found?.changedAt === undefined ? undefined : found;
  });
  expect(status.state).toBe('uploaded');
  const after = (await uploadsOf(stage)).filter(({ id }) => before.every((other) => other.id !== id));
  expect(after.map(({ state, files, folder: name }) => [state, files, name])).toEqual([['complete', 1, status.folder]]);
});

it('takes a folder that took the place of an uploaded one for another, also when its first try comes to nothing', async () => {
  const folder = join(stage.work, 'replaced');
  const before = await uploadsOf(stage);
  writeTree(folder, { 'run/a.tif': 'a' });
  watch(folder);
  await toBecome(stage, folder, 'run', 'uploaded');
  const first = await oneMoreThan(before);
  // Nothing is known of the earlier one for now.
  front.answer(new RegExp(`GET .*/${first.id}$`), problem(503, 'It cannot be told now.'), 1_000_000);
  rmSync(join(folder, 'run'), { recursive: true });
  writeTree(folder, { 'run/b.tif': 'another', 'run/c.tif': 'and one more' });
  await toBecome(stage, folder, 'run', 'waiting');
  front.clear();
  await toBecome(stage, folder, 'run', 'uploaded');
  const second = await oneMoreThan([...before, first]);
  expect(second).toMatchObject({ state: 'complete', files: 2 });
  expect((await statusOf(stage, folder, 'run'))?.folder).toBe(second.folder);
});
