// Ctrl-C: whatever is waited for, the program ends, and a second one does not wait even for what it writes.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Manifest } from '../../data-mover/download/manifest.js';
import { MediafluxLink } from '../../data-mover/transfer/mediaflux-link.js';
import { createNamespace, createToken } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { writeTree } from '../support/files.js';
import { until } from '../support/wait.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.emulator.faults.clear());
afterAll(() => stage.close());

const STOPPED = /^Stopped\. Run the same command again to go on\.$/m;

it('ends an upload although Mediaflux answers nothing, and the same command goes on', async () => {
  const folder = join(stage.work, 'silent');
  writeTree(folder, { 'a.txt': 'a', 'b.txt': 'b' });
  const mover = stage.mover('upload', '--settings', stage.settings, '--to', 'ada@example.org', folder);
  const held = hold('asset.set');
  await until('a file having come', () => held() > 0 || undefined);
  mover.child.kill('SIGINT');
  const { code, stderr } = await mover.finished;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(STOPPED) });
  stage.emulator.faults.clear();
  expect(await stage.upload(folder).finished).toMatchObject({ code: 0 });
});

describe('a connection that is told to stop ends', () => {
  it.each<[what: string, service: string, call: (link: MediafluxLink) => Promise<unknown>]>([
    ['the making of a folder', 'asset.namespace.create', (link) => link.makeFolder('a')],
    ['the look for a file', 'asset.get', (link) => link.stat('a')],
    ['the removal of a file', 'asset.destroy', (link) => link.destroy('a')],
    ['the look for the store of large files', 'asset.namespace.describe', (link) => inPieces(link)],
    ['a piece of one', 'server.io.write', (link) => inPieces(link)],
  ])('%s, although Mediaflux answers nothing', async (_, service, call) => {
    const stopping = new AbortController();
    const link = await linkWith(stopping.signal);
    const held = hold(service);
    const called = call(link);
    called.catch(() => undefined);
    await until(`${service} being held`, () => held() > 0 || undefined);
    stopping.abort(new Error('stopped'));
    await expect(called).rejects.toThrow('stopped');
    stage.emulator.faults.clear();
    await link.close();
  });
});

const inPieces = (link: MediafluxLink): Promise<unknown> =>
  link.uploadInPieces(
    'large',
    { name: 'large', size: 10, read: (_, length) => [Buffer.alloc(length)] },
    { pieceBytes: 5, progress: () => undefined },
  );

/** Answers how often it has been called since. */
function hold(service: string): () => number {
  const { faults } = stage.emulator;
  faults.forgetCalls();
  faults.set({ service, action: { hold: true } });
  return () => faults.calls().filter((call) => [call.service, ...call.inner].includes(service)).length;
}

async function linkWith(signal: AbortSignal): Promise<MediafluxLink> {
  const namespace = '/projects/proj-researcher-1128.4.20/stopping';
  const transport = new Transport(stage.emulator.url);
  const credentials = { domain: 'demo', user: 'researcher', password: 'researcher' };
  const owner = new MediafluxSession({ transport, credentials });
  await createNamespace(owner, namespace);
  const made = await createToken(owner, { roles: [{ type: 'user', name: 'demo:researcher' }], to: 'now+1day' });
  await transport.close();
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const credential = { url: stage.emulator.url, namespace, token: made.token, expiresAt };
  return new MediafluxLink(credential, {
    connections: 2,
    giveUpAfterMs: 60_000,
    note: () => undefined,
    signal,
    renew: () => Promise.resolve(credential),
    millisecondsUntil: () => 86_400_000,
  });
}

it('ends a verification in the middle of a file, and says nothing of that', async () => {
  const folder = join(stage.work, 'huge');
  const size = 64_000_000_000;
  writeTree(folder, { 'scan.raw': '' });
  truncateSync(join(folder, 'scan.raw'), size);
  const line = { path: 'scan.raw', type: 'file' as const, size, crc32: '00000001', mtime: null };
  const lines = (async function* () {
    yield await Promise.resolve(line);
  })();
  await new Manifest(join(folder, '.instrument-dispatch', 'manifest.ndjson')).write(lines);
  const mover = stage.mover('verify', folder);
  await mover.says(/1 file, 64\.0 GB/);
  mover.child.kill('SIGINT');
  const { code, stderr } = await mover.finished;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(STOPPED) });
  expect(stderr).not.toContain('its content is another');
});

it('twice ends a program whose reader stands still', async () => {
  const folder = join(stage.work, 'unread');
  const files = Array.from({ length: 3_000 }, (_, index) => [
    `a-file-with-a-rather-long-name-${index}.txt`,
    `${index}`,
  ]);
  writeTree(folder, Object.fromEntries(files) as Record<string, string>);
  const mover = stage.upload(folder);
  await mover.says(/"start"/);
  mover.child.stdout?.pause();
  const ended = new Promise<number | null>((resolve) => mover.child.once('exit', resolve));
  let isOver = false;
  void ended.then(() => (isOver = true));
  await until('the end', () => {
    mover.child.kill('SIGINT');
    return isOver || undefined;
  });
  expect(await ended).toBe(1);
});
