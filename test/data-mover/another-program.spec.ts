// Another program with the same token at an upload of this one: what it sent is never told to be safe here, and as long as
// nobody was given anything, this one says again what it sent.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, crc32Text } from '../../src/mediaflux/protocol/index.js';
import { writeTree } from '../support/files.js';
import { Instrument, Sender, type StartedUpload } from '../support/instrument.js';
import { until } from '../support/wait.js';
import { AnotherHand } from './another-hand.js';
import { HeldProxy } from './held-proxy.js';
import { closedPort } from './other-network.js';
import { eventsIn, type Mover, Stage } from './stage.js';
import { toBecome, uploadsOf } from './watched.js';

let stage: Stage;
const running: Mover[] = [];
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => {
  await Promise.all(running.map((mover) => mover.kill()));
  await stage.close();
});

const doneIn = (stdout: string): Record<string, unknown> | undefined =>
  eventsIn(stdout).find(({ event }) => event === 'done');

const errorIn = (stdout: string): unknown => eventsIn(stdout).find(({ event }) => event === 'error')?.['message'];

interface Another {
  call?: 'PUT manifest' | 'POST complete';
  /** Said to be sent, and not sent. */
  missing?: string;
  /** It does so each time that this one is about to. */
  always?: boolean;
}

/** Another program with the same token, at work when this one is about to say what it sent, or that all is sent. */
function anotherIn(
  proxy: HeldProxy,
  files: Record<string, string>,
  { call = 'POST complete', missing, always = false }: Another = {},
): () => number {
  const token = /<token>([^<]*)</.exec(readFileSync(stage.settings, 'utf8'))?.[1] ?? '';
  const instrument = new Instrument(stage.program.endpoints.server, token);
  let times = 0;
  proxy.before = async (method, path) => {
    const [, id, step] = /^\/api\/v1\/uploads\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    if (`${method} ${step}` !== call || id === undefined || (times > 0 && !always)) return;
    times += 1;
    const { mediaflux } = await instrument.api.expect<StartedUpload>(200, 'POST', `/api/v1/uploads/${id}/credential`);
    const sender = new Sender(mediaflux);
    for (const [name, text] of Object.entries(files)) await sender.send(name, text);
    const line = missing === undefined ? '' : `\n${JSON.stringify({ path: missing, size: 1, crc32: '00000000' })}`;
    await instrument.putManifest(id, sender.manifest + line);
    await sender.close();
    await instrument.complete(id);
  };
  return () => times;
}

/** Settings with which the server is reached through the proxy. */
function settingsThrough(proxy: HeldProxy, name: string): string {
  const settings = join(stage.work, `${name}.xml`);
  writeFileSync(settings, readFileSync(stage.settings, 'utf8').replace(/<server>[^<]*</, `<server>${proxy.url}<`));
  return settings;
}

async function filesOf(uploadId: unknown): Promise<unknown[]> {
  const path = `/api/v1/admin/uploads/${String(uploadId)}/files`;
  return (await stage.program.admin.expect<{ items: unknown[] }>(200, 'GET', path)).items;
}

const fileWith = (path: string, text: string): unknown =>
  expect.objectContaining({ path, crc32: crc32Text(crc32(Buffer.from(text))) });

it.each([
  ['the same number of files and bytes', { 'a.txt': 'of another' }],
  ['a file that is not the one', { 'a.txt': 'of this one', 'b.txt': 'of another' }],
])('never says that its data are safe when what became complete is another program’s: %s', async (what, files) => {
  const proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  const settings = settingsThrough(proxy, what);
  const folder = join(stage.work, what);
  writeTree(folder, { 'a.txt': 'of this 1.' });
  const run = () => stage.mover('upload', '--settings', settings, '--to', 'own@example.org', '--json', folder).finished;
  const timesOf = anotherIn(proxy, files);
  const first = await run();
  expect(timesOf()).toBe(1);
  expect(first).toMatchObject({ code: 1 });
  expect(doneIn(first.stdout)).toBeUndefined();
  expect(errorIn(first.stdout)).toMatch(/is not what this computer sent.*not safe yet.*Run the same command again/);
  // The same command again is another upload, of these data.
  const second = await run();
  expect(second).toMatchObject({ code: 0 });
  expect(await filesOf(doneIn(second.stdout)?.['uploadId'])).toEqual([fileWith('a.txt', 'of this 1.')]);
  await proxy.close();
});

