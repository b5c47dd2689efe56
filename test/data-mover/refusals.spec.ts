// What Mediaflux refuses: one file, which is named while the others go on; everything, which is not asked for a million
// times; and what it refuses because the upload was stopped, of which the dispatch server knows why.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { noLongerValid } from '../../data-mover/failures.js';
import { MediafluxLink } from '../../data-mover/transfer/mediaflux-link.js';
import { createNamespace, createToken } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { writeTree } from '../support/files.js';
import { makeShareable } from '../support/instrument.js';
import { linkIn } from '../support/mailbox.js';
import { LARGE, ONE_BY_ONE, pausedInLarge } from './paused.js';
import { eventsIn, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.emulator.faults.clear());
afterAll(() => stage.close());

const NOT_GRANTED = "user 'dispatch:x' (id=7) not granted MODIFY to service 'asset.set'";

it('one file is named, and the others go on; with that put right the same command is done', async () => {
  const folder = join(stage.work, 'one');
  writeTree(folder, { 'a.raw': LARGE, 'b.txt': 'b', 'c.txt': 'c' });
  const refuse = { service: 'asset.set', times: 1, action: { error: 'That name is not taken here' } };
  const start = () => stage.upload(folder, ...ONE_BY_ONE);
  const { code, stdout } = await pausedInLarge(stage, start, () => undefined, [refuse]);
  expect(code).toBe(1);
  expect(eventsIn(stdout).filter(({ event }) => event === 'file' || event === 'error')).toEqual([
    { event: 'error', path: 'a.raw', message: 'Mediaflux does not take it: That name is not taken here' },
    { event: 'file', path: 'b.txt', bytes: 1, skipped: false },
    { event: 'file', path: 'c.txt', bytes: 1, skipped: false },
    { event: 'error', message: expect.stringMatching(/^1 file could not be sent.* run the same command again/) },
  ]);
  expect(await stage.upload(folder).finished).toMatchObject({ code: 0 });
});

it('a folder is named too', async () => {
  const folder = join(stage.work, 'folders');
  writeTree(folder, { 'a.raw': LARGE, 'sub/b.txt': 'b', 'z.txt': 'z' });
  const refuse = { service: 'asset.namespace.create', times: 1, action: { error: 'No such folders here' } };
  const start = () => stage.upload(folder, ...ONE_BY_ONE);
  const { code, stdout } = await pausedInLarge(stage, start, () => undefined, [refuse]);
  expect(code).toBe(1);
  expect(eventsIn(stdout).filter(({ event }) => event === 'file' || event === 'error')).toEqual([
    { event: 'file', path: 'a.raw', bytes: LARGE.length, skipped: false },
    { event: 'error', path: 'sub', message: 'Mediaflux does not take it: No such folders here' },
    { event: 'file', path: 'z.txt', bytes: 1, skipped: false },
    { event: 'error', message: expect.stringMatching(/^1 file could not be sent/) },
  ]);
});

