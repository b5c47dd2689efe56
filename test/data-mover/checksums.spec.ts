// A store of Mediaflux that tells no checksums, or tells them later: nothing of it is ever taken for safe, and nothing is
// sent again for it.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { bytesOf, writeTree } from '../support/files.js';
import { AnotherHand } from './another-hand.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { toBecome, uploadsOf } from './watched.js';

let stage: Stage;
let watching: Mover | undefined;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.emulator.tellChecksums(true));
afterAll(async () => {
  await watching?.kill();
  await stage.close();
});

/** Paths of files that were sent, once for each time. */
const sentIn = (stdout: string): unknown[] =>
  eventsIn(stdout)
    .filter(({ event, skipped }) => event === 'file' && skipped === false)
    .map(({ path }) => path)
    .sort();

const TREE = { 'a.txt': 'a', 'b.raw': bytesOf('b', 400_000), 'c/d.txt': 'd', 'empty.txt': '' };

it('waits for checksums that come later, sends nothing again, and is complete then', async () => {
  const folder = join(stage.work, 'later');
  writeTree(folder, TREE);
  stage.emulator.tellChecksums(false);
  const mover = stage.upload(folder);
  await mover.says(/a\.txt: Mediaflux tells no checksum of 3 files yet/);
  stage.emulator.tellChecksums(true);
  const { code, stdout } = await mover.finished;
  expect(code).toBe(0);
  expect(sentIn(stdout)).toEqual(Object.keys(TREE));
  expect(eventsIn(stdout).at(-1)).toMatchObject({ event: 'done', files: 4, transferredBytes: 400_002 });
});

it('ends when they do not come, names the files and whom to ask; the same command again sends nothing', async () => {
  const folder = join(stage.work, 'never');
  writeTree(folder, TREE);
  stage.emulator.tellChecksums(false);
  const first = await stage.upload(folder, '--give-up-after', '2s').finished;
  expect(first.code).toBe(1);
  const told = eventsIn(first.stdout).filter(({ event }) => event === 'error');
  expect(told.map(({ path }) => path)).toEqual(['a.txt', 'b.raw', 'c/d.txt', undefined]);
  expect(told.at(-1)?.['message']).toMatch(/^Mediaflux holds 3 files of the right size .* Ask the Mediaflux team/);
  const second = await stage.upload(folder, '--give-up-after', '1s').finished;
  expect(second.code).toBe(1);
  expect([sentIn(first.stdout), sentIn(second.stdout)]).toEqual([Object.keys(TREE), []]);
  expect((await uploadsOf(stage))[0]).toMatchObject({ state: 'mismatch' });
  stage.emulator.tellChecksums(true);
  const third = await stage.upload(folder).finished;
  expect(third.code).toBe(0);
  expect(eventsIn(third.stdout).at(-1)).toMatchObject({ event: 'done', files: 4, transferredBytes: 0 });
});

it('sends again what has no content in Mediaflux at all', async () => {
  const hand = new AnotherHand(stage);
  const folder = join(stage.work, 'hollow');
  writeTree(folder, TREE);
  stage.emulator.tellChecksums(false);
  const mover = stage.upload(folder);
  await mover.says(/tells no checksum of 3 files yet/);
  const place = `${await hand.newest()}/c/d.txt`;
  await hand.destroy(place);
  await hand.makeHollow(place);
  await hand.close();
  stage.emulator.tellChecksums(true);
  const { code, stdout, stderr } = await mover.finished;
  expect(code).toBe(0);
  expect(stderr).toContain('c/d.txt: found by the server: unverifiable');
  expect(sentIn(stdout)).toEqual(['a.txt', 'b.raw', 'c/d.txt', 'c/d.txt', 'empty.txt']);
});

it('of a watched folder never sends a dataset again because none come', async () => {
  const folder = join(stage.work, 'watched');
  writeTree(folder, { 'run/a.txt': 'a' });
  stage.emulator.tellChecksums(false);
  const times = ['--look-every', '1s', '--retry-after', '1s', '--ready-after', '1s', '--to', 'ada@example.org'];
  watching = stage.mover('watch', '--settings', stage.settings, '--json', ...times, folder);
  const { message } = await toBecome(stage, folder, 'run', 'failed');
  expect(message).toContain('Ask the Mediaflux team');
  await watching.says(/(?:Ask the Mediaflux team[^]*){2}/);
  stage.emulator.tellChecksums(true);
  await toBecome(stage, folder, 'run', 'uploaded');
  expect(sentIn(watching.stdout)).toEqual(['a.txt']);
});
