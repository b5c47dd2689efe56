// Connections that read into memory of ours, several at once, plain and encrypted: every byte in its place.

import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type OnReadOpts, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectSecurely, createServer as createSecureServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { LargeReads } from '../../src/mediaflux/protocol/large-reads.js';
import { makeCertificate } from '../support/certificate.js';
import { bytesOf } from '../support/files.js';

const BLOCK_BYTES = 128 * 1024;
const CONTENT_BYTES = 600_000;
const { key, cert } = makeCertificate();
const CONTENTS = [0, 1, 2, 3, 4, 5].map((connection) => bytesOf(`connection ${connection}`, CONTENT_BYTES));
const contentOf = (connection: number): Buffer => CONTENTS[connection] ?? Buffer.alloc(0);

/** Sends, once asked by a line, the content of that number. */
const answer = (socket: Socket): void => {
  socket.once('data', (asked) => socket.end(contentOf(Number(asked.toString()))));
};

const servers: Record<'plain' | 'encrypted', Server> = {
  plain: createServer(answer),
  encrypted: createSecureServer({ key, cert }, answer),
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  for (const server of Object.values(servers)) await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => Object.values(servers).forEach((server) => server.close()));

describe.each(['plain', 'encrypted'] as const)('%s connections that share their memory', (kind) => {
  it('each get their own bytes, in order, also when one is read slowly', async () => {
    const onread = new LargeReads(BLOCK_BYTES).onread();
    const port = portOf(servers[kind]);
    const read = async (connection: number): Promise<Buffer[]> => {
      // The type package does not name `onread` for encrypted connections, which have it too.
      const options = { host: '127.0.0.1', port, ca: cert, onread };
      const socket = kind === 'plain' ? connect(options) : connectSecurely(options);
      socket.write(String(connection));
      const parts: Buffer[] = [];
      for await (const part of socket) {
        parts.push(part as Buffer);
        if (connection % 2 === 0) for (let turns = 0; turns < 5; turns += 1) await turn();
      }
      return parts;
    };
    const all = await Promise.all([0, 1, 2, 3, 4, 5].map(read));
    for (const [connection, parts] of all.entries())
      expect(Buffer.concat(parts).equals(contentOf(connection))).toBe(true);
  });
});

/** What a connection does with the option: fills at most `most` bytes of its memory with `fill`, and hands them on. */
function readInto(onread: OnReadOpts, most: number, fill: number): Buffer {
  const memory = (onread.buffer as () => Uint8Array)();
  const bytes = Math.min(most, memory.length);
  memory.fill(fill, 0, bytes);
  const handedOn: Buffer[] = [];
  const socket = { push: (part: Buffer) => handedOn.push(part) > 0 };
  onread.callback.call(socket as unknown as Socket, bytes, memory);
  return handedOn[0] ?? Buffer.alloc(0);
}

