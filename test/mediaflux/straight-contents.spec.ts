// Large contents by a connection of their own: every byte, limits, ends, and what is left to the HTTP client. Raw servers.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { transportError } from '../../src/mediaflux/protocol/network-errors.js';
import type { TransportLimits } from '../../src/mediaflux/protocol/limits.js';
import type { Transport } from '../../src/mediaflux/protocol/transport.js';
import { makeCertificate } from '../support/certificate.js';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { type RawAnswer, RawServer, sendIn } from '../support/raw-server.js';
import { until } from '../support/wait.js';

const CONTENT = bytesOf('a large content', 3_000_000);
const PLAIN = `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${CONTENT.length}\r\nconnection: close\r\n\r\n`;
const WHOLE = Buffer.concat([Buffer.from(PLAIN), CONTENT]);
const PATH = '/mflux/content.mfjp?_skey=KEY&id=7';

const run = promisify(execFile);

let server: RawServer;

afterEach(() => server.close());

async function transportTo(
  answer: RawAnswer,
  limits: Partial<TransportLimits> = {},
  secure?: { key: Buffer; cert: Buffer },
): Promise<Transport> {
  server = await RawServer.start(answer, secure);
  return server.transport({ connections: 1, readBytes: 128 * 1024, ...limits });
}

async function contentOf(transport: Transport, signal?: AbortSignal): Promise<Buffer> {
  const reply = await transport.getLarge(PATH, { signal });
  const parts: Buffer[] = [];
  try {
    // As whoever gives memory back: what came must not be looked at later.
    for await (const part of reply.body) {
      parts.push(Buffer.from(part));
      transport.giveBack(part);
    }
  } catch (error) {
    throw transportError(error, signal);
  }
  return Buffer.concat(parts);
}

