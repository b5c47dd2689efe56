// Verification against a Mediaflux that misbehaves and a client that goes on writing: nothing is complete that is not
// exactly what the manifest says.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { isMediafluxError } from '../../src/mediaflux/protocol/index.js';
import type { Instrument, Sender } from '../support/instrument.js';
import { RawClient } from '../support/raw-client.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';
import { sentBy } from './sent.js';

let instrument: Instrument;

const stage = stageOf({ env: PROMPT });
beforeAll(async () => {
  instrument = await stage.instrument();
});

const sent = (paths: readonly string[]) => sentBy(instrument, paths);

describe('a listing of Mediaflux', () => {
  it('that is lost in the middle begins again from nothing', async () => {
    const { upload, sender } = await sent(['a', 'b', 'c']);
    stage.faults.forgetCalls();
    stage.faults.set({ service: 'asset.query.iterate', times: 2, action: { cutAfterBytes: 60 } });
    stage.faults.set({ service: 'asset.query.iterate', times: 1, action: { error: 'the iterator is gone' } });
    await instrument.api.expect(202, 'POST', `/api/v1/uploads/${upload.id}/complete`);
    const verdict = await until('the verdict', async () => {
      // Without the pauses between tries, which are another test's matter.
      await stage.database.query(
        'update upload set verification_retry_at = least(verification_retry_at, now()) where id = $1',
        [upload.id],
      );
      const found = await instrument.get(upload.id);
      return found.state === 'verifying' ? undefined : found;
    });
    expect(verdict).toMatchObject({ state: 'complete', mismatches: [] });
    expect(stage.callsOf('asset.query.iterate')).toBeGreaterThanOrEqual(4);
    await sender.close();
  });

  it('is made once for an upload that matches, and its total and newest change are asked for by themselves', async () => {
    const { upload, sender } = await sent(['a', 'b']);
    stage.faults.forgetCalls();
    expect((await instrument.complete(upload.id)).state).toBe('complete');
    const calls = stage.faults.calls().flatMap(({ service, inner }) => [service, ...inner]);
    expect(calls.filter((name) => name === 'asset.query.iterate')).toHaveLength(1);
    const destroyed = calls.indexOf('secure.identity.token.destroy');
    expect(destroyed).toBeGreaterThan(calls.indexOf('asset.query.iterate'));
    expect(calls.slice(destroyed)).toEqual(expect.arrayContaining(['authorization.role.destroy', 'asset.query']));
    expect(calls.lastIndexOf('asset.query')).toBeGreaterThan(calls.indexOf('authorization.role.destroy'));
    await sender.close();
  });
});

describe('empty folders that a manifest names', () => {
  const folder = (path: string): string => JSON.stringify({ path: `${path}/`, type: 'directory' });

  it('are looked for where they should be, however many other folders there are', async () => {
    const folders = Array.from({ length: 12 }, (_, number) => `many/folder ${number}`);
    const { upload, sender } = await sent(['a']);
    for (const path of folders) {
      await sender.makeFolder(path);
      await sender.send(`${path}/a`, 'content');
    }
    await sender.makeFolder('many/folder 3/empty');
    await sender.makeFolder('top');
    const named = [folder('top'), folder('many/folder 3/empty')];
    await instrument.putManifest(upload.id, [sender.manifest, ...named].join('\n'));
    stage.faults.forgetCalls();
    expect((await instrument.complete(upload.id)).state).toBe('complete');
    // At the top and in the one folder, with the files and once the credential has ended.
    expect(stage.callsOf('asset.namespace.list')).toBe(4);
    await sender.close();
  });

  it('are missing where they are not, also where what they should lie in is not there', async () => {
    const { upload, sender } = await sent(['a']);
    await sender.makeFolder('there');
    const lines = [sender.manifest, ...['there', 'gone', 'gone too/empty'].map(folder)].join('\n');
    expect((await instrument.putManifest(upload.id, lines)).status).toBe(204);
    expect((await instrument.complete(upload.id)).mismatches).toEqual([
      { path: 'gone', problem: 'missing' },
      { path: 'gone too/empty', problem: 'missing' },
    ]);
    await sender.makeFolder('gone');
    await sender.makeFolder('gone too/empty');
    expect((await instrument.complete(upload.id)).state).toBe('complete');
    await sender.close();
  });
});