it('never says so either when an earlier run was broken off before it knew', async () => {
  const proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  const settings = settingsThrough(proxy, 'broken-off');
  const folder = join(stage.work, 'broken-off');
  writeTree(folder, { 'a.txt': 'of this 1.' });
  const run = () => stage.mover('upload', '--settings', settings, '--to', 'own@example.org', '--json', folder);
  const timesOf = anotherIn(proxy, { 'a.txt': 'of another' });
  proxy.holds = (method, path) => method === 'POST' && path.endsWith('/complete');
  const first = run();
  await until('the answer being kept back', () => proxy.held > 0 || undefined);
  await first.kill();
  proxy.holds = undefined;
  const second = await run().finished;
  expect(timesOf()).toBe(1);
  expect(second).toMatchObject({ code: 1 });
  expect(doneIn(second.stdout)).toBeUndefined();
  expect(errorIn(second.stdout)).toContain('is not what this computer sent');
  expect(await run().finished).toMatchObject({ code: 0 });
  await proxy.close();
});

it('never takes for uploaded what another completed before a watch that was broken off had said what it sent', async () => {
  const proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  const settings = settingsThrough(proxy, 'watched-broken-off');
  const folder = join(stage.work, 'watched-broken-off');
  writeTree(folder, { 'run-1/a.txt': 'of this 1.' });
  const run = () => {
    const mover = stage.mover(
      ...['watch', '--settings', settings, '--to', 'wia@example.org', '--json', '--retry-after', '1s'],
      ...['--look-every', '1s', '--ready-after', '1s', folder],
    );
    running.push(mover);
    return mover;
  };
  const timesOf = anotherIn(proxy, { 'a.txt': 'of another' }, { call: 'PUT manifest' });
  const another = proxy.before;
  let theirs: string | undefined;
  proxy.before = async (method, path) => {
    const before = timesOf();
    await another?.(method, path);
    if (timesOf() === before) return;
    theirs = path.split('/').at(-2);
    // This one's manifest never arrives.
    throw new Error('broken off');
  };
  proxy.holds = () => timesOf() > 0;
  const first = run();
  await until('the other having said that all is sent', () => theirs);
  await first.kill();
  await until('what it sent being complete', async () =>
    (await uploadsOf(stage)).find(({ id, state }) => id === theirs && state === 'complete'),
  );
  proxy.holds = undefined;
  const second = run();
  await until('it being refused', () => second.stdout.includes('is not what this computer sent') || undefined);
  const { folder: uploaded } = await toBecome(stage, folder, 'run-1', 'uploaded');
  const own = (await uploadsOf(stage)).find((upload) => upload.folder === uploaded);
  expect(own?.id).not.toBe(theirs);
  expect(await filesOf(own?.id)).toEqual([fileWith('a.txt', 'of this 1.')]);
  second.child.kill('SIGTERM');
  await second.finished;
  await proxy.close();
});

it('says anew what it sent where the data of another program were found different, and nobody was given anything', async () => {
  const proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  const settings = settingsThrough(proxy, 'found-different');
  const folder = join(stage.work, 'found-different');
  writeTree(folder, { 'a.txt': 'of this 1.' });
  const run = () => stage.mover('upload', '--settings', settings, '--to', 'dif@example.org', '--json', folder).finished;
  const timesOf = anotherIn(proxy, { 'a.txt': 'of another', 'b.txt': 'of another' }, { missing: 'c.txt' });
  const before = (await uploadsOf(stage)).length;
  const { code, stdout, stderr } = await run();
  expect([timesOf(), code]).toEqual([1, 0]);
  expect(stderr).toContain('is not what this computer sent: another program with the same token was at that upload');
  const [upload, ...others] = await uploadsOf(stage);
  expect(others).toHaveLength(before);
  expect(doneIn(stdout)).toMatchObject({ uploadId: upload?.id, files: 1 });
  expect(await filesOf(upload?.id)).toEqual([fileWith('a.txt', 'of this 1.')]);
  await proxy.close();
});

