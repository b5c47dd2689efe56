// What is wrong on this side is told as it is: a local file, a name. A canned server.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { MediafluxError } from '../../src/mediaflux/protocol/index.js';
import { statFile, uploadFile } from '../../src/mediaflux/services/index.js';
import { CannedServer } from '../support/canned-server.js';

let server: CannedServer;
beforeEach(() => {
  server = new CannedServer();
});
afterEach(() => server.close());

describe('a local file that cannot be read', () => {
  const fault = Object.assign(new Error("EACCES: permission denied, open 'x'"), { code: 'EACCES' });

  it.each([
    ['small', 10],
    ['large', 10_000_000],
  ])('is told as it is, when it is %s: not repeated, and nothing of Mediaflux’s', async (_, size) => {
    const session = await server.start();
    let opened = 0;
    const open = () => {
      opened += 1;
      throw fault;
    };
    for (let index = 1; index <= 5; index += 1) {
      await expect(uploadFile(session, '/a', { name: 'a', size, open }, { repeatable: true })).rejects.toBe(fault);
      expect(opened).toBe(index);
    }
    expect(session.state).toMatchObject({ reachable: true, breakerOpen: false });
    server.results('');
    await session.call('server.ping');
  });

  it.each([
    ['a network drive that went away', Object.assign(new Error('ETIMEDOUT: read'), { code: 'ETIMEDOUT' })],
    ['another content in Mediaflux', new MediafluxError('unreachable', 'It broke off.', { service: 'content.mfjp' })],
  ])('is told as it is when it is %s', async (_, broken) => {
    const session = await server.start();
    let opened = 0;
    const open = () => {
      opened += 1;
      throw broken;
    };
    for (let index = 0; index < 5; index += 1)
      await expect(uploadFile(session, '/a', { name: 'a', size: 1e7, open }, { repeatable: true })).rejects.toBe(
        broken,
      );
    expect(opened).toBe(5);
    expect(session.state).toMatchObject({ reachable: true, breakerOpen: false });
  });

  it('is told so in the middle of it too, as is one that changes', async () => {
    const session = await server.start();
    const size = 10_000_000;
    const breaking = async function* () {
      yield Buffer.alloc(1_000_000);
      await turn();
      throw fault;
    };
    await expect(uploadFile(session, '/a', { name: 'a', size, open: breaking }, { repeatable: true })).rejects.toBe(
      fault,
    );
    const short = { name: 'a', size, open: () => [Buffer.alloc(1_000_000)] };
    await expect(uploadFile(session, '/a', short, { repeatable: true })).rejects.toThrow(
      'it changed while it was read',
    );
    expect(session.state.reachable).toBe(true);
  });
});

it('a name that XML cannot hold is told by kind, before anything is sent', async () => {
  const session = await server.start();
  await session.call('server.ping');
  await expect(statFile(session, '/a\u0001')).rejects.toMatchObject({
    kind: 'invalid-arguments',
    service: 'asset.get',
  });
  expect(server.callsOf('asset.get')).toBe(0);
});
