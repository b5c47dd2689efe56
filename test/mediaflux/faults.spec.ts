// What goes wrong between us and Mediaflux ends in the right typed error, in time; only what is safe is repeated; the next
// call works. The emulator makes the faults.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fault, type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { Transport, xml } from '../../src/mediaflux/protocol/index.js';
import { createToken, openContent, ownTokenEnd, statFile, uploadFile } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { CannedServer, reply } from '../support/canned-server.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const credentials = { domain: 'demo', user: 'researcher', password: 'researcher' };
const LIMITS = { connectTimeoutMs: 1_000, firstByteTimeoutMs: 400, idleTimeoutMs: 400 };
let emulator: RunningEmulator;
let transport: Transport;
let session: MediafluxSession;
/** The breaker's clock, so that a test does not wait for it. */
let clock = 0;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder(), controlPort: 0 });
  transport = new Transport(emulator.url, LIMITS);
  session = new MediafluxSession({ transport, credentials, random: () => 0, now: () => clock });
  await session.call('server.ping');
});
afterAll(async () => {
  await transport.close();
  await emulator.close();
});
afterEach(async () => {
  emulator.faults.clear();
  clock += 60_000;
  // Whatever was done, the next call works.
  await session.call('server.ping', [], { repeatable: true });
});

const fault = (action: Fault['action'], more: Partial<Fault> = {}): void => emulator.faults.set({ action, ...more });
const content = (bytes: Buffer) => ({ name: 'x', size: bytes.length, open: () => [bytes] });
const callsOf = (service: string): number =>
  emulator.faults.calls().filter((call) => call.service === service || call.inner.includes(service)).length;

describe('a fault', () => {
  const PING = { service: 'asset.store.list' };
  const CASES: [name: string, action: Fault['action'], kind: string][] = [
    ['a connection that is closed without an answer', { refuse: true }, 'unreachable'],
    ['an answer that is cut', { cutAfterBytes: 40 }, 'unreachable'],
    ['an answer that does not come', { hold: true }, 'unreachable'],
    ['HTTP 503', { status: 503 }, 'busy'],
    ['HTTP 500', { status: 500 }, 'unreachable'],
    ['HTTP 413', { status: 413 }, 'service-error'],
    ['HTTP 404', { status: 404 }, 'malformed-reply'],
    ['maintenance', { error: 'The server is in maintenance mode' }, 'busy'],
    ['a missing permission', { error: 'no', errorClass: 'arc.mf.server.actor.ExNotAuthorized' }, 'not-permitted'],
    ['a full store', { error: 'There is not enough space left in the store' }, 'store-full'],
    ['anything else', { error: 'It broke' }, 'service-error'],
  ];

  it.each(CASES)('that is %s ends in its kind, once, where the call may not be repeated', async (_, action, kind) => {
    fault(action, PING);
    emulator.faults.forgetCalls();
    await expect(session.call('asset.store.list')).rejects.toMatchObject({ name: 'MediafluxError', kind });
    expect(callsOf('asset.store.list')).toBeLessThanOrEqual(1);
  });

  it.each(CASES.filter(([, , kind]) => kind === 'unreachable' || kind === 'busy'))(
    'that is %s and passes is not noticed where the call may be repeated',
    async (_, action) => {
      fault(action, { ...PING, times: 2 });
      const result = await session.call('asset.store.list', [], { repeatable: true });
      expect(result.children[0]?.name).toBe('store');
    },
  );

  it('names service, version and causes, and no secret', async () => {
    const call = session.call('asset.namespace.describe', [xml('namespace', '/nowhere'), xml('password', 'hunter2')]);
    const error = await call.then(
      () => undefined,
      (caught: unknown) => caught as Record<string, unknown>,
    );
    expect(error).toMatchObject({
      kind: 'not-found',
      service: 'asset.namespace.describe',
      version: '4.16.082',
      causes: ["The namespace '/nowhere' does not exist or is not accessible"],
    });
    expect(JSON.stringify([error, (error as unknown as Error).message, (error as unknown as Error).stack])).not.toMatch(
      /hunter2|researcher.*researcher/,
    );
  });
});

describe('the breaker', () => {
  it('opens when nothing answers, lets no try through, and closes by itself', async () => {
    fault({ refuse: true }, { path: '/__mflux_svc__' });
    for (let index = 0; index < 4; index += 1)
      await expect(session.call('server.ping')).rejects.toMatchObject({ kind: 'unreachable' });
    expect(session.state).toMatchObject({ breakerOpen: true, reachable: false });
    emulator.faults.clear();
    emulator.faults.forgetCalls();
    await expect(session.call('server.ping', [], { repeatable: true })).rejects.toMatchObject({ kind: 'unreachable' });
    expect(emulator.faults.calls()).toHaveLength(0);
    clock += 10_000;
    await session.call('server.ping');
    expect(session.state).toMatchObject({ breakerOpen: false, reachable: true });
  });

  it('lets one call at a time find out, of all sessions with the server', async () => {
    fault({ refuse: true }, { path: '/__mflux_svc__' });
    for (let index = 0; index < 4; index += 1)
      await expect(session.call('server.ping')).rejects.toMatchObject({ kind: 'unreachable' });
    clock += 10_000;
    emulator.faults.forgetCalls();
    const other = session.another();
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? session : other).call('server.ping')),
    );
    expect(emulator.faults.calls()).toHaveLength(1);
  });

  it('stays open for a logon that was refused', async () => {
    const wrong = new MediafluxSession({ transport, credentials: { ...credentials, password: 'no' } });
    emulator.faults.forgetCalls();
    for (let index = 0; index < 5; index += 1)
      await expect(wrong.call('server.ping', [], { repeatable: true })).rejects.toMatchObject({
        kind: 'not-authenticated',
      });
    expect(callsOf('system.logon')).toBe(1);
    expect(wrong.state.refused).toBe(true);
    // A session of its own for a long listing is the same account; another account is not turned away for it.
    await expect(wrong.another().call('server.ping')).rejects.toMatchObject({ kind: 'not-authenticated' });
    expect(callsOf('system.logon')).toBe(1);
    const right = wrong.another(credentials);
    await right.call('server.ping');
    await right.logoff();
  });
});

