// An upload that is not complete, and whose folder somebody took away in Mediaflux: a watched dataset is begun anew, since
// nobody sits there; a person is asked first.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { writeTree } from '../support/files.js';
import { until } from '../support/wait.js';
import { AnotherHand } from './another-hand.js';
import { goingOnInLarge, LARGE, ONE_BY_ONE } from './paused.js';
import { type Mover, Stage } from './stage.js';
import { type KnownUpload, toBecome, uploadsOf } from './watched.js';

let stage: Stage;
let hand: AnotherHand;
let operator: Api;
const running: Mover[] = [];

beforeAll(async () => {
  stage = await Stage.open();
  hand = new AnotherHand(stage);
  const token = /<token>([^<]+)</.exec(readFileSync(stage.settings, 'utf8'))?.[1] ?? '';
  operator = new Api(stage.program.endpoints.server, token);
});
afterEach(async () => {
  for (const mover of running.splice(0)) await mover.kill();
});
afterAll(async () => {
  await hand.close();
  await stage.close();
});

function watch(folder: string): Mover {
  const times = ['--look-every', '1s', '--retry-after', '1s', '--ready-after', '1s', ...ONE_BY_ONE];
  const args = ['watch', '--settings', stage.settings, '--quiet', ...times, '--to', 'ada@example.org', folder];
  const mover = stage.mover(...args);
  running.push(mover);
  return mover;
}

/** Kills a run in the middle of its large file, and takes the folder of its upload away. */
async function brokenOffAndGone(start: () => Mover): Promise<KnownUpload> {
  await (await goingOnInLarge(stage, start, () => running.at(-1)?.kill())).kill();
  const [upload] = await uploadsOf(stage);
  if (!upload) throw new Error('Nothing was begun.');
  await hand.destroyFolder(await hand.newest());
  return upload;
}

it.each(['open', 'abandoned'])('of a watched dataset is begun anew, by itself, when it was %s', async (state) => {
  const folder = join(stage.work, `watched-${state}`);
  writeTree(folder, { 'run/b.raw': LARGE, 'run/c.txt': 'c', 'run/recipients.txt': 'ada@example.org\n' });
  const { id, folder: name } = await brokenOffAndGone(() => watch(folder));
  if (state === 'abandoned') await operator.expect(204, 'DELETE', `/api/v1/uploads/${id}`);
  expect((await uploadsOf(stage))[0]).toMatchObject({ id, state });
  const mover = watch(folder);
  const status = await toBecome(stage, folder, 'run', 'uploaded');
  expect(mover.stderr).toContain(`The folder of its upload ${name} is no longer in Mediaflux`);
  const [anew, first] = await uploadsOf(stage);
  expect(first).toMatchObject({ id, state: 'abandoned' });
  expect(anew).toMatchObject({ folder: status.folder, state: 'complete', files: 2 });
  expect(anew?.folder).not.toBe(name);
  // It is that dataset's upload from now on, whatever comes to it.
  await mover.kill();
  writeTree(folder, { 'run/late.txt': 'late' });
  expect(mover.stderr).not.toContain('it has changed since');
  await watch(folder).says(/run: it has changed since it was uploaded/);
  expect((await uploadsOf(stage))[0]).toMatchObject({ id: anew?.id });
});

/**
 * Kills a run when all is sent and the server cannot compare, and takes the folder of its upload away. Where there are empty
 * folders, the server cannot list them then; others are found missing.
 */
async function comparedAndGone(start: () => Mover): Promise<KnownUpload> {
  stage.emulator.faults.set({ service: 'asset.query', action: { error: 'the index is being rebuilt' } });
  const mover = start();
  const upload = await until('a try to compare it', async () => {
    const [newest] = await uploadsOf(stage);
    if (newest?.state !== 'verifying') return undefined;
    const { verificationTrouble } = await operator.expect<{ verificationTrouble: string | null }>(
      ...([200, 'GET', `/api/v1/uploads/${newest.id}`] as const),
    );
    return verificationTrouble === null ? undefined : newest;
  });
  await mover.kill();
  await hand.destroyFolder(await hand.newest());
  stage.emulator.faults.clear();
  return upload;
}

it('of a watched dataset is begun anew, by itself, also when the server was comparing it', async () => {
  const folder = join(stage.work, 'watched-verifying');
  writeTree(folder, { 'run/b.raw': LARGE, 'run/c.txt': 'c', 'run/recipients.txt': 'ada@example.org\n' });
  mkdirSync(join(folder, 'run', 'empty'));
  const { id, folder: name } = await comparedAndGone(() => watch(folder));
  const mover = watch(folder);
  const status = await toBecome(stage, folder, 'run', 'uploaded');
  expect(mover.stderr).toContain(`The folder of its upload ${name} is no longer in Mediaflux`);
  const [anew, first] = await uploadsOf(stage);
  expect(first).toMatchObject({ id, state: 'abandoned' });
  expect(anew).toMatchObject({ folder: status.folder, state: 'complete', files: 2 });
});

it('of a person’s upload is told also when the server was comparing it, and nothing else is begun', async () => {
  const folder = join(stage.work, 'person-verifying');
  writeTree(folder, { 'b.raw': LARGE, 'c.txt': 'c' });
  mkdirSync(join(folder, 'empty'));
  const { id } = await comparedAndGone(() => {
    const mover = stage.upload(folder);
    running.push(mover);
    return mover;
  });
  const { code, stdout } = await stage.upload(folder).finished;
  expect(code).toBe(1);
  expect(stdout).toContain('Start a new one (data-mover upload --again)');
  expect((await uploadsOf(stage))[0]).toMatchObject({ id, state: 'verifying' });
  expect(await stage.upload(folder, '--again').finished).toMatchObject({ code: 0 });
  const [anew, first] = await uploadsOf(stage);
  expect([anew?.state, first?.id, first?.state]).toEqual(['complete', id, 'abandoned']);
});

it('of a person’s upload is told, with what to do, and nothing else is begun', async () => {
  const folder = join(stage.work, 'person');
  writeTree(folder, { 'b.raw': LARGE, 'c.txt': 'c' });
  const start = () => {
    const mover = stage.upload(folder, ...ONE_BY_ONE);
    running.push(mover);
    return mover;
  };
  const { id } = await brokenOffAndGone(start);
  const { code, stdout } = await stage.upload(folder).finished;
  expect(code).toBe(1);
  expect(stdout).toContain('Start a new one (data-mover upload --again)');
  expect((await uploadsOf(stage))[0]).toMatchObject({ id });
  expect(await stage.upload(folder, '--again').finished).toMatchObject({ code: 0 });
  const [anew, first] = await uploadsOf(stage);
  expect([anew?.state, first?.id, first?.state]).toEqual(['complete', id, 'abandoned']);
});
