// Connections are kept, shared and given back; nobody waits for one for ever; signals end waits. A canned server.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AddressInfo, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { openContent, queryValues } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { CannedServer, reply } from '../support/canned-server.js';
import { until } from '../support/wait.js';

let server: CannedServer;
beforeEach(() => {
  server = new CannedServer();
});
afterEach(() => server.close());

/** Never answers these. */
const mute = (...services: string[]): void =>
  server.answers((call, response) => {
    if (!services.includes(call.service)) response.end(reply('<ok/>'));
  });
const LIST = `${'<asset id="1"><n>a</n></asset>'.repeat(20_000)}<iterated complete="true">20000</iterated>`;

describe('the one connection', () => {
  it('carries sixty calls, one after the other and all at once', async () => {
    const session = await server.start({ connections: 1 });
    for (let index = 0; index < 30; index += 1) await session.call('server.ping');
    await Promise.all(Array.from({ length: 30 }, () => session.call('server.ping')));
    expect(server.callsOf('server.ping')).toBe(60);
    expect(server.connections).toBe(1);
  });

  it('is free again when a long answer is left in the middle', async () => {
    const session = await server.start({ connections: 1 });
    server.results(LIST);
    const failing = session.gather('asset.query', [], 'response/reply/result', (item) => {
      throw new Error(item.name);
    });
    await expect(failing).rejects.toThrow('asset');
    await session.call('server.ping');
  });

  it('is free while a slow reader looks at a batch of a list', async () => {
    const session = await server.start({ connections: 1 });
    server.answersList(
      '<asset id="1"/><asset id="2"/><iterated complete="false">2</iterated>',
      '<asset id="3"/><iterated complete="true">1</iterated>',
    );
    const found: string[] = [];
    for await (const asset of queryValues(session, 'x', {})) {
      found.push(asset.attributes['id'] ?? '');
      await session.call('server.ping');
    }
    expect(found).toEqual(['1', '2', '3']);
  });

  it('is free when the reader of a list leaves while the next batch is asked for', async () => {
    const session = await server.start({ connections: 1 });
    server.answersList('<asset id="1"/><iterated complete="false">1</iterated>', undefined);
    for await (const asset of queryValues(session, 'x', {})) {
      expect(asset.attributes['id']).toBe('1');
      await until('the next batch is asked for', () =>
        server.callsOf('asset.query.iterate') === 2 ? true : undefined,
      );
      break;
    }
    expect(server.callsOf('asset.query.iterator.destroy')).toBe(1);
    await session.call('server.ping');
  });

  it.each(['before it is begun', 'in the middle', 'at its end'])('is free when a content is left %s', async (when) => {
    const session = await server.start({ connections: 1 });
    const bytes = Buffer.alloc(4_000_000, 'x');
    server.answers((call, response) => response.end(call.address.includes('content.mfjp') ? bytes : reply('')));
    const content = await openContent(session, { assetId: '1', size: bytes.length, crc32: null });
    if (when === 'before it is begun') await content.return?.();
    else
      for await (const part of content) {
        expect(part.length).toBeGreaterThan(0);
        if (when === 'in the middle') break;
      }
    await session.call('server.ping');
  });

  it('is free when an answer with an error status is not read', async () => {
    const session = await server.start({ connections: 1 });
    for (const status of [503, 500, 404]) {
      server.answers((_, response) => response.writeHead(status).end('x'.repeat(300_000)));
      await expect(session.call('server.ping')).rejects.toMatchObject({ service: 'server.ping' });
    }
    server.results('');
    await session.call('server.ping');
  });

  it('that stays in use makes others wait for a while, and then is told as busy', async () => {
    const session = await server.start({ connections: 1, connectionWaitMs: 50 });
    await session.call('server.ping');
    mute('slow');
    const stop = new AbortController();
    const slow = session.call('slow', [], { signal: stop.signal });
    await until('the slow call', () => Promise.resolve(server.callsOf('slow') === 1 || undefined));
    await expect(session.call('server.ping', [], { repeatable: true })).rejects.toMatchObject({
      kind: 'busy',
      service: 'server.ping',
      message: 'All 1 connections with Mediaflux are in use.',
    });
    // Waiting for our own connections says nothing of the server.
    await expect(session.call('x', [], { signal: AbortSignal.timeout(1) })).rejects.toMatchObject({ kind: 'busy' });
    for (let index = 0; index < 5; index += 1)
      await expect(session.call('server.ping')).rejects.toMatchObject({ kind: 'busy' });
    expect(session.state).toMatchObject({ reachable: true, breakerOpen: false });
    stop.abort(new Error('stopped'));
    await expect(slow).rejects.toThrow('stopped');
    await session.call('server.ping');
  });
});

