// Two computers that share a home, and with it the notes of this program: never are both at one upload, and what another
// one sent is never told to be safe here. On each the same path is its own disk, or one that both see.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf } from '../../data-mover/journal/computer.js';
import { bytesOf, writeTree } from '../support/files.js';
import { until } from '../support/wait.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { toBecome, uploadsOf } from './watched.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => {
  await stage.close();
});

const on = (computer: string, to: string, folder: string, ...more: string[]): Mover =>
  stage.moverWith(
    { DATA_MOVER_COMPUTER: computer },
    ...['upload', '--settings', stage.settings, '--to', to, '--json', ...more, folder],
  );

const doneIn = (stdout: string): Record<string, unknown> | undefined =>
  eventsIn(stdout).find(({ event }) => event === 'done');

const errorIn = (stdout: string): unknown => eventsIn(stdout).find(({ event }) => event === 'error')?.['message'];

const large = (seed: string): Record<string, Buffer> =>
  Object.fromEntries(
    Array.from({ length: 6 }, (_, index) => [`${seed}${index}.bin`, bytesOf(`${seed}${index}`, 700_000)]),
  );

/** One file after the other, so that some have gone whole. */
const ONE = ['--parallel', '1'];

/** A run that ends, in one way or the other, when a part of the bytes has gone. */
async function brokenOff(mover: () => Mover, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  stage.emulator.faults.set({ service: 'asset.set', after: 2, action: { delayMs: 20_000 } });
  const before = stage.proxy.bytes;
  const one = mover();
  await until('a part having gone', () => stage.proxy.bytes - before > 1_500_000 || undefined);
  one.child.kill(signal);
  await one.finished;
  stage.emulator.faults.clear();
}

async function filesOf(uploadId: unknown): Promise<string[]> {
  const path = `/api/v1/admin/uploads/${String(uploadId)}/files`;
  const { items } = await stage.program.admin.expect<{ items: { path: string }[] }>(200, 'GET', path);
  return items.map((item) => item.path).sort();
}

const recipientsOf = async (uploadId: unknown): Promise<string[]> => {
  const path = `/api/v1/admin/uploads/${String(uploadId)}`;
  const { deliveries } = await stage.program.admin.expect<{ deliveries: { recipient: string }[] }>(200, 'GET', path);
  return deliveries.map(({ recipient }) => recipient);
};

/** The path leads to another disk from now on, as on the other computer. */
function onOtherDisk(folder: string, files: Record<string, Buffer | string>): string {
  const elsewhere = `${folder}-of-the-first`;
  renameSync(folder, elsewhere);
  writeTree(folder, files);
  return elsewhere;
}

it.each(['SIGKILL', 'SIGTERM'] as const)(
  'sends two folders of one path as two uploads, each to its own people, after a %s too',
  async (signal) => {
    const folder = join(stage.work, `own-disks-${signal}`);
    writeTree(folder, large('a'));
    await brokenOff(() => on('scope-a', 'ana@example.org', folder, ...ONE), signal);
    const ofA = onOtherDisk(folder, large('b'));
    const second = await on('scope-b', 'bob@example.org', folder).finished;
    expect(second).toMatchObject({ code: 0 });
    renameSync(folder, `${folder}-of-the-second`);
    renameSync(ofA, folder);
    const first = await on('scope-a', 'ana@example.org', folder).finished;
    expect(first).toMatchObject({ code: 0 });
    const [a, b] = [doneIn(first.stdout), doneIn(second.stdout)];
    expect(a?.['uploadId']).not.toBe(b?.['uploadId']);
    // What A had sent by then, it does not send again.
    expect(a?.['transferredBytes']).toBeLessThan(6 * 700_000);
    expect(await filesOf(a?.['uploadId'])).toEqual(Object.keys(large('a')));
    expect(await filesOf(b?.['uploadId'])).toEqual(Object.keys(large('b')));
    await stage.program.mailbox.next('ana@example.org', /your data/);
    await stage.program.mailbox.next('bob@example.org', /your data/);
    expect(await recipientsOf(a?.['uploadId'])).toEqual(['ana@example.org']);
    expect(await recipientsOf(b?.['uploadId'])).toEqual(['bob@example.org']);
  },
);