it('everything ends the upload after a few files, with what to do', async () => {
  const folder = join(stage.work, 'all');
  writeTree(folder, Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}.txt`, `${index}`])));
  stage.emulator.faults.set({ service: 'asset.set', action: { error: 'The project is closed' } });
  const { code, stdout } = await stage.upload(folder, '--parallel', '4').finished;
  expect(code).toBe(1);
  const errors = eventsIn(stdout).filter(({ event }) => event === 'error');
  expect(errors.length).toBeLessThanOrEqual(20 + 4);
  expect(errors.at(-1)?.['message']).toMatch(/^Mediaflux refused \d+ files .* Tell the staff of the platform/);
});

it('a file of a download is named, and the others come', async () => {
  const folder = join(stage.work, 'fetched');
  writeTree(folder, { 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' });
  const args = ['upload', '--settings', stage.settings, '--to', 'fetched@example.org', folder];
  expect(await stage.mover(...args).finished).toMatchObject({ code: 0 });
  const link = linkIn(await stage.program.mailbox.next('fetched@example.org', /your data/));
  // The second is the try with a fresh credential.
  stage.emulator.faults.set({ path: '/mflux/content.mfjp', after: 1, times: 2, action: { status: 403 } });
  const out = join(stage.work, 'fetched-out');
  const { code, stdout } = await stage.mover('download', link, out, '--json', '--parallel', '1').finished;
  expect(code).toBe(1);
  expect(eventsIn(stdout).filter(({ event }) => event === 'file' || event === 'error')).toEqual([
    { event: 'file', path: 'a.txt', bytes: 1, skipped: false },
    { event: 'error', path: 'b.txt', message: expect.stringContaining('Mediaflux does not give it: ') },
    { event: 'file', path: 'c.txt', bytes: 1, skipped: false },
    { event: 'error', message: expect.stringMatching(/^1 of 3 files could not be fetched/) },
  ]);
  rmSync(out, { recursive: true });
});

it('an upload that is stopped while it runs ends with 3, and says that the shareable was revoked and whom to ask', async () => {
  const folder = join(stage.work, 'stopped');
  writeTree(folder, { 'a.raw': LARGE, 'b.txt': 'b' });
  const { id, token } = await makeShareable(stage.program, stage.platformId, { label: 'Stolen' });
  const server = ['--url', stage.program.endpoints.server, '--token', token];
  const { code, stderr } = await pausedInLarge(
    stage,
    () => stage.mover('upload', ...server, '--to', 'ada@example.org', ...ONE_BY_ONE, folder),
    () => stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${id}/revoke`, { stopRunning: true }),
  );
  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/revoked[^]*desk@example\.org/) });
});

it('the dispatch server says why a session that outlived its rights may nothing any more, and is asked once in a while', async () => {
  const namespace = '/projects/proj-researcher-1128.4.20/refused';
  const transport = new Transport(stage.emulator.url);
  const credentials = { domain: 'demo', user: 'researcher', password: 'researcher' };
  await createNamespace(new MediafluxSession({ transport, credentials }), namespace);
  const owner = new MediafluxSession({ transport, credentials });
  const made = await createToken(owner, { roles: [{ type: 'user', name: 'demo:researcher' }], to: 'now+1day' });
  await transport.close();
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const credential = { url: stage.emulator.url, namespace, token: made.token, expiresAt };
  let renewals = 0;
  let now = 0;
  const linkWith = (renew: () => Promise<typeof credential>): MediafluxLink =>
    new MediafluxLink(credential, {
      connections: 1,
      giveUpAfterMs: 60_000,
      note: () => undefined,
      signal: new AbortController().signal,
      renew: () => {
        renewals += 1;
        return renew();
      },
      millisecondsUntil: () => 86_400_000,
      now: () => now,
    });
  stage.emulator.faults.set({ service: 'asset.namespace.create', action: { error: NOT_GRANTED } });
  const revoked = linkWith(() => Promise.reject(noLongerValid('The shareable was revoked.')));
  await expect(revoked.makeFolder('a')).rejects.toThrow('The shareable was revoked.');
  await revoked.close();
  // Where it may go on, Mediaflux means what it says.
  let isRevoked = false;
  const allowed = linkWith(() =>
    isRevoked ? Promise.reject(noLongerValid('Revoked later.')) : Promise.resolve(credential),
  );
  for (const name of ['a', 'b']) await expect(allowed.makeFolder(name)).rejects.toThrow('not granted MODIFY');
  expect(renewals).toBe(2);
  // What it said then says nothing of later.
  isRevoked = true;
  now += 29_000;
  await expect(allowed.makeFolder('c')).rejects.toThrow('not granted MODIFY');
  now += 1_000;
  await expect(allowed.makeFolder('d')).rejects.toThrow('Revoked later.');
  await allowed.close();
  expect(renewals).toBe(3);
});