describe('a signal of the caller', () => {
  it('ends a call that is under way with its own reason, and one that has not begun', async () => {
    const session = await server.start();
    mute('slow');
    const stop = new AbortController();
    const slow = session.call('slow', [], { signal: stop.signal, repeatable: true });
    await until('the slow call', () => Promise.resolve(server.callsOf('slow') === 1 || undefined));
    const reason = new Error('The user stopped it.');
    stop.abort(reason);
    await expect(slow).rejects.toBe(reason);
    await expect(session.call('other', [], { signal: stop.signal })).rejects.toBe(reason);
    expect(server.callsOf('other')).toBe(0);
    expect(session.state.reachable).toBe(true);
  });

  it('ends its wait for a logon that others share, and theirs not', async () => {
    const session = await server.start();
    let answerLogon = (): void => undefined;
    server.answersLogons((_, response) => {
      answerLogon = () => response.end(reply('<session id="1">KEY1</session>'));
    });
    const stop = new AbortController();
    const mine = session.call('mine', [], { signal: stop.signal });
    const theirs = session.call('theirs');
    await until('the logon', () => Promise.resolve(server.callsOf('system.logon') === 1 || undefined));
    stop.abort(new Error('stopped'));
    await expect(mine).rejects.toThrow('stopped');
    answerLogon();
    await theirs;
    expect(server.callsOf('system.logon')).toBe(1);
    expect(server.callsOf('mine')).toBe(0);
  });

  it('ends the pause before a repeat', async () => {
    const session = await server.start({}, { random: () => 1e6 });
    server.answers((_, response) => response.writeHead(503).end());
    const stop = new AbortController();
    const call = session.call('busy', [], { repeatable: true, signal: stop.signal });
    await until('the first try', () => Promise.resolve(server.callsOf('busy') === 1 || undefined));
    await turn();
    stop.abort(new Error('stopped'));
    await expect(call).rejects.toThrow('stopped');
    expect(server.callsOf('busy')).toBe(1);
  });

  it('that is a time limit is Mediaflux not answering', async () => {
    const session = await server.start();
    await session.call('server.ping');
    mute('slow');
    await expect(session.call('slow', [], { signal: AbortSignal.timeout(20), repeatable: true })).rejects.toMatchObject(
      {
        kind: 'unreachable',
        service: 'slow',
        message: 'Mediaflux did not answer within the time limit of the call.',
      },
    );
    expect(server.callsOf('slow')).toBe(1);
  });
});

describe('logoff', () => {
  it('ends the session, once, and only where there is one', async () => {
    const session = await server.start();
    await session.logoff();
    expect(server.received).toHaveLength(0);
    await session.call('server.ping');
    await session.logoff();
    await session.logoff();
    expect(server.callsOf('system.logoff')).toBe(1);
    await session.call('server.ping');
    expect(server.callsOf('system.logon')).toBe(2);
  });

  it('is given up when nothing answers, and while a logon hangs', async () => {
    const session = await server.start();
    await session.call('server.ping');
    mute('system.logoff');
    await expect(session.logoff()).rejects.toMatchObject({ kind: 'unreachable', service: 'system.logoff' });
    server.answersLogons(() => undefined);
    const waiting = session.call('server.ping').catch((error: unknown) => error);
    await session.logoff();
    server.answersLogons(undefined);
    void waiting;
  });
});

describe('a server that is not there', () => {
  it('is tried three times, whatever the call, since nothing of it was sent', async () => {
    const pauses: number[] = [];
    const nowhere = new MediafluxSession({
      transport: new Transport('http://127.0.0.1:9'),
      credentials: { token: 'none' },
      random: () => {
        pauses.push(1);
        return 0;
      },
    });
    await expect(nowhere.call('a.b')).rejects.toMatchObject({ kind: 'unreachable', service: 'system.logon' });
    expect(pauses).toHaveLength(2);
  });

  it('is given up when connecting takes too long, as to one that is silent where TLS would begin', async () => {
    const silent = createServer((socket) => void socket.resume().on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const transport = new Transport(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`, {
      connectTimeoutMs: 20,
    });
    const session = new MediafluxSession({ transport, credentials: { token: 'none' }, random: () => 0 });
    await expect(session.call('a.b')).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'Mediaflux cannot be reached (UND_ERR_CONNECT_TIMEOUT).',
    });
    await transport.close();
    await new Promise((resolve) => silent.close(resolve));
  });
});

describe('the breaker', () => {
  const ping = (session: MediafluxSession, options = {}) => session.call('slow', [], { repeatable: true, ...options });

  it('counts a call once, however often it was tried', async () => {
    const session = await server.start();
    await session.call('server.ping');
    server.answers((_, response) => response.destroy());
    for (let index = 0; index < 3; index += 1)
      await expect(ping(session)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(server.callsOf('slow')).toBe(9);
    expect(session.state).toMatchObject({ reachable: true, breakerOpen: false });
    await expect(ping(session)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(session.state).toMatchObject({ reachable: false, breakerOpen: true });
  });

  it('counts a logon once, however many calls waited for it', async () => {
    const session = await server.start();
    server.answersLogons((_, response) => response.destroy());
    const calls = await Promise.allSettled(Array.from({ length: 20 }, () => session.call('once')));
    expect(calls.every((call) => call.status === 'rejected')).toBe(true);
    expect(server.callsOf('system.logon')).toBe(1);
    expect(session.state.reachable).toBe(true);
  });

  it.each([500, 502, 504])('is not opened by answers with HTTP status %s', async (status) => {
    const session = await server.start();
    server.answers((_, response) => response.writeHead(status).end());
    for (let index = 0; index < 6; index += 1)
      await expect(ping(session)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(session.state).toMatchObject({ reachable: true, breakerOpen: false });
  });

  it('is not opened by time limits of callers, but by those of the connection', async () => {
    const session = await server.start({ firstByteTimeoutMs: 1_000 });
    await session.call('server.ping');
    mute('slow');
    for (let index = 0; index < 6; index += 1)
      await expect(ping(session, { signal: AbortSignal.timeout(10) })).rejects.toMatchObject({ kind: 'unreachable' });
    expect(session.state).toMatchObject({ reachable: true, breakerOpen: false });
    await Promise.allSettled(Array.from({ length: 4 }, () => session.call('slow')));
    expect(session.state).toMatchObject({ reachable: false, breakerOpen: true });
  });
});