describe('a write with the old credential', () => {
  it.each([
    ['adds a file', (sender: Sender) => sender.send('late', 'late'), [{ path: 'late', problem: 'unexpected' }]],
    ['changes one', (sender: Sender) => sender.send('b', 'CONTENT of b'), [{ path: 'b', problem: 'checksum' }]],
    ['takes one away', (sender: Sender) => sender.destroy('b'), [{ path: 'b', problem: 'missing' }]],
    [
      'takes one away and adds another',
      async (sender: Sender) => {
        await sender.destroy('b');
        await sender.send('late', 'late');
      },
      [
        { path: 'b', problem: 'missing' },
        { path: 'late', problem: 'unexpected' },
      ],
    ],
  ])('after the listing is found before the upload is complete: it %s', async (_, write, mismatches) => {
    const { upload, sender } = await sent(['a', 'b', 'c']);
    // The listing has matched when the credential is to be destroyed; that is held up for as long as the write takes.
    const comesToDestroy = stage.hold('secure.identity.token.destroy');
    const completing = instrument.complete(upload.id);
    await comesToDestroy();
    await write(sender);
    stage.faults.clear();
    const verdict = await completing;
    expect(verdict.state).toBe('mismatch');
    expect(verdict.mismatches.sort((left, right) => (left.path < right.path ? -1 : 1))).toEqual(mismatches);
    expect(verdict.deliveries).toEqual([]);
    await expect(sender.send('later', 'later')).rejects.toMatchObject({ name: 'MediafluxError' });
    await sender.close();
  });

  it('during the listing is found, also when a later part of the listing has a newer change', async () => {
    // More than one batch of an iterator.
    const paths = Array.from({ length: 1_050 }, (_, number) => `f${number}`);
    const { upload, sender } = await sent(paths);
    const comesToTheSecondPart = stage.hold('asset.query.iterate', 1);
    const completing = instrument.complete(upload.id);
    await comesToTheSecondPart();
    // Listed already, and then one of the second part, with what it held: its change is the newest that is listed.
    await sender.send('f0', 'CONTENT of f0');
    await sender.send('f1049', 'content of f1049');
    stage.faults.clear();
    expect(await completing).toMatchObject({
      state: 'mismatch',
      mismatches: [{ path: 'f0', problem: 'checksum' }],
      deliveries: [],
    });
    await sender.close();
  });

  it('that never stops is refused in the end, and what is complete holds nothing of it', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { upload, sender } = await sent(['a', 'b', 'c']);
      let isEnded = false;
      const writing = (async () => {
        for (let number = 0; !isEnded; number += 1) {
          try {
            await sender.send(`late-${number}`, 'late');
          } catch (error) {
            if (!isMediafluxError(error, 'not-authenticated', 'not-permitted', 'session-expired')) throw error;
            return number;
          }
        }
        return -1;
      })();
      const verdict = await instrument.complete(upload.id);
      isEnded = true;
      const written = await writing;
      if (verdict.state === 'complete') expect(written).toBe(0);
      else expect(verdict.mismatches).toContainEqual({ path: 'late-0', problem: 'unexpected' });
      await sender.close();
    }
  });
});

describe('what Mediaflux holds', () => {
  it('is unverifiable where it tells no size, but for an empty file', async () => {
    const { upload, sender } = await sent(['good']);
    const raw = new RawClient(stage.emulator.url, { token: upload.mediaflux.token });
    await raw.logon();
    for (const name of ['hollow', 'empty'])
      await raw.call('asset.create', `<namespace>${upload.mediaflux.namespace}</namespace><name>${name}</name>`);
    const lines = [
      sender.manifest,
      '{"path":"hollow","size":5,"crc32":"1a2b3c4d"}',
      '{"path":"empty","size":0,"crc32":"00000000"}',
    ];
    await instrument.putManifest(upload.id, lines.join('\n'));
    const verdict = await instrument.complete(upload.id);
    expect(verdict).toMatchObject({ state: 'mismatch', mismatches: [{ path: 'hollow', problem: 'unverifiable' }] });
    await sender.close();
  });

  it('that lacks many files is told in pages, each file once', async () => {
    const { upload, sender } = await sent(['here']);
    const missing = Array.from({ length: 25 }, (_, index) => `m-${String(index).padStart(2, '0')}`);
    const lines = [...missing.map((path) => JSON.stringify({ path, size: 1, crc32: '00000000' })), sender.manifest];
    await instrument.putManifest(upload.id, lines.join('\n'));
    expect((await instrument.complete(upload.id)).mismatches).toHaveLength(25);
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { path: string; problem: string }[]; nextCursor: string | null } =
        await instrument.api.expect(200, 'GET', `/api/v1/uploads/${upload.id}/mismatches?limit=10&cursor=${cursor}`);
      found.push(...page.items.map(({ path }) => path));
      cursor = page.nextCursor;
    }
    expect(found).toEqual(missing);
    await sender.close();
  });

  it('must have the empty folders that the manifest names, and may have others', async () => {
    const { upload, sender } = await sent(['a']);
    const raw = new RawClient(stage.emulator.url, { token: upload.mediaflux.token });
    await raw.logon();
    const namespace = (name: string) =>
      raw.call('asset.namespace.create', `<namespace>${upload.mediaflux.namespace}/${name}</namespace>`);
    await namespace('unnamed');
    const lines = [sender.manifest, '{"path":"empty/","type":"directory"}'];
    await instrument.putManifest(upload.id, lines.join('\n'));
    expect(await instrument.complete(upload.id)).toMatchObject({
      state: 'mismatch',
      mismatches: [{ path: 'empty', problem: 'missing' }],
    });
    await namespace('empty');
    expect((await instrument.complete(upload.id)).state).toBe('complete');
    await sender.close();
  });

  it('may be a file and a folder of one name: the file is there, the folder is not one too many', async () => {
    const { upload, sender } = await sent(['a']);
    const raw = new RawClient(stage.emulator.url, { token: upload.mediaflux.token });
    await raw.logon();
    for (const name of ['a', 'empty'])
      await raw.call('asset.namespace.create', `<namespace>${upload.mediaflux.namespace}/${name}</namespace>`);
    const lines = [sender.manifest, '{"path":"empty/","type":"directory"}'];
    await instrument.putManifest(upload.id, lines.join('\n'));
    expect(await instrument.complete(upload.id)).toMatchObject({ state: 'complete', mismatches: [] });
    await sender.close();
  });
});
