// The same command again goes on where it stopped, whatever stopped it and whatever is written differently in it; a
// command that asks for something else changes the upload, or says that it is too late.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, writeTree } from '../support/files.js';
import { until } from '../support/wait.js';
import { Front, problem } from './front.js';
import { HeldProxy } from './held-proxy.js';
import { eventsIn, type Mover, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => {
  await stage.close();
});

interface UploadItem {
  id: string;
  folder: string;
  state: string;
  files: number;
}

async function uploads(): Promise<UploadItem[]> {
  return (await stage.program.admin.expect<{ items: UploadItem[] }>(200, 'GET', '/api/v1/admin/uploads?limit=1000'))
    .items;
}

const send = (folder: string, to: string[], ...more: string[]): Mover =>
  stage.mover('upload', '--settings', stage.settings, ...to.flatMap((one) => ['--to', one]), '--json', ...more, folder);

const doneIn = (stdout: string): Record<string, unknown> | undefined =>
  eventsIn(stdout).find(({ event }) => event === 'done');

const dispatched = async (address: string): Promise<number> =>
  (await stage.program.mailbox.to(address)).filter(({ subject }) => subject.includes('your data')).length;

/** A run that is killed when a part of the bytes has gone. */
async function brokenOff(start: () => Mover): Promise<void> {
  stage.emulator.faults.set({ service: 'asset.set', after: 2, action: { delayMs: 20_000 } });
  const before = stage.proxy.bytes;
  const mover = start();
  await until('a part having gone', () => stage.proxy.bytes - before > 1_000_000 || undefined);
  await mover.kill();
  stage.emulator.faults.clear();
}

const large = (seed: string): Record<string, Buffer> =>
  Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`f${index}.bin`, bytesOf(`${seed}${index}`, 700_000)]));

it('leads to one upload when the start was never answered, also when folder and people have changed since', async () => {
  const proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  const settings = join(stage.work, 'held.xml');
  const direct = readFileSync(stage.settings, 'utf8');
  writeFileSync(settings, direct.replace(/<server>[^<]*</, `<server>${proxy.url}<`));
  const folder = join(stage.work, 'unanswered');
  writeTree(folder, { 'a.txt': 'a' });
  const before = (await uploads()).length;
  proxy.holds = (method, path) => method === 'POST' && path === '/api/v1/uploads';
  const first = stage.mover('upload', '--settings', settings, '--to', 'una@example.org', folder);
  await until('the answer being kept back', () => proxy.held > 0 || undefined);
  await first.kill();
  proxy.holds = undefined;
  writeTree(folder, { 'b.txt': 'b' });
  const second = await stage.mover('upload', '--settings', settings, '--to', 'unb@example.org', folder).finished;
  expect(second).toMatchObject({ code: 0 });
  const now = await uploads();
  expect(now).toHaveLength(before + 1);
  expect(now.filter(({ state }) => state !== 'complete')).toEqual([]);
  await stage.program.mailbox.next('unb@example.org', /your data/);
  expect(await dispatched('una@example.org')).toBe(0);
  await proxy.close();
});

it('asks anew when what an earlier command asked for was refused', async () => {
  const folder = join(stage.work, 'refused');
  writeTree(folder, { 'a.txt': 'a' });
  expect(await send(folder, ['nobody@nowhere']).finished).toMatchObject({ code: 2 });
  expect(await send(folder, ['ref@example.org']).finished).toMatchObject({ code: 0 });
});

