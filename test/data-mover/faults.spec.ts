// What goes wrong at the instrument: files that change or vanish while they are sent, bytes that another hand changes
// in Mediaflux. Nothing of it is ever reported as safe or dispatched.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { destroyFile, uploadFile } from '../../src/mediaflux/services/index.js';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { sendFile } from '../../data-mover/transfer/send-file.js';
import type { MediafluxLink } from '../../data-mover/transfer/mediaflux-link.js';
import { walk } from '../../data-mover/tree/walk.js';
import { refusal, windowsTrouble } from '../../data-mover/tree/names.rules.js';
import { placeOf } from '../../data-mover/download/manifest.js';
import { Api, platformWith } from '../support/api.js';
import { bytesOf, writeTree } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { dataMover, Program } from '../support/program.js';
import { until } from '../support/wait.js';
import { openOwnLink, type OwnLink } from './own-link.js';

describe('a file that is not what it was', () => {
  let own: OwnLink;
  let link: MediafluxLink;
  const work = freshFolder();
  const namespace = '/projects/proj-researcher-1128.4.20/faults';

  beforeAll(async () => {
    own = await openOwnLink(work, namespace);
    ({ link } = own);
  });
  afterAll(() => own.close());

  it('is named when it grows between the look and the read', async () => {
    const from = join(work, 'grows.bin');
    writeFileSync(from, bytesOf('grows', 1_000));
    const file = { path: 'grows.bin', from, size: 1_000, modifiedMs: 0 };
    expect(await sendFile(link, file)).toMatchObject({ file: { size: 1_000 }, sentBytes: 1_000 });
    // A device that never ends is a file that always has more than was promised.
    await expect(sendFile(link, { ...file, path: 'endless', from: '/dev/zero' })).rejects.toThrow(
      'changed while it was read',
    );
  });

  it('is named when it has vanished', async () => {
    const gone = { path: 'gone.bin', from: join(work, 'gone.bin'), size: 1, modifiedMs: 0 };
    await expect(sendFile(link, gone)).rejects.toThrow('vanished');
  });
});

describe('what somebody else does in Mediaflux', () => {
  it('is found before anything is dispatched: named, mended by the client, complete then', async () => {
    const program = await Program.start();
    const { id } = await program.admin.expect<{ id: string }>(201, 'POST', '/api/v1/admin/platforms', platformWith());
    const { token } = await program.admin.expect<{ token: string }>(
      201,
      'POST',
      `/api/v1/admin/platforms/${id}/shareables`,
      { label: 'PC' },
    );
    const operator = new Api(program.endpoints.server, token);
    const upload = await operator.expect<{ id: string; mediaflux: { url: string; namespace: string; token: string } }>(
      201,
      'POST',
      '/api/v1/uploads',
      {
        recipients: ['ada@example.org'],
        youngestFileTime: '2026-01-01T00:00:00Z',
      },
    );
    const transport = new Transport(upload.mediaflux.url);
    const client = new MediafluxSession({ transport, credentials: { token: upload.mediaflux.token } });
    const send = (path: string, text: string) => {
      const bytes = Buffer.from(text);
      return uploadFile(client, `${upload.mediaflux.namespace}/${path}`, {
        name: path,
        size: bytes.length,
        open: () => [bytes],
      });
    };
    const stored = await Promise.all([send('good', 'good'), send('flipped', 'right'), send('short', 'whole')]);
    await Promise.all([send('flipped', 'rigHt'), send('short', 'who'), send('extra', 'extra')]);
    const lines = ['good', 'flipped', 'short'].map((path, index) =>
      JSON.stringify({ path, size: stored[index]?.size, crc32: stored[index]?.crc32 }),
    );
    const manifest = [...lines, JSON.stringify({ path: 'missing', size: 1, crc32: '00000000' })].join('\n');
    const put = await fetch(`${program.endpoints.server}/api/v1/uploads/${upload.id}/manifest`, {
      method: 'PUT',
      body: manifest,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    });
    expect(put.status).toBe(204);
    const verdict = async () => {
      await operator.expect(202, 'POST', `/api/v1/uploads/${upload.id}/complete`);
      return until('the verdict', async () => {
        const found = await operator.expect<{ state: string; mismatches: { path: string; problem: string }[] }>(
          200,
          'GET',
          `/api/v1/uploads/${upload.id}`,
        );
        return found.state === 'verifying' ? undefined : found;
      });
    };
    const first = await verdict();
    expect(first.state).toBe('mismatch');
    expect(first.mismatches.sort((left, right) => (left.path < right.path ? -1 : 1))).toEqual([
      { path: 'extra', problem: 'unexpected' },
      { path: 'flipped', problem: 'checksum' },
      { path: 'missing', problem: 'missing' },
      { path: 'short', problem: 'size' },
    ]);
    expect(await program.mailbox.to('ada@example.org')).toEqual([]);
    // The credential stays valid through the mismatch; what differs is mended.
    await Promise.all([
      send('flipped', 'right'),
      send('short', 'whole'),
      destroyFile(client, `${upload.mediaflux.namespace}/extra`),
    ]);
    await fetch(`${program.endpoints.server}/api/v1/uploads/${upload.id}/manifest`, {
      method: 'PUT',
      body: lines.join('\n'),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    });
    expect((await verdict()).state).toBe('complete');
    // The old credential writes nothing any more.
    await expect(send('late', 'late')).rejects.toMatchObject({ name: 'MediafluxError' });
    await program.mailbox.next('ada@example.org', /your data/);
    await transport.close();
    await program.stop();
  });
});

describe('what is walked', () => {
  it('names links and other things it leaves out, and keeps empty folders', async () => {
    const work = freshFolder();
    writeTree(work, { 'a/file.txt': 'x' });
    mkdirSync(join(work, 'empty'));
    symlinkSync(work, join(work, 'loop'));
    const found = [];
    for await (const some of walk([work])) found.push(...some.map(({ kind, path }) => `${kind} ${path}`));
    expect(found).toEqual(['file a/file.txt', 'empty-folder empty', 'skipped loop']);
    rmSync(work, { recursive: true });
  });

  it.each([
    ['a line break', 'a\nb'],
    ['a name of 256 bytes', 'x'.repeat(256)],
    ['a path of 6,001 bytes', `${'y/'.repeat(3_000)}z`],
  ])('refuses %s before anything moves', (_, path) => {
    expect(refusal(path)).toBeDefined();
  });

  it.each(['CON', 'a/nul.txt', 'trailing.', 'space ', 'what?'])('warns that Windows cannot hold %j', (path) => {
    expect(windowsTrouble(path)).toBeDefined();
    expect(refusal(path)).toBeUndefined();
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', '.'])('never writes %j outside the folder', (path) => {
    const place = () => placeOf('/tmp/target', path);
    if (path === '/etc/passwd') expect(place()).toBe('/tmp/target/etc/passwd');
    else expect(place).toThrow();
  });

  it('says which file it may not take, sends nothing, and ends with 1', async () => {
    const work = freshFolder();
    writeTree(work, { 'in/good': 'x', 'in/ba\nd': 'x' });
    const finished = await dataMover(
      ['upload', '--url', 'http://127.0.0.1:9', '--token', 'x', '--to', 'a@example.org', join(work, 'in')],
      join(work, 'state'),
    );
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain('Nothing was sent');
  });
});