it('tells what to do where another program says something else each time, and goes on with that upload later', async () => {
  const proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  const settings = settingsThrough(proxy, 'each-time');
  const folder = join(stage.work, 'each-time');
  writeTree(folder, { 'a.txt': 'of this 1.' });
  const run = () => stage.mover('upload', '--settings', settings, '--to', 'eac@example.org', '--json', folder).finished;
  const timesOf = anotherIn(proxy, { 'a.txt': 'of another' }, { missing: 'c.txt', always: true });
  const refused = await run();
  expect([timesOf(), refused.code]).toEqual([3, 1]);
  expect(doneIn(refused.stdout)).toBeUndefined();
  expect(errorIn(refused.stdout)).toMatch(/^Another program with the same token is at the upload .*--again/);
  const [begun] = await uploadsOf(stage);
  expect(begun).toMatchObject({ state: 'mismatch' });
  proxy.before = undefined;
  const { code, stdout, stderr } = await run();
  expect(code).toBe(0);
  expect(stderr).toContain('is not what this computer sent: another program with the same token was at that upload');
  expect(doneIn(stdout)).toMatchObject({ uploadId: begun?.id });
  expect(await filesOf(begun?.id)).toEqual([fileWith('a.txt', 'of this 1.')]);
  await proxy.close();
});

it('is not told of where a run of this one was broken off while it said anew what it sent', async () => {
  const proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  const settings = settingsThrough(proxy, 'said-anew');
  const folder = join(stage.work, 'said-anew');
  writeTree(folder, { 'a.txt': 'of this 1.' });
  const run = () => stage.mover('upload', '--settings', settings, '--to', 'new@example.org', '--json', folder);
  const hand = new AnotherHand(stage);
  let [manifests, completions] = [0, 0];
  proxy.before = async (method, path) => {
    if (method === 'PUT') manifests += 1;
    if (method !== 'POST' || !path.endsWith('/complete')) return;
    completions += 1;
    if (completions === 1) await hand.put(`${await hand.newest()}/a.txt`, 'of another');
  };
  proxy.holds = (method) => method === 'PUT' && manifests === 2;
  const first = run();
  await until('the answer to its second manifest being kept back', () => proxy.held > 0 || undefined);
  await first.kill();
  expect(first.stderr).toContain('a.txt: found by the server: checksum');
  const [begun] = await uploadsOf(stage);
  expect(begun).toMatchObject({ state: 'mismatch' });
  const second = await run().finished;
  expect(second).toMatchObject({ code: 0 });
  expect(second.stderr).not.toContain('another program');
  expect([manifests, completions]).toEqual([3, 2]);
  expect(doneIn(second.stdout)).toMatchObject({ uploadId: begun?.id });
  expect(await filesOf(begun?.id)).toEqual([fileWith('a.txt', 'of this 1.')]);
  await hand.close();
  await proxy.close();
});

it('leaves the upload to the computer that has taken it over meanwhile, whatever was found different', async () => {
  const proxy = await HeldProxy.before(() => stage.program.endpoints.server);
  const settings = settingsThrough(proxy, 'taken-over');
  const nowhere = join(stage.work, 'nowhere.xml');
  const closed = `http://127.0.0.1:${await closedPort()}`;
  writeFileSync(nowhere, readFileSync(stage.settings, 'utf8').replace(/<server>[^<]*</, `<server>${closed}<`));
  const folder = join(stage.work, 'taken-over');
  const state = join(stage.work, 'taken-over-state');
  writeTree(folder, { 'a.txt': 'of this 1.' });
  const on = (computer: string, itsSettings: string, ...more: string[]): Mover => {
    const env = { DATA_MOVER_COMPUTER: computer, DATA_MOVER_STATE: state };
    const args = ['upload', '--settings', itsSettings, '--to', 'tak@example.org', '--json', ...more, folder];
    running.push(stage.moverWith(env, ...args));
    return running.at(-1) as Mover;
  };
  const timesOf = anotherIn(proxy, { 'a.txt': 'of another' }, { missing: 'c.txt' });
  const another = proxy.before;
  let manifests = 0;
  proxy.before = async (method, path) => {
    if (method === 'PUT') manifests += 1;
    if (method === 'POST' && path.endsWith('/complete') && timesOf() === 0)
      await on('login-2', nowhere, '--take-over', 'login-1').says(/Waiting for it/);
    await another?.(method, path);
  };
  const { code, stdout } = await on('login-1', settings).finished;
  expect([timesOf(), manifests, code]).toEqual([1, 1, 1]);
  expect(errorIn(stdout)).toContain('The computer login-2 has taken this over');
  const noted = readdirSync(state, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('uploads.json'));
  const [{ id } = { id: '' }] = await uploadsOf(stage);
  expect(readFileSync(join(state, noted ?? ''), 'utf8')).toContain(id);
  await proxy.close();
});