it('goes on with an upload that --again began, and begins another when that one is done', async () => {
  const folder = join(stage.work, 'again');
  writeTree(folder, large('again'));
  const first = await send(folder, ['aga@example.org']).finished;
  expect(first).toMatchObject({ code: 0 });
  const before = (await uploads()).length;
  await brokenOff(() => send(folder, ['aga@example.org'], '--again'));
  const begun = await uploads();
  expect(begun).toHaveLength(before + 1);
  const second = await send(folder, ['aga@example.org'], '--again').finished;
  expect(second).toMatchObject({ code: 0 });
  expect(await uploads()).toHaveLength(begun.length);
  expect(doneIn(second.stdout)?.['folder']).not.toBe(doneIn(first.stdout)?.['folder']);
  // The same without --again is about the last one.
  const told = await send(folder, ['aga@example.org']).finished;
  expect(doneIn(told.stdout)).toMatchObject({ folder: doneIn(second.stdout)?.['folder'], transferredBytes: 0 });
  const third = await send(folder, ['aga@example.org'], '--again').finished;
  expect(third).toMatchObject({ code: 0 });
  expect(await uploads()).toHaveLength(begun.length + 1);
});

it('gives up the unfinished upload that --again replaces, and says so where the server refuses that', async () => {
  const front = await Front.before(stage.program.endpoints.server);
  const settings = join(stage.work, 'front.xml');
  writeFileSync(settings, readFileSync(stage.settings, 'utf8').replace(/<server>[^<]*</, `<server>${front.url}<`));
  const args = ['upload', '--settings', settings, '--to', 'agi@example.org'];
  for (const isRefused of [false, true]) {
    const folder = join(stage.work, `replaced-${String(isRefused)}`);
    writeTree(folder, large(`replaced ${String(isRefused)}`));
    await brokenOff(() => stage.mover(...args, folder));
    const [begun] = await uploads();
    if (isRefused) front.answer(/^DELETE /, problem(409, 'Not now.'));
    const { code, stderr } = await stage.mover(...args, '--again', folder).finished;
    expect(code).toBe(0);
    expect(stderr).toContain(
      isRefused
        ? `The unfinished upload ${begun?.folder ?? ''} could not be given up: Not now.`
        : `The unfinished upload ${begun?.folder ?? ''} is given up; this is another one.`,
    );
    const [second, first] = await uploads();
    expect(first).toMatchObject({ id: begun?.id, state: isRefused ? 'open' : 'abandoned' });
    expect(second).toMatchObject({ state: 'complete' });
  }
  await front.close();
});

it('is the same command with people in another order or case, and with another address of the server', async () => {
  const folder = join(stage.work, 'same');
  writeTree(folder, { 'a.txt': 'a' });
  expect(await send(folder, ['sam@example.org', 'sue@example.org']).finished).toMatchObject({ code: 0 });
  const before = await uploads();
  const settings = join(stage.work, 'other-address.xml');
  writeFileSync(settings, readFileSync(stage.settings, 'utf8').replace('127.0.0.1', 'localhost'));
  const again = await stage.mover(
    ...['upload', '--settings', settings, '--json', '--to', 'SUE@example.org', '--to', ' sam@Example.org'],
    folder,
  ).finished;
  expect(again).toMatchObject({ code: 0 });
  expect(doneIn(again.stdout)).toMatchObject({ transferredBytes: 0 });
  expect(await uploads()).toEqual(before);
  expect(await dispatched('sam@example.org')).toBe(1);
});

it('changes people, keywords and note of an upload that is not complete, and says so', async () => {
  const folder = join(stage.work, 'changed');
  writeTree(folder, large('changed'));
  await brokenOff(() => send(folder, ['old@example.org'], '--name', 'my run', '--keyword', 'one', '--note', 'first'));
  const begun = await uploads();
  const finished = await send(
    folder,
    ['new@example.org'],
    ...['--name', 'my run', '--keyword', 'two', '--note', 'second'],
  ).finished;
  expect(finished).toMatchObject({ code: 0 });
  expect(finished.stderr).toContain('changed in it: recipients, keywords, note');
  expect(await uploads()).toHaveLength(begun.length);
  const mail = await stage.program.mailbox.next('new@example.org', /your data/);
  expect(mail.text).toContain('second');
  expect(mail.text).not.toContain('first');
  expect(await dispatched('old@example.org')).toBe(0);
  const id = String(doneIn(finished.stdout)?.['uploadId']);
  const upload = await stage.program.admin.expect<{ keywords: string[] }>(200, 'GET', `/api/v1/admin/uploads/${id}`);
  expect(upload.keywords.sort()).toEqual(['my_run', 'two']);
});