describe('a session that ends', () => {
  it('in the middle of a hundred calls is renewed by one logon', async () => {
    emulator.faults.forgetCalls();
    let answered = 0;
    let expired = 0;
    const calls = Array.from({ length: 100 }, async () => {
      const result = await session.call('asset.store.list');
      answered += 1;
      if (answered === 30) expired = emulator.expireSessions();
      return result;
    });
    for (const result of await Promise.all(calls)) expect(result.children[0]?.name).toBe('store');
    expect(expired).toBeGreaterThan(0);
    expect(callsOf('system.logon')).toBe(1);
    // The rest of the hundred waited for a connection, found the session over, and were made again.
    expect(callsOf('asset.store.list')).toBeGreaterThan(100);
  });
});

describe('contents', () => {
  const bytes = bytesOf('faults', 400_000);
  const path = `${LAB}/content.bin`;
  const read = async (offset = 0) => {
    const held = await statFile(session, path);
    if (!held) throw new Error('The file is not there.');
    const parts: Buffer[] = [];
    for await (const part of await openContent(session, held, { offset })) parts.push(part);
    return Buffer.concat(parts);
  };

  beforeAll(async () => {
    await uploadFile(session, path, content(bytes));
  });

  it('come whole, from the start and from any place', async () => {
    expect((await read()).equals(bytes)).toBe(true);
    expect((await read(123_456)).equals(bytes.subarray(123_456))).toBe(true);
    expect((await read(399_999)).equals(bytes.subarray(399_999))).toBe(true);
  });

  it('that break off are never taken for whole', async () => {
    fault({ cutAfterBytes: 100_000 }, { path: '/mflux/content.mfjp', times: 1 });
    await expect(read()).rejects.toMatchObject({ kind: 'unreachable' });
    fault({ cutAfterBytes: 1_000 }, { service: 'asset.content.get', times: 1 });
    await expect(read(10)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('with one byte turned round are damaged, by name', async () => {
    const control = (offset: number) =>
      fetch(`${emulator.controlUrl ?? ''}/flip-byte`, {
        method: 'POST',
        body: JSON.stringify({ asset: path, offset }),
      });
    await control(77);
    await expect(read()).rejects.toMatchObject({ kind: 'content-damaged' });
    await control(77);
    expect((await read()).equals(bytes)).toBe(true);
  });

  it('are refused by a full store, and nothing is left behind', async () => {
    await fetch(`${emulator.controlUrl ?? ''}/store`, { method: 'POST', body: '{"full":true}' });
    await expect(uploadFile(session, `${LAB}/full.bin`, content(bytes))).rejects.toMatchObject({ kind: 'store-full' });
    await fetch(`${emulator.controlUrl ?? ''}/store`, { method: 'POST', body: '{"full":false}' });
    expect(await statFile(session, `${LAB}/full.bin`)).toBeUndefined();
  });
});

describe('a server that is none', () => {
  const canned = new CannedServer();
  afterAll(() => canned.close());

  it('ends in a typed error in time, whatever it answers', async () => {
    const client = await canned.start(LIMITS);
    const bodies = [
      '',
      'hello',
      '<html><body>502</body></html>',
      '<response>',
      reply('<a>').slice(0, 90),
      `<response><reply type="result"><result>${'<x>'.repeat(500)}`,
      Buffer.concat([Buffer.from('<response>'), Buffer.from([0xff, 0xfe, 0x00])]),
    ];
    for (const body of bodies) {
      canned.answers((_, response) => response.end(body));
      await expect(client.call('some.service')).rejects.toMatchObject({ kind: 'malformed-reply' });
    }
    canned.answers((_, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('<response>');
    });
    await expect(client.call('some.service')).rejects.toMatchObject({ kind: 'unreachable' });
    canned.answers((_, response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await expect(client.call('some.service')).rejects.toMatchObject({ kind: 'malformed-reply' });
    canned.results('<ok/>');
    expect((await client.call('some.service')).children[0]?.name).toBe('ok');
  });
});

it('a token names when it ends', async () => {
  const made = await createToken(session, { roles: [{ type: 'user', name: 'demo:researcher' }], to: 'now+3day' });
  const holder = new MediafluxSession({ transport, credentials: { token: made.token } });
  const end = await ownTokenEnd(holder);
  expect(Math.round(((end?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(3);
});
