// What `--exclude` leaves out: it is not sent and keeps nothing from being sent, it is counted, and a command that leaves
// out something else is another one.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { goingOnInLarge, LARGE, ONE_BY_ONE } from './paused.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { statusOf, toBecome, uploadsOf } from './watched.js';

let stage: Stage;
const running: Mover[] = [];
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(async () => {
  for (const mover of running.splice(0)) await mover.kill();
});
afterAll(() => stage.close());

const doneIn = (stdout: string): Record<string, unknown> | undefined =>
  eventsIn(stdout).find(({ event }) => event === 'done');

const send = (folder: string, to: string, ...more: string[]): Mover =>
  stage.mover('upload', '--settings', stage.settings, '--to', to, '--json', ...more, folder);

it('leaves out what the globs mean, also what could not be sent, and counts it', async () => {
  const folder = join(stage.work, 'left');
  writeTree(folder, { 'a.tif': 'a', 'Thumbs.db': 't', 'deep/Thumbs.db': 't', 'deep/b.tif': 'b' });
  writeTree(folder, { 'locks/ba\nd.lock': '', 'locks/deep/c.lock': '' });
  // A name that no text is.
  writeFileSync(Buffer.from([...Buffer.from(`${folder}/locks/`), 0xff]), '');
  const refused = await send(folder, 'lea@example.org').finished;
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stdout).toContain('Nothing was sent');
  const { code, stdout, stderr } = await send(
    folder,
    'lea@example.org',
    ...['--exclude', '**/Thumbs.db', '--exclude', 'locks'],
  ).finished;
  expect(code).toBe(0);
  expect(stderr).toContain('5 entries are left out by --exclude.');
  expect(doneIn(stdout)).toMatchObject({ files: 2, bytes: 2, excluded: 5 });
  const link = linkIn(await stage.program.mailbox.next('lea@example.org', /your data/));
  const out = join(stage.work, 'left-out');
  expect(await stage.mover('download', link, out, '--quiet').finished).toMatchObject({ code: 0 });
  expect(Object.keys(contentsOf(out)).sort()).toEqual(['a.tif', 'deep/b.tif']);
});

it('is told to people in the summary, and as the reason why there is nothing to send', async () => {
  const folder = join(stage.work, 'people');
  writeTree(folder, { 'a.tif': 'a', 'b.tmp': 'b' });
  const args = ['upload', '--settings', stage.settings, '--to', 'peo@example.org', '--quiet'];
  const some = await stage.mover(...args, '--exclude', '*.tmp', folder).finished;
  expect(some.stdout).toContain('  excluded    1 entry, by --exclude\n');
  const all = await stage.mover(...args, '--exclude', '**', folder).finished;
  expect(all).toMatchObject({ code: 2 });
  expect(all.stderr).toContain('There is no file to upload but what --exclude leaves out.');
});

it('makes another command: of what was uploaded with others, another upload, which is told', async () => {
  const folder = join(stage.work, 'other');
  writeTree(folder, { 'a.tif': 'a', 'b.tmp': 'b', 'c.log': 'c' });
  const first = await send(folder, 'oth@example.org', '--exclude', '*.tmp', '--exclude', '*.log').finished;
  expect(doneIn(first.stdout)).toMatchObject({ files: 1 });
  const before = await uploadsOf(stage);
  const same = await send(folder, 'oth@example.org', '--exclude', '*.log', '--exclude', '*.tmp').finished;
  expect(doneIn(same.stdout)).toMatchObject({ folder: before[0]?.folder, transferredBytes: 0 });
  expect(same.stderr).not.toContain('differs in');
  const alike = await send(folder, 'oth@example.org', '--exclude', 'b*', '--exclude', '*.log').finished;
  expect(doneIn(alike.stdout)).toMatchObject({ folder: before[0]?.folder, transferredBytes: 0 });
  expect(alike.stderr).toContain('It was uploaded by a command that differs in --exclude, and left out the same.');
  expect(await uploadsOf(stage)).toEqual(before);
  const other = await send(folder, 'oth@example.org', '--exclude', '*.tmp').finished;
  expect(other).toMatchObject({ code: 0 });
  expect(other.stderr).toContain(
    `It was uploaded before as ${before[0]?.folder ?? ''} by a command that differs in --exclude; this is another upload.`,
  );
  expect(doneIn(other.stdout)).toMatchObject({ files: 2 });
  expect(await uploadsOf(stage)).toHaveLength(before.length + 1);
});

it('goes on with an upload that is not complete, and takes back what is to be left out now', async () => {
  const folder = join(stage.work, 'going-on');
  writeTree(folder, { 'a.tmp': 'a', 'b.raw': LARGE, 'c.tif': 'c' });
  const start = () => {
    const mover = send(folder, 'goo@example.org', ...ONE_BY_ONE);
    running.push(mover);
    return mover;
  };
  await goingOnInLarge(stage, start, () => running.at(-1)?.kill());
  const [begun] = await uploadsOf(stage);
  const { code, stdout, stderr } = await send(folder, 'goo@example.org', '--exclude', '*.tmp').finished;
  expect(code).toBe(0);
  expect(stderr).toContain('This command leaves out other files than the one that began the upload (--exclude).');
  expect(stderr).toContain('a.tmp: found by the server: unexpected');
  expect(doneIn(stdout)).toMatchObject({ uploadId: begun?.id, files: 2, excluded: 1 });
});

it('leaves out of watched datasets what the globs mean, and finishes none later for it', async () => {
  const folder = join(stage.work, 'watched');
  writeTree(folder, { 'run/a.tif': 'a', 'run/acquiring.lock': '' });
  const writing = setInterval(() => writeFileSync(join(folder, 'run', 'acquiring.lock'), String(Math.random())), 100);
  const watch = (...more: string[]) => {
    const times = ['--look-every', '1s', '--ready-after', '3s', '--to', 'wat@example.org'];
    const mover = stage.mover('watch', '--settings', stage.settings, '--quiet', ...times, ...more, folder);
    running.push(mover);
    return mover;
  };
  const first = watch('--exclude', '*.lock');
  const { folder: name } = await toBecome(stage, folder, 'run', 'uploaded');
  clearInterval(writing);
  expect((await uploadsOf(stage))[0]).toMatchObject({ folder: name, files: 1 });
  writeFileSync(join(folder, 'run', 'late.lock'), '');
  writeTree(folder, { 'next/b.tif': 'b' });
  await toBecome(stage, folder, 'next', 'uploaded');
  await first.kill();
  // Also for a watch that leaves out nothing it is as it was sent.
  const second = watch();
  writeTree(folder, { 'last/c.tif': 'c' });
  await toBecome(stage, folder, 'last', 'uploaded');
  expect(await statusOf(stage, folder, 'run')).not.toHaveProperty('changedAt');
  writeTree(folder, { 'run/late.tif': 'late' });
  await second.says(/run: it has changed since it was uploaded/);
});
