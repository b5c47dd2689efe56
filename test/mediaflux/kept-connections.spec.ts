// Kept connections of small contents: which are used again, which are left, and what becomes of what goes out on one that
// the server has ended. Raw servers.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Transport } from '../../src/mediaflux/protocol/transport.js';
import { makeCertificate } from '../support/certificate.js';
import { freshFolder } from '../support/folders.js';
import { type RawAnswer, RawServer, sendIn, turns } from '../support/raw-server.js';
import { answered, answerOf, gone } from '../support/small-posts.js';

const run = promisify(execFile);

let server: RawServer;

afterEach(() => server.close());

async function transportTo(answer: RawAnswer): Promise<Transport> {
  server = await RawServer.start(answer);
  return server.transport({ connections: 2 });
}

/** What a server says passes on when it has nothing more to say, so that its reader reads all of it at once. */
async function readTogether({ port, pathname }: URL): Promise<{ url: string; close(): void }> {
  const sockets: Socket[] = [];
  const between = createServer((reader) => {
    const speaker = connect(Number(port), '127.0.0.1');
    sockets.push(
      reader.on('error', () => undefined),
      speaker.on('error', () => undefined),
    );
    let said: Buffer[] = [];
    speaker.on('data', (part) => {
      said.push(part);
      const all = said.length;
      void turns().then(() => {
        if (said.length !== all) return;
        reader.write(Buffer.concat(said));
        said = [];
      });
    });
    reader.on('data', (part) => speaker.write(part)).on('close', () => speaker.destroy());
  });
  await once(between.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `https://127.0.0.1:${(between.address() as AddressInfo).port}${pathname}`,
    close: () => {
      between.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('a small content', () => {
  it.each([
    ['says so', answerOf('abc', 'Connection: close')],
    ['is of an older kind', answerOf('abc').replace('HTTP/1.1', 'HTTP/1.0')],
    ['leaves no time to use it again', answerOf('abc', 'Keep-Alive: timeout=1')],
    ['says so among other things', answerOf('abc', 'Connection: close', 'X: y', 'Connection: keep-alive')],
    ['says more than its answer', `${answerOf('abc')}HTTP/1.1 200 OK`],
  ])('ends the connection of a server that %s', async (_, answer) => {
    const transport = await transportTo((socket) => socket.write(answer));
    for (let request = 1; request <= 2; request += 1) {
      expect(await answered(transport)).toEqual([200, 'abc']);
      await gone(server.sockets[request - 1] as Socket);
    }
    expect(server.sockets).toHaveLength(2);
  });

  it('ends the connection of a server that says more at the end of an answer in pieces', async () => {
    const transport = await transportTo(
      (socket) => void sendIn(socket, [answerOf('abcdef').slice(0, -4), 'cd', 'efHTTP']),
    );
    expect(await answered(transport)).toEqual([200, 'abcdef']);
    await gone(server.sockets[0] as Socket);
    expect(await answered(transport)).toEqual([200, 'abcdef']);
  });

  it('does not take for its answer what comes over TLS with the answer before, and is sent once more', async () => {
    const secure = makeCertificate();
    server = await RawServer.start(
      (socket, request) =>
        void sendIn(socket, [answerOf(`answer ${request}`), ...(request === 1 ? ['what is it'] : [])]),
      secure,
    );
    const together = await readTogether(new URL(server.url));
    // Which authorities are trusted a process is told at its start.
    const authority = join(freshFolder(), 'authority.pem');
    writeFileSync(authority, secure.cert);
    const posts = `const { Transport } = await import('./dist/src/mediaflux/protocol/transport.js');
      const transport = new Transport('${together.url}');
      for (let post = 0; post < 3; post += 1)
        console.log(String((await transport.postSmall(Buffer.from('abc'), { 'content-length': '3' })).body));`;
    const env = { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: authority };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', posts], { env, timeout: 20_000 });
    together.close();
    expect(stdout.split('\n')).toEqual(['answer 1', 'answer 3', 'answer 4', '']);
    expect(server.sockets).toHaveLength(2);
  });

  it('goes out once more where the farewell of a server crosses it, and is told of one that is meant', async () => {
    const farewell = 'HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n';
    const transport = await transportTo((socket, request) =>
      socket.write(request === 2 || request === 4 ? farewell : answerOf('abc')),
    );
    await answered(transport);
    // Which comes when the second request has left.
    expect(await answered(transport)).toEqual([200, 'abc']);
    expect(server.sockets).toHaveLength(2);
    (server.sockets[1] as Socket).end();
    await gone(server.sockets[1] as Socket);
    await turns();
    expect(await answered(transport)).toEqual([408, '']);
  });

  it('goes out once more, at once, where the server had ended a connection that was kept', async () => {
    // It ends each without a word, when the next request is on its way.
    const transport = await transportTo((socket) => {
      if (server.sockets.length === 1 && server.asked.length > 1) socket.resetAndDestroy();
      else socket.write(answerOf(`answer ${server.asked.length}`));
    });
    expect(await answered(transport)).toEqual([200, 'answer 1']);
    expect(await answered(transport)).toEqual([200, 'answer 3']);
    expect(server.sockets).toHaveLength(2);
  });

  it('is left to the HTTP client where the server keeps none of its connections, and does not say so', async () => {
    const seen = new Set<Socket>();
    const transport = await transportTo((socket) => {
      if (seen.has(socket)) socket.end();
      else socket.write(answerOf('abc'));
      seen.add(socket);
    });
    // Which has such a server end a request of its own.
    const all = async () => {
      for (;;) expect(await answered(transport)).toEqual([200, 'abc']);
    };
    await expect(all()).rejects.toThrow('UND_ERR_SOCKET');
    expect(seen.size).toBeGreaterThanOrEqual(100);
    expect(seen.size).toBeLessThan(150);
  });

  it('leaves an idle connection before the server does that tells when it would', async () => {
    let leftFirst: string | undefined;
    const transport = await transportTo((socket) => {
      socket.write(answerOf('abc', 'Keep-Alive: timeout=4, max=100'));
      socket.once('end', () => (leftFirst ??= 'the client'));
      if (server.asked.length !== 2) return;
      const late = setTimeout(() => {
        leftFirst ??= 'the server';
        socket.end();
      }, 4_000);
      socket.once('end', () => clearTimeout(late));
    });
    await answered(transport);
    await answered(transport);
    expect(server.sockets).toHaveLength(1);
    await gone(server.sockets[0] as Socket);
    expect(leftFirst).toBe('the client');
    await answered(transport);
    expect(server.sockets).toHaveLength(2);
  });

  it.each([
    ['ends it', (socket: Socket) => socket.end()],
    ['resets it', (socket: Socket) => socket.resetAndDestroy()],
    ['bids farewell', (socket: Socket) => socket.write('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n')],
  ])('does not go out on an idle connection of a server that %s', async (_, leave) => {
    const transport = await transportTo((socket) => socket.write(answerOf('abc')));
    await answered(transport);
    const [first] = server.sockets as [Socket];
    leave(first);
    await gone(first);
    await turns();
    expect(await answered(transport)).toEqual([200, 'abc']);
    expect(server.sockets).toHaveLength(2);
    expect(server.asked).toHaveLength(2);
  });
});