it('goes on from another computer that sees the same folder once the run on the first has ended in order', async () => {
  const folder = join(stage.work, 'one-disk');
  writeTree(folder, large('c'));
  await brokenOff(() => on('login-1', 'cia@example.org', folder, ...ONE), 'SIGTERM');
  const before = (await uploadsOf(stage)).length;
  const second = await on('login-2', 'cia@example.org', folder).finished;
  expect(second).toMatchObject({ code: 0 });
  expect(doneIn(second.stdout)?.['transferredBytes']).toBeLessThan(6 * 700_000);
  expect(await uploadsOf(stage)).toHaveLength(before);
  // After completion it is known everywhere.
  const third = await on('login-1', 'cia@example.org', folder).finished;
  expect(doneIn(third.stdout)).toMatchObject({ uploadId: doneIn(second.stdout)?.['uploadId'], transferredBytes: 0 });
});

it('refuses to go on where the first computer’s run may be under way, until a person says that it is not', async () => {
  const folder = join(stage.work, 'killed');
  writeTree(folder, large('d'));
  await brokenOff(() => on('login-1', 'dia@example.org', folder, ...ONE), 'SIGKILL');
  const before = (await uploadsOf(stage)).length;
  const refused = await on('login-2', 'dib@example.org', folder).finished;
  expect(refused).toMatchObject({ code: 1 });
  expect(errorIn(refused.stdout)).toMatch(/^The computer login-1 is at this transfer, .*--take-over login-1 .*--again/);
  const wrongly = await on('login-2', 'dib@example.org', folder, '--take-over', 'login-3').finished;
  expect(wrongly).toMatchObject({ code: 1 });
  const taken = await on('login-2', 'dib@example.org', folder, '--take-over', 'login-1').finished;
  expect(taken).toMatchObject({ code: 0 });
  expect(doneIn(taken.stdout)?.['transferredBytes']).toBeLessThan(6 * 700_000);
  expect(await uploadsOf(stage)).toHaveLength(before);
});

it('asks a person where the file system does not tell whether it is the same folder', async () => {
  const folder = join(stage.work, 'untold');
  writeTree(folder, { 'a.txt': 'a' });
  expect(await on('login-1', 'ula@example.org', folder).finished).toMatchObject({ code: 0 });
  const owner = readdirSync(stage.state, { recursive: true, encoding: 'utf8' })
    .map((path) => join(stage.state, path))
    .filter((path) => path.endsWith('computer.json'))
    .find((path) => readFileSync(path, 'utf8').includes(placeOf(folder)));
  expect(owner).toBeDefined();
  const [number] = placeOf(folder).split('-');
  writeFileSync(owner ?? '', readFileSync(owner ?? '', 'utf8').replace(placeOf(folder), `${number ?? ''}-`));
  const before = (await uploadsOf(stage)).length;
  const refused = await on('login-2', 'ula@example.org', folder).finished;
  expect(refused).toMatchObject({ code: 1 });
  expect(errorIn(refused.stdout)).toContain('does not tell whether these are the same data');
  const taken = await on('login-2', 'ula@example.org', folder, '--take-over', 'login-1').finished;
  expect(taken).toMatchObject({ code: 0 });
  expect(await uploadsOf(stage)).toHaveLength(before);
});

it('lets a run that was taken over say nothing of the upload', async () => {
  const folder = join(stage.work, 'robbed');
  writeTree(folder, large('e'));
  stage.emulator.faults.set({ service: 'asset.set', after: 2, action: { delayMs: 3_000 }, times: 1 });
  const before = stage.proxy.bytes;
  const first = on('login-1', 'eia@example.org', folder, '--parallel', '1');
  await until('a part having gone', () => stage.proxy.bytes - before > 1_000_000 || undefined);
  first.child.kill('SIGSTOP');
  const second = await on('login-2', 'eia@example.org', folder, '--take-over', 'login-1').finished;
  first.child.kill('SIGCONT');
  expect(second).toMatchObject({ code: 0 });
  const ended = await first.finished;
  expect(ended).toMatchObject({ code: 1 });
  expect(errorIn(ended.stdout)).toContain('The computer login-2 has taken this over');
});