describe('a large content', () => {
  it('comes whole, asked for once, on a connection of its own', async () => {
    const transport = await transportTo((socket) => socket.end(WHOLE));
    expect((await contentOf(transport)).equals(CONTENT)).toBe(true);
    expect(server.asked).toEqual([`GET /base${PATH} HTTP/1.1\r\nhost: ${server.host}\r\nconnection: close\r\n\r\n`]);
  });

  it.each([
    ['in its status', 5],
    ['in its fields', PLAIN.length - 20],
    ['in the line break at its end', PLAIN.length - 2],
    ['where it ends', PLAIN.length],
  ])('comes whole where its head is cut %s', async (_, at) => {
    const transport = await transportTo(
      (socket) =>
        void sendIn(socket, [PLAIN.slice(0, at), PLAIN.slice(at), CONTENT.subarray(0, 1), CONTENT.subarray(1)]),
    );
    expect((await contentOf(transport)).equals(CONTENT)).toBe(true);
    expect(server.asked).toHaveLength(1);
  });

  it('ends where its length says, whatever follows, and may be empty', async () => {
    const transport = await transportTo((socket, request) =>
      socket.end(
        request === 1
          ? Buffer.concat([Buffer.from(PLAIN), CONTENT, Buffer.from('more')])
          : 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nmore',
      ),
    );
    expect((await contentOf(transport)).equals(CONTENT)).toBe(true);
    expect(await contentOf(transport)).toHaveLength(0);
  });

  it('comes over TLS from a server that can show who it is, and from no other', async () => {
    const secure = makeCertificate();
    const transport = await transportTo((socket) => socket.end(WHOLE), {}, secure);
    await expect(contentOf(transport)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(server.asked).toEqual([]);
    // Which authorities are trusted a process is told at its start.
    const authority = join(freshFolder(), 'authority.pem');
    writeFileSync(authority, secure.cert);
    const read = `const { Transport } = await import('./dist/src/mediaflux/protocol/transport.js');
      const hash = (await import('node:crypto')).createHash('sha256');
      const transport = new Transport('${transport.url}', { readBytes: 131072 });
      for await (const part of (await transport.getLarge('${PATH}')).body) { hash.update(part); transport.giveBack(part); }
      console.log(hash.digest('hex'));`;
    const env = { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: authority };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', read], { env });
    expect(stdout.trim()).toBe(createHash('sha256').update(CONTENT).digest('hex'));
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    [
      'that is chunked',
      'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
      200,
    ],
    ['without a length', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nabc', 200],
    [
      'that is encoded',
      'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc',
      200,
    ],
    ['without a length that is no success', 'HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\nabc', 404],
    [
      'after a provisional one',
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc',
      200,
    ],
  ])('is left to the HTTP client in an answer %s', async (_, answer, status) => {
    const transport = await transportTo((socket) => socket.end(answer));
    const reply = await transport.getLarge(PATH);
    const parts: Buffer[] = [];
    for await (const part of reply.body) parts.push(part);
    expect([reply.status, Buffer.concat(parts).toString()]).toEqual([status, 'abc']);
    expect(server.asked).toHaveLength(2);
    // It is known now.
    await (await transport.getLarge(PATH)).body.dump();
    expect(server.asked).toHaveLength(3);
  });

  it('that is refused is told as it is answered, and asked for once', async () => {
    const transport = await transportTo((socket) => socket.end('HTTP/1.1 503 Busy\r\ncontent-length: 3\r\n\r\nabc'));
    const reply = await transport.getLarge(PATH);
    const parts: Buffer[] = [];
    for await (const part of reply.body) parts.push(part);
    expect([reply.status, Buffer.concat(parts).toString()]).toEqual([503, 'abc']);
    expect(server.asked).toHaveLength(1);
  });

  it('ends with its transport', async () => {
    const transport = await transportTo((socket) => socket.write(WHOLE.subarray(0, 100_000)));
    const reading = contentOf(transport);
    await until('the request', () => server.asked.length === 1 || undefined);
    await transport.close();
    await expect(reading).rejects.toMatchObject({ name: 'MediafluxError', kind: 'unreachable' });
    // As whoever tries again.
    await expect(contentOf(transport)).rejects.toMatchObject({ name: 'MediafluxError', kind: 'unreachable' });
    expect(server.sockets).toHaveLength(1);
  });

  it.each([
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n\r\n', 'malformed-reply'],
    ['tells two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc', 'unreachable'],
  ])('from a server that %s is refused by the HTTP client', async (_, answer, kind) => {
    const transport = await transportTo((socket) => socket.end(answer));
    await expect(contentOf(transport)).rejects.toMatchObject({ name: 'MediafluxError', kind });
    expect(server.asked).toHaveLength(2);
  });

  it('that breaks off is told as Mediaflux out of reach, and its connection is free', async () => {
    const transport = await transportTo((socket, request) => {
      if (request === 1) socket.end(Buffer.concat([Buffer.from(PLAIN), CONTENT.subarray(0, 100_000)]));
      else if (request === 2) socket.end(PLAIN.slice(0, 30));
      else if (request === 3) socket.resetAndDestroy();
      else socket.end(WHOLE);
    });
    for (let broken = 0; broken < 3; broken += 1)
      await expect(contentOf(transport)).rejects.toMatchObject({ name: 'MediafluxError', kind: 'unreachable' });
    expect((await contentOf(transport)).equals(CONTENT)).toBe(true);
  });

  it('that does not begin, or stops in the middle, is given up after a time', async () => {
    const transport = await transportTo(
      (socket, request) => {
        if (request === 2) socket.write(Buffer.concat([Buffer.from(PLAIN), CONTENT.subarray(0, 100_000)]));
      },
      { firstByteTimeoutMs: 500, idleTimeoutMs: 500 },
    );
    for (let silent = 0; silent < 2; silent += 1)
      await expect(contentOf(transport)).rejects.toMatchObject({ name: 'MediafluxError', kind: 'unreachable' });
    expect(server.asked).toHaveLength(2);
  });

  it('waits for a slow reader without an end', async () => {
    const idleTimeoutMs = 300;
    const transport = await transportTo((socket) => socket.end(WHOLE), { idleTimeoutMs });
    let bytes = 0;
    for await (const part of (await transport.getLarge(PATH)).body) {
      // That the limit passes is what this is about.
      if (bytes === 0) await delay(2 * idleTimeoutMs);
      bytes += part.length;
    }
    expect(bytes).toBe(CONTENT.length);
  });

  it('ends with its reader: one that leaves, dumps it, or is told to stop', async () => {
    const transport = await transportTo((socket) => socket.write(WHOLE));
    for await (const part of (await transport.getLarge(PATH)).body) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
    await (await transport.getLarge(PATH)).body.dump();
    const stop = new AbortController();
    const reason = new Error('The user stopped it.');
    const reply = await transport.getLarge(PATH, { signal: stop.signal });
    const reading = (async () => {
      let parts = 0;
      for await (const part of reply.body) if ((parts += part.length) === part.length) stop.abort(reason);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await expect(transport.getLarge(PATH, { signal: stop.signal })).rejects.toBe(reason);
    await until('the connections being closed', () => server.sockets.every((socket) => socket.closed) || undefined);
  });

  it('from a server that is not there has never been asked for', async () => {
    const transport = await transportTo(() => undefined);
    server.refuse();
    await expect(contentOf(transport)).rejects.toMatchObject({ name: 'MediafluxError', kind: 'unreachable' });
    await expect(contentOf(transport)).rejects.toThrow('ECONNREFUSED');
  });
});
