// A watched folder: each folder in it goes when it is finished, once, to whom its small file names.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/wait.js';
import { writeTree } from '../support/files.js';
import { goingOnInLarge, LARGE, ONE_BY_ONE } from './paused.js';
import { type Mover, Stage } from './stage.js';
import { statusOf as askedStatus, toBecome as becoming, uploadsOf } from './watched.js';

let stage: Stage;
const running: Mover[] = [];
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => {
  for (const mover of running) await mover.kill();
  await stage.close();
});

function watch(folder: string, ...more: string[]): Mover {
  const times = ['--look-every', '1s', '--retry-after', '1s'];
  const mover = stage.mover('watch', '--settings', stage.settings, '--quiet', ...times, ...more, folder);
  running.push(mover);
  return mover;
}

const statusOf = (folder: string, dataset: string) => askedStatus(stage, folder, dataset);
const toBecome = (folder: string, dataset: string, state: string) => becoming(stage, folder, dataset, state);
const uploads = () => uploadsOf(stage);

it('uploads a dataset when its marker appears, to whom it names, without the files that say so, and only once', async () => {
  const folder = join(stage.work, 'marked');
  writeTree(folder, { 'run-1/a.tif': 'a', 'run-1/deep/b.tif': 'b', 'run-2/c.tif': 'c' });
  writeFileSync(join(folder, 'run-1', 'recipients.txt'), '# who\r\nbea@example.org\r\nname: marked\r\n');
  const first = watch(folder, '--ready-file', 'DONE');
  await toBecome(folder, 'run-1', 'changing');
  writeFileSync(join(folder, 'run-1', 'DONE'), '');
  const status = await toBecome(folder, 'run-1', 'uploaded');
  expect(status.folder).toMatch(/-marked$/);
  await stage.program.mailbox.next('bea@example.org', /your data/);
  first.child.kill('SIGTERM');
  expect(await first.finished).toMatchObject({ code: 0 });

  // After a restart it is not uploaded again, and what was not finished is still looked at.
  watch(folder, '--ready-file', 'DONE');
  writeFileSync(join(folder, 'run-2', 'DONE'), '');
  const waiting = await toBecome(folder, 'run-2', 'waiting');
  expect(waiting.message).toContain('recipients.txt');
  writeFileSync(join(folder, 'run-2', 'recipients.txt'), 'bea@example.org\n');
  await toBecome(folder, 'run-2', 'uploaded');
  expect((await uploads()).map(({ state, files }) => [state, files]).sort()).toEqual([
    ['complete', 1],
    ['complete', 2],
  ]);
});

it('uploads a dataset when nothing has changed in it for the time, to the usual recipient', async () => {
  const folder = join(stage.work, 'quiet');
  writeTree(folder, { 'run/a.tif': 'a' });
  const mover = watch(folder, '--ready-after', '2s', '--to', 'cleo@example.org');
  await toBecome(folder, 'run', 'uploaded');
  await stage.program.mailbox.next('cleo@example.org', /your data/);
  mover.child.kill('SIGTERM');
  expect(await mover.finished).toMatchObject({ code: 0 });
});

it('goes on after a kill in the middle of an upload, with the same upload', async () => {
  const folder = join(stage.work, 'killed');
  const files = Array.from({ length: 200 }, (_, index) => [`run/f${index}.bin`, `file ${index}`]);
  writeTree(folder, Object.fromEntries(files) as Record<string, string>);
  const before = await uploads();
  const args = ['--ready-after', '1s', '--to', 'cleo@example.org'];
  const mover = watch(folder, ...args);
  const begun = await until('the upload having begun', async () => {
    const now = await uploads();
    return now.length > before.length ? now : undefined;
  });
  await mover.kill();
  watch(folder, ...args);
  await toBecome(folder, 'run', 'uploaded');
  expect(await uploads()).toHaveLength(begun.length);
});