it('starts another upload with --again where another computer is at the first', async () => {
  const folder = join(stage.work, 'apart');
  writeTree(folder, large('f'));
  await brokenOff(() => on('login-1', 'fia@example.org', folder, ...ONE), 'SIGKILL');
  const before = (await uploadsOf(stage)).length;
  const other = await on('login-2', 'fib@example.org', folder, '--again').finished;
  expect(other).toMatchObject({ code: 0 });
  const first = await on('login-1', 'fia@example.org', folder).finished;
  expect(first).toMatchObject({ code: 0 });
  expect(await uploadsOf(stage)).toHaveLength(before + 1);
  expect(doneIn(first.stdout)?.['uploadId']).not.toBe(doneIn(other.stdout)?.['uploadId']);
});

const OWN =
  'This computer has notes of its own of this transfer, and goes on with those; what the computer login-1 was at';
const NONE = 'Nothing that a computer named login-1 was at is noted of this transfer; nothing is taken over';

it('says that nothing is taken over where this computer has notes of its own, and where nothing is noted', async () => {
  const folder = join(stage.work, 'not-taken');
  writeTree(folder, large('g'));
  const none = await on('login-2', 'gib@example.org', folder, '--take-over', 'login-1', '--dry-run').finished;
  expect(none.stderr).toContain(NONE);
  await brokenOff(() => on('login-1', 'gia@example.org', folder, ...ONE), 'SIGKILL');
  const own = await on('login-2', 'gib@example.org', folder, '--again').finished;
  expect(own.stderr).not.toMatch(/take(?:n|s) over/);
  for (const more of [['--dry-run'], []]) {
    const both = await on('login-2', 'gib@example.org', folder, '--take-over', 'login-1', ...more).finished;
    expect(both.stderr).toContain(OWN);
    expect(doneIn(both.stdout)).toMatchObject({ uploadId: doneIn(own.stdout)?.['uploadId'], transferredBytes: 0 });
  }
  // What was taken over is this computer's from then on, whatever the command says again.
  const third = () => on('login-3', 'gic@example.org', folder, '--take-over', 'login-1').finished;
  const [taking, again] = [await third(), await third()];
  for (const one of [taking, again]) {
    expect(one.code).toBe(0);
    expect(one.stderr).not.toMatch(/notes of its own|nothing is taken over/);
  }
});

const running: Mover[] = [];
afterAll(() => Promise.all(running.map((mover) => mover.kill())));

function watching(computer: string, folder: string): Mover {
  const mover = stage.moverWith(
    { DATA_MOVER_COMPUTER: computer },
    ...['watch', '--settings', stage.settings, '--to', 'wia@example.org', '--json'],
    ...['--look-every', '1s', '--ready-after', '1s', folder],
  );
  running.push(mover);
  return mover;
}

const ended = async (mover: Mover): Promise<void> => {
  mover.child.kill('SIGTERM');
  await mover.finished;
};

it('watches a folder that two computers see from one of them, and from the other when the first has ended', async () => {
  const folder = join(stage.work, 'watched');
  writeTree(folder, { 'run-1/a.txt': 'a' });
  const first = watching('scope-a', folder);
  await toBecome(stage, folder, 'run-1', 'uploaded');
  const refused = await watching('scope-b', folder).finished;
  expect(refused).toMatchObject({ code: 1 });
  expect(errorIn(refused.stdout)).toMatch(/^The computer scope-a is at watching this folder/);
  await ended(first);
  const before = (await uploadsOf(stage)).length;
  const second = watching('scope-b', folder);
  writeTree(folder, { 'run-2/b.txt': 'b' });
  await toBecome(stage, folder, 'run-2', 'uploaded');
  await ended(second);
  expect(await uploadsOf(stage)).toHaveLength(before + 1);
});

it('keeps what is known of two watched folders of one path apart', async () => {
  const folder = join(stage.work, 'watched-own');
  writeTree(folder, { 'run-1/a.txt': 'of a' });
  const first = watching('scope-a', folder);
  const ofA = await toBecome(stage, folder, 'run-1', 'uploaded');
  await first.kill();
  onOtherDisk(folder, { 'run-1/a.txt': 'of b' });
  const second = watching('scope-b', folder);
  const ofB = await until('the other run-1 being uploaded', async () => {
    const { stdout } = await stage.moverWith({ DATA_MOVER_COMPUTER: 'scope-b' }, 'watch', '--status', '--json', folder)
      .finished;
    const [status] = eventsIn(stdout);
    return status?.['state'] === 'uploaded' ? status : undefined;
  });
  await ended(second);
  expect(ofB['folder']).not.toBe(ofA.folder);
});