it('says of a complete upload who has it and who has not, instead of sending all of it again', async () => {
  const folder = join(stage.work, 'complete');
  writeTree(folder, { 'a.txt': 'a' });
  expect(await send(folder, ['cia@example.org', 'cib@example.org']).finished).toMatchObject({ code: 0 });
  await stage.program.mailbox.next('cia@example.org', /your data/);
  const before = await uploads();
  const refused = await send(folder, ['cia@example.org', 'cic@example.org']).finished;
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stdout).toContain('not to cic@example.org');
  expect(refused.stdout).toMatch(/reshare.*--again/);
  // Everybody whom it names has it.
  expect(await send(folder, ['cib@example.org']).finished).toMatchObject({ code: 0 });
  expect(await uploads()).toEqual(before);
  expect(await dispatched('cic@example.org')).toBe(0);
});

it('uploads several paths each below its own name, in any order the same, and a file alone', async () => {
  const work = join(stage.work, 'several');
  writeTree(work, { 'run-1/a.txt': 'a', 'run-1/deep/b.txt': 'bb', 'notes.txt': 'ccc', 'other/run-1/d.txt': 'd' });
  const paths = [join(work, 'notes.txt'), join(work, 'run-1')];
  const args = ['upload', '--settings', stage.settings, '--to', 'sev@example.org', '--json'];
  const first = await stage.mover(...args, ...paths).finished;
  expect(first).toMatchObject({ code: 0 });
  const files = eventsIn(first.stdout).filter(({ event }) => event === 'file');
  expect(files.map(({ path }) => path).sort()).toEqual(['notes.txt', 'run-1/a.txt', 'run-1/deep/b.txt']);
  const turned = await stage.mover(...args, ...paths.toReversed()).finished;
  expect(doneIn(turned.stdout)).toMatchObject({ folder: doneIn(first.stdout)?.['folder'], transferredBytes: 0 });
  const alone = await stage.mover(...args, join(work, 'notes.txt')).finished;
  expect(eventsIn(alone.stdout)).toContainEqual({ event: 'file', path: 'notes.txt', bytes: 3, skipped: false });
  // Two of one name would lie in one place.
  const clash = await stage.mover(...args, join(work, 'run-1'), join(work, 'other', 'run-1')).finished;
  expect(clash).toMatchObject({ code: 2 });
  expect(clash.stdout).toContain('Two of the paths end in run-1');
});

it('keeps a second run of the same upload out while the first is at it', async () => {
  const folder = join(stage.work, 'two');
  writeTree(folder, large('two'));
  stage.emulator.faults.set({ service: 'asset.set', after: 2, action: { delayMs: 20_000 } });
  const before = stage.proxy.bytes;
  const first = send(folder, ['two@example.org']);
  await until('a part having gone', () => stage.proxy.bytes - before > 1_000_000 || undefined);
  const second = await send(folder, ['two@example.org']).finished;
  expect(second).toMatchObject({ code: 1 });
  expect(second.stdout).toContain(`Process ${first.child.pid ?? 0} is at this transfer already.`);
  await first.kill();
  stage.emulator.faults.clear();
  expect(await send(folder, ['two@example.org']).finished).toMatchObject({ code: 0 });
});

it('keeps no list of files, and nobody’s address, of what is complete', () => {
  const names = readdirSync(stage.state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(new Set(names.map(({ name }) => name))).toEqual(new Set(['computer.json', 'uploads.json', 'transfer.log']));
  for (const { name, parentPath } of names)
    expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(/[\w.]+@example\.org/);
});