it('tries again what failed, says so in the status, and keeps a second watch out', async () => {
  const folder = join(stage.work, 'failing');
  mkdirSync(join(folder, 'run'), { recursive: true });
  writeFileSync(join(folder, 'run', 'bad\nname'), 'x');
  const mover = watch(folder, '--ready-after', '1s', '--to', 'cleo@example.org');
  const status = await until('two tries', async () => {
    const found = await statusOf(folder, 'run');
    return found?.state === 'failed' && (found.attempts ?? 0) >= 2 ? found : undefined;
  });
  expect(status.message).toContain('Nothing was sent');
  const second = await watch(folder, '--ready-after', '1s').finished;
  expect(second).toMatchObject({ code: 1 });
  expect(second.stderr).toContain('watching this folder already');
  await mover.kill();
});

it('goes on with other datasets whatever is wrong with one, and with that one when it is put right', async () => {
  const folder = join(stage.work, 'one-bad');
  writeTree(folder, { 'a-bad/a.tif': 'a', 'a-bad/recipients.txt/in-the-way': '', 'b-good/b.tif': 'b' });
  watch(folder, '--ready-after', '1s', '--to', 'dan@example.org');
  await toBecome(folder, 'b-good', 'uploaded');
  const bad = await toBecome(folder, 'a-bad', 'waiting');
  expect(bad.message).toContain('recipients.txt: it is a folder');
  rmSync(join(folder, 'a-bad', 'recipients.txt'), { recursive: true });
  await toBecome(folder, 'a-bad', 'uploaded');
});

it('takes what comes back after a share was away for what it was, and another folder of its name for another', async () => {
  const folder = join(stage.work, 'mounted');
  const aside = join(stage.work, 'unmounted');
  writeTree(folder, { 'run/a.tif': 'a' });
  const before = (await uploads()).length;
  watch(folder, '--ready-after', '1s', '--to', 'eve@example.org');
  await toBecome(folder, 'run', 'uploaded');
  // The place where a share was mounted is an empty folder.
  renameSync(folder, aside);
  mkdirSync(folder);
  await until('it being missed', async () => (await statusOf(folder, 'run'))?.absentSince);
  rmdirSync(folder);
  renameSync(aside, folder);
  writeTree(folder, { 'next/b.tif': 'b' });
  await toBecome(folder, 'next', 'uploaded');
  expect((await statusOf(folder, 'run'))?.state).toBe('uploaded');
  expect(await uploads()).toHaveLength(before + 2);

  rmSync(join(folder, 'run'), { recursive: true });
  writeTree(folder, { 'run/new.tif': 'another' });
  await until('the other one being uploaded', async () => ((await uploads()).length === before + 3 ? true : undefined));
  await toBecome(folder, 'run', 'uploaded');
});

it('uploads nothing twice when what was noted of the datasets is damaged', async () => {
  const folder = join(stage.work, 'damaged');
  writeTree(folder, { 'run/a.tif': 'a' });
  const first = watch(folder, '--ready-after', '1s', '--to', 'fay@example.org');
  await toBecome(folder, 'run', 'uploaded');
  await first.kill();
  const before = await uploads();
  const noted = readdirSync(stage.state, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('datasets.json'))
    .map((path) => join(stage.state, path))
    .find(
      (path) =>
        readFileSync(path, 'utf8').includes('run') && readFileSync(path, 'utf8').includes(before[0]?.folder ?? ''),
    );
  truncateSync(noted ?? 'none', 0);
  const second = watch(folder, '--ready-after', '1s', '--to', 'fay@example.org');
  await toBecome(folder, 'run', 'uploaded');
  expect(second.stderr).toContain('damaged, and was put aside');
  expect(await uploads()).toEqual(before);
});

