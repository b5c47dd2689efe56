// Small contents by connections of their own: what goes out, what comes back in any pieces, limits, ends, and what is left to
// the HTTP client. Raw servers.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TransportLimits } from '../../src/mediaflux/protocol/limits.js';
import type { Transport } from '../../src/mediaflux/protocol/transport.js';
import { xml } from '../../src/mediaflux/protocol/index.js';
import { reply } from '../support/canned-server.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { makeCertificate } from '../support/certificate.js';
import { freshFolder } from '../support/folders.js';
import { type RawAnswer, RawServer, sendIn } from '../support/raw-server.js';
import { answered, answerOf, BODY, gone, HEADERS, unreachable } from '../support/small-posts.js';
import { until } from '../support/wait.js';

const run = promisify(execFile);

let server: RawServer;

afterEach(() => server.close());

async function transportTo(answer: RawAnswer, limits: Partial<TransportLimits> = {}): Promise<Transport> {
  server = await RawServer.start(answer);
  return server.transport({ connections: 2, ...limits });
}

describe('a small content', () => {
  it('goes out as it is, and one after the other on the same connection', async () => {
    const transport = await transportTo((socket, request) => socket.write(answerOf(`answer ${request}`)));
    for (let request = 1; request <= 3; request += 1)
      expect(await answered(transport)).toEqual([200, `answer ${request}`]);
    const sent = `POST /base/__mflux_svc__ HTTP/1.1\r\nhost: ${server.host}\r\nconnection: keep-alive\r\ncontent-type: text/plain\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY.toString()}`;
    expect(server.asked).toEqual([sent, sent, sent]);
    expect(server.sockets).toHaveLength(1);
  });

  it('takes as many connections as are allowed, each for one at a time', async () => {
    const waiting: Socket[] = [];
    const transport = await transportTo((socket) => {
      waiting.push(socket);
    });
    const all = Array.from({ length: 5 }, () => answered(transport));
    for (let served = 0; served < all.length;) {
      // None is asked of a connection whose answer is to come.
      const held = Math.min(2, all.length - served);
      await until('the requests', () => waiting.length === held || undefined);
      for (const socket of waiting.splice(0)) socket.write(answerOf(`${(served += 1)}`));
    }
    const bodies = (await Promise.all(all)).map(([, body]) => body);
    expect(bodies.sort()).toEqual(['1', '2', '3', '4', '5']);
    expect(server.sockets).toHaveLength(2);
  });

  it('is answered whole, in whatever pieces the answers come', async () => {
    let pieces: Buffer[] = [];
    const transport = await transportTo((socket) => void sendIn(socket, pieces));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.array(fc.nat({ max: 150 }), { maxLength: 4 }),
        async (body, cuts) => {
          const whole = Buffer.from(answerOf(body, 'X-Field: of any kind'));
          const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
          pieces = places.slice(1).map((end, index) => whole.subarray(places[index], end));
          expect(await answered(transport)).toEqual([200, body]);
        },
      ),
      { numRuns: 60 },
    );
    expect(server.sockets).toHaveLength(1);
  });

  it('may be answered at some length, and without a body', async () => {
    const long = 'x'.repeat(300_000);
    const transport = await transportTo((socket, request) => socket.write(answerOf(request === 1 ? long : '')));
    expect(await answered(transport)).toEqual([200, long]);
    expect(await answered(transport)).toEqual([200, '']);
    expect(server.sockets).toHaveLength(1);
  });

  it.each([
    ['is chunked', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
    ['tells no length', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nabc'],
    ['is encoded', answerOf('abc', 'content-encoding: identity')],
    ['follows a provisional one', `HTTP/1.1 103 Early Hints\r\n\r\n${answerOf('abc')}`],
  ])('whose answer %s is sent again by the HTTP client, and by that alone from then on', async (_, answer) => {
    const transport = await transportTo((socket) => {
      socket.write(answer);
      if (!answer.includes('chunked')) socket.end();
    });
    expect(await answered(transport)).toEqual([200, 'abc']);
    expect(server.asked).toHaveLength(2);
    expect(await answered(transport)).toEqual([200, 'abc']);
    expect(server.asked).toHaveLength(3);
  });

  it.each([
    ['is chunked', 'transfer-encoding: chunked\r\nRetry-After: 7\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
    ['tells no length', 'Retry-After: 7\r\n\r\nabc'],
  ])('that is refused in an answer that %s is not sent again', async (_, rest) => {
    const transport = await transportTo((socket, request) =>
      socket.write(request === 1 ? `HTTP/1.1 503 Busy\r\n${rest}` : answerOf('abc')),
    );
    const reply = await transport.postSmall(BODY, HEADERS);
    expect([reply.status, reply.headers['retry-after'], reply.body.length]).toEqual([503, '7', 0]);
    expect(await answered(transport)).toEqual([200, 'abc']);
    expect(server.asked).toHaveLength(2);
  });

  it('that is refused before all of it is sent is told so, and its connection is left', async () => {
    const refused = 'HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nabc';
    server = await RawServer.start(() => undefined);
    const transport = server.transport({ connections: 1 });
    const body = Buffer.alloc(64 * 1024 * 1024);
    const send = () => transport.postSmall(body, { 'content-length': String(body.length) });
    for (let connection = 0; connection < 2; connection += 1) {
      const sending = send();
      const socket = await until('a connection', () => server.sockets[connection]);
      socket.removeAllListeners('data').pause().write(refused);
      await expect(sending).resolves.toMatchObject({ status: 413 });
      socket.resume();
      await gone(socket);
    }
  });

  it.each([
    ['does not begin', '', { firstByteTimeoutMs: 300 }],
    ['stops in its head', 'HTTP/1.1 200 OK\r\ncont', { idleTimeoutMs: 300 }],
    ['stops in its body', answerOf('abc').slice(0, -1), { idleTimeoutMs: 300 }],
  ])('whose answer %s is given up after a time', async (_, beginning, limits) => {
    const transport = await transportTo((socket) => socket.write(beginning), limits);
    await expect(answered(transport)).rejects.toMatchObject(unreachable);
    await gone(server.sockets[0] as Socket);
    expect(server.asked).toHaveLength(1);
  });

  it('has the time to be answered that its caller gives it', async () => {
    const transport = await transportTo((socket) => void setTimeout(() => socket.write(answerOf('abc')), 600), {
      firstByteTimeoutMs: 200,
    });
    await expect(transport.postSmall(BODY, HEADERS, { answerWithinMs: 30_000 })).resolves.toMatchObject({
      status: 200,
    });
  });

  it.each([
    ['ended', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['ended in the middle of the answer', (socket: Socket) => socket.end(answerOf('abc').slice(0, -1))],
  ])('whose connection is %s is told as Mediaflux out of reach, and the next goes through', async (_, leave) => {
    const transport = await transportTo((socket, request) =>
      request === 1 ? leave(socket) : socket.write(answerOf('abc')),
    );
    await expect(answered(transport)).rejects.toMatchObject(unreachable);
    expect(await answered(transport)).toEqual([200, 'abc']);
  });

  it('ends with its caller, and with its transport', async () => {
    const transport = await transportTo(() => undefined);
    const stop = new AbortController();
    const reason = new Error('The user stopped it.');
    const stopped = answered(transport, stop.signal);
    await until('the request', () => server.asked.length === 1 || undefined);
    stop.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    await gone(server.sockets[0] as Socket);
    await expect(answered(transport, stop.signal)).rejects.toBe(reason);
    const closed = answered(transport);
    await until('the request', () => server.asked.length === 2 || undefined);
    await transport.close();
    await expect(closed).rejects.toMatchObject(unreachable);
    await gone(server.sockets[1] as Socket);
    // As whoever tries again.
    await expect(answered(transport)).rejects.toMatchObject(unreachable);
    expect(server.sockets).toHaveLength(2);
  });

  it('ends with its caller while its connection is made', async () => {
    server = await RawServer.start(() => undefined);
    const stop = new AbortController();
    const reason = new Error('The user stopped it.');
    const secure = server.transport({}, 'https:');
    const stopped = answered(secure, stop.signal);
    await until('the connection', () => server.sockets[0]);
    stop.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    await gone(server.sockets[0] as Socket);
  });

  it('to a server that hangs up while the connection is made secure was never sent', async () => {
    server = await RawServer.start(() => undefined);
    server.hangUp();
    await expect(answered(server.transport({}, 'https:'))).rejects.toMatchObject(unreachable);
    expect(server.asked).toEqual([]);
  });

  it('to a server that is not there was never sent', async () => {
    const transport = await transportTo(() => undefined);
    server.refuse();
    await expect(answered(transport)).rejects.toMatchObject(unreachable);
    await expect(answered(transport)).rejects.toThrow('ECONNREFUSED');
  });

  it('goes over TLS to a server that can show who it is, to no other, and keeps no program from ending', async () => {
    const secure = makeCertificate();
    const answer = 'x'.repeat(50_000);
    server = await RawServer.start((socket) => socket.write(answerOf(answer)), secure);
    await expect(answered(server.transport({}))).rejects.toMatchObject(unreachable);
    expect(server.asked).toEqual([]);
    // Which authorities are trusted a process is told at its start.
    const authority = join(freshFolder(), 'authority.pem');
    writeFileSync(authority, secure.cert);
    const post = `const { Transport } = await import('./dist/src/mediaflux/protocol/transport.js');
      const transport = new Transport('${server.url}');
      const post = () => transport.postSmall(Buffer.alloc(200_000, 'y'), { 'content-length': '200000' });
      console.log(String((await post()).body) + String((await post()).body));`;
    const env = { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: authority };
    const before = server.sockets.length;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', post], { env, timeout: 20_000 });
    expect(stdout.trim()).toBe(answer + answer);
    expect(server.asked.map((request) => request.length)).toEqual([server.asked[0]?.length, server.asked[0]?.length]);
    expect(server.asked[0]?.endsWith('y'.repeat(200_000))).toBe(true);
    expect(server.sockets).toHaveLength(before + 1);
  });
});

describe('an upload', () => {
  const chunked = (document: string): string =>
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${document.length.toString(16)}\r\n${document}\r\n0\r\n\r\n`;

  it.each([
    [true, 2],
    [false, 1],
  ])(
    'that may be made twice: %s. Then a server that answers in another way gets it so often: %d',
    async (repeatable, times) => {
      server = await RawServer.start((socket) => {
        const isLogon = server.asked.at(-1)?.includes('system.logon') === true;
        socket.write(isLogon ? answerOf(reply('<session>KEY</session>')) : chunked(reply('')));
      });
      const session = new MediafluxSession({
        transport: server.transport({}),
        credentials: { domain: 'd', user: 'u', password: 'p' },
      });
      const content = { name: 'a.txt', size: BODY.length, bytes: BODY, open: () => [BODY] };
      await session.upload({ service: 'asset.set', args: [xml('id', 'path=/a/a.txt')] }, content, { repeatable });
      expect(server.asked.filter((request) => request.includes('asset.set'))).toHaveLength(times);
    },
  );
});