it('reads again into memory of which everything came back, and into no other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ bytes: fc.integer({ min: 1, max: BLOCK_BYTES }), back: fc.nat(30), isLost: fc.boolean() }), {
        minLength: 20,
        maxLength: 200,
      }),
      (steps) => {
        const reads = new LargeReads(BLOCK_BYTES);
        const onread = reads.onread();
        const held: { part: Buffer; fill: number }[] = [];
        for (const [index, { bytes, back, isLost }] of steps.entries()) {
          const fill = index % 256;
          held.push({ part: readInto(onread, bytes, fill), fill });
          // A few parts are never given back: an answer's head, what was left in the middle.
          if (isLost) continue;
          const [gone] = held.splice(back % held.length, 1);
          if (!gone) continue;
          expect(gone.part.every((byte) => byte === gone.fill)).toBe(true);
          reads.giveBack(gone.part);
        }
        for (const { part, fill } of held) expect(part.every((byte) => byte === fill)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

it('takes no fresh memory while all that was read comes back', () => {
  const reads = new LargeReads(BLOCK_BYTES);
  const onread = reads.onread();
  const memories = new Set<ArrayBufferLike>();
  for (let read = 0; read < 100; read += 1) {
    const part = readInto(onread, read % 2 === 0 ? BLOCK_BYTES : BLOCK_BYTES - 100, 1);
    memories.add(part.buffer);
    reads.giveBack(part);
  }
  expect(memories.size).toBe(1);
  reads.giveBack(Buffer.alloc(BLOCK_BYTES));
  const [one, two] = [readInto(onread, BLOCK_BYTES, 1), readInto(onread, BLOCK_BYTES, 2)];
  expect(one.buffer).not.toBe(two.buffer);
});

it('takes back reads of which only a part was the body of an answer, each once, and no others', () => {
  const reads = new LargeReads(BLOCK_BYTES);
  const onread = reads.onread();
  const memories = new Set<ArrayBufferLike>();
  const heldBack = readInto(onread, 100, 0xaa);
  memories.add(heldBack.buffer);
  for (let round = 0; round < 200; round += 1) {
    const [one, two] = [readInto(onread, 20_000, 1), readInto(onread, 30_000, 2)];
    for (const { buffer } of [one, two]) memories.add(buffer);
    // Heads before the bodies, and one read of which two parts came.
    reads.giveBackReadsOf([one.subarray(300, 9_000), one.subarray(9_010), two.subarray(0, 0), two.subarray(300, 400)]);
  }
  expect(heldBack.every((byte) => byte === 0xaa)).toBe(true);
  // The block of what was held back, and those that are read into in turns.
  expect(memories.size).toBeLessThanOrEqual(3);
});

it('a transport gives whole answers as they were sent, and reads again into the memory of those that came back', async () => {
  const server = createHttpServer((request, response) => {
    const number = Number(request.url?.slice(1));
    const content = contentOf(number % 6).subarray(0, 1_000 + number * 500);
    if (number % 3 !== 0) {
      response.end(content);
      return;
    }
    // In chunks: more than one part for an answer, and bytes between them that are nobody's.
    response.write(content.subarray(0, 700));
    setImmediate(() => response.end(content.subarray(700)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const transport = new Transport(`http://127.0.0.1:${portOf(server)}`, { connections: 4, readBytes: BLOCK_BYTES });
  const memories = new Set<ArrayBufferLike>();
  try {
    const get = async (number: number): Promise<void> => {
      const { body } = await transport.getWhole(`/${number}`, {});
      await turn();
      expect(body.equals(contentOf(number % 6).subarray(0, 1_000 + number * 500))).toBe(true);
      if (number % 3 !== 0) memories.add(body.buffer);
      transport.giveBackWhole(body);
    };
    for (let round = 0; round < 40; round += 1)
      await Promise.all(Array.from({ length: 30 }, (_, number) => get(number)));
  } finally {
    await transport.close();
    server.close();
  }
  // 40 rounds bring ten megabytes; without memory that comes back each eighth of one would be a block of its own.
  expect(memories.size).toBeLessThan(30);
});

it('a transport that reads by large parts gives contents and short answers as they were sent', async () => {
  const server = createHttpServer((request, response) => {
    const number = Number(request.url?.slice(1));
    response.end(number === 9 ? 'short' : contentOf(number));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const transport = new Transport(`http://127.0.0.1:${portOf(server)}`, { connections: 4, readBytes: BLOCK_BYTES });
  try {
    const get = async (number: number): Promise<Buffer> => {
      const parts: Buffer[] = [];
      for await (const part of (await transport.get(`/${number}`, {})).body) {
        await turn();
        parts.push(Buffer.from(part));
        transport.giveBack(part);
      }
      return Buffer.concat(parts);
    };
    for (let round = 0; round < 5; round += 1) {
      const [short, ...contents] = await Promise.all([transport.getWhole('/9', {}), ...[0, 1, 2, 3, 4].map(get)]);
      expect(short.body.toString()).toBe('short');
      for (const [number, content] of contents.entries()) expect(content.equals(contentOf(number))).toBe(true);
    }
  } finally {
    await transport.close();
    server.close();
  }
});