it('says of a dataset that changed after it was uploaded that what is new is not in Mediaflux, and uploads nothing again', async () => {
  const folder = join(stage.work, 'late');
  writeTree(folder, { 'run/a.tif': 'a', 'loose.tif': 'x' });
  const mover = watch(folder, '--ready-after', '1s', '--to', 'gus@example.org');
  await toBecome(folder, 'run', 'uploaded');
  const before = await uploads();
  await mover.says(/loose\.tif: left out: only folders that lie in the watched folder are uploaded/);
  // What tells this program about it is no part of it.
  writeFileSync(join(folder, 'run', 'recipients.txt'), 'gus@example.org\n');
  writeTree(folder, { 'run/late/b.tif': 'b' });
  await mover.says(/run: it has changed since it was uploaded as \S+: what is new in it is not in Mediaflux/);
  const status = await until('the status telling so', async () => {
    const found = await statusOf(folder, 'run');
    return found?.changedAt === undefined ? undefined : found;
  });
  expect(status).toMatchObject({ state: 'uploaded', folder: expect.any(String) });
  const { stdout } = await stage.mover('watch', '--status', folder).finished;
  expect(stdout).toMatch(/^run {2}uploaded as \S+, and changed since .*not in Mediaflux/m);
  rmSync(join(folder, 'run', 'late'), { recursive: true });
  await until('all being in Mediaflux again', async () =>
    (await statusOf(folder, 'run'))?.changedAt ? undefined : true,
  );
  expect(await uploads()).toEqual(before);
});

it('takes nothing that changed before its turn came for what is not in Mediaflux', async () => {
  const folder = join(stage.work, 'on-the-way');
  writeTree(folder, { 'run/b.raw': LARGE, 'run/c.txt': 'c' });
  const start = () => watch(folder, ...ONE_BY_ONE, '--ready-after', '1s', '--to', 'jo@example.org');
  const mover = await goingOnInLarge(stage, start, () => writeTree(folder, { 'run/c.txt': 'changed' }));
  const { folder: name } = await toBecome(folder, 'run', 'uploaded');
  expect(await uploads()).toContainEqual(expect.objectContaining({ folder: name, bytes: LARGE.length + 7 }));
  writeTree(folder, { 'zzz/d.txt': 'd' });
  await toBecome(folder, 'zzz', 'uploaded');
  expect(await statusOf(folder, 'run')).not.toHaveProperty('changedAt');
  writeTree(folder, { 'run/c.txt': 'changed once more' });
  await mover.says(/run: it has changed since it was uploaded/);
});

it('takes no dataset for finished because the clock of the computer was set', async () => {
  const folder = join(stage.work, 'clock');
  const jump = join(stage.work, 'jump');
  writeTree(folder, { 'run/a.tif': 'a' });
  const set = `const { existsSync } = await import('node:fs');
    const Real = Date;
    const ahead = () => (existsSync(${JSON.stringify(jump)}) ? 7_200_000 : 0);
    globalThis.Date = class extends Real {
      constructor(...parts) { super(...(parts.length === 0 ? [Real.now() + ahead()] : parts)); }
      static now() { return Real.now() + ahead(); }
    };`;
  const args = ['--look-every', '1s', '--ready-after', '1h', '--to', 'hal@example.org', folder];
  const mover = stage.moverOn(
    { nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(set)}`] },
    ...['watch', '--settings', stage.settings, ...args],
  );
  running.push(mover);
  await toBecome(folder, 'run', 'changing');
  const before = await uploads();
  writeFileSync(jump, '');
  await mover.says(/The clock of this computer was set forward by 2 h 0 min/);
  writeTree(folder, { 'zzz/b.tif': 'b' });
  // A whole round has gone by.
  await toBecome(folder, 'zzz', 'changing');
  expect((await statusOf(folder, 'run'))?.state).toBe('changing');
  rmSync(jump);
  await mover.says(/The clock of this computer was set back by 2 h 0 min/);
  expect(await uploads()).toEqual(before);
});

it('says that a share is there again, and reads what Windows writes into recipients.txt', async () => {
  const folder = join(stage.work, 'away');
  const aside = join(stage.work, 'away-aside');
  writeTree(folder, { 'run/a.tif': 'a' });
  writeFileSync(join(folder, 'run', 'recipients.txt'), Buffer.from('\ufeffida@example.org\r\n', 'utf16le'));
  renameSync(folder, aside);
  const mover = watch(folder, '--ready-after', '1s');
  await mover.says(/there is no such folder now; it is tried again/);
  renameSync(aside, folder);
  await mover.says(/the watched folder can be read again/);
  await toBecome(folder, 'run', 'uploaded');
  await stage.program.mailbox.next('ida@example.org', /your data/);
});
