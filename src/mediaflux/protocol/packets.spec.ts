import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MediafluxError } from './errors.js';
import { packetRequest, packetsOf, readPacketReply } from './packets.js';

const DOCUMENT = '<response><reply type="result"><result>größe</result></reply></response>';
const CONTENT = Buffer.from('the content itself, some bytes long');

/** As reference 1.6 has it: 0x01, compression, length (8), packets to come (4), length of the type (2), type, content. */
function packet(content: Buffer, toCome: number, length = BigInt(content.length), type = 'text/xml'): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt8(1, 0);
  head.writeBigInt64BE(length, 2);
  head.writeInt32BE(toCome, 10);
  head.writeInt16BE(Buffer.byteLength(type), 14);
  return Buffer.concat([head, Buffer.from(type), content]);
}

const bodyOf = async function* (bytes: Uint8Array, step = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
};
const document = Buffer.from(DOCUMENT);
const reply = (length?: bigint): Buffer =>
  Buffer.concat([packet(document, 1), packet(CONTENT, 0, length, 'application/octet-stream')]);

async function read(bytes: Uint8Array, step?: number) {
  const { document: told, content } = await readPacketReply(bodyOf(bytes, step));
  const parts: Buffer[] = [];
  if (content) for await (const part of content.body) parts.push(part);
  expect(packetsOf(Buffer.from(bytes))).toEqual({ document: told, content: content && Buffer.concat(parts) });
  return { document: told, type: content?.type, size: content?.size, content: Buffer.concat(parts) };
}

it('a request is one packet, byte for byte', () => {
  expect(packetRequest(DOCUMENT)).toEqual(packet(document, 0));
});

describe('a reply in packets', () => {
  it.each([1, 7, 1_000])('is its document and its content, cut every %d bytes', async (step) => {
    expect(await read(reply(), step)).toEqual({
      document: DOCUMENT,
      type: 'application/octet-stream',
      size: CONTENT.length,
      content: CONTENT,
    });
  });

  it('without a content is its document, and with a content of unknown length runs to its end', async () => {
    expect(await read(packet(document, 0))).toMatchObject({ document: DOCUMENT, type: undefined });
    expect(await read(reply(-1n))).toMatchObject({ size: undefined, content: CONTENT });
  });

  it.each([
    ['is in no packet', document],
    ['is compressed', Buffer.concat([Buffer.from([1, 1]), packet(document, 0).subarray(2)])],
    ['brings more contents than one', packet(document, 2)],
    ['has a document of unknown length', packet(document, 0, -1n)],
    ['has a document that is too large', packet(document, 0, 1n << 40n)],
    ['has a content with a negative length', reply(-2n)],
    ['has a content beyond 2^53', reply(1n << 60n)],
    ['has a document that is no UTF-8', packet(Buffer.from([0x3c, 0xff]), 0)],
  ])('that %s is refused', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ name: 'MediafluxError', kind: 'malformed-reply' });
    expect(() => packetsOf(bytes)).toThrow(MediafluxError);
  });

  it('that is cut short anywhere is an error, and never a shorter content', async () => {
    const whole = reply();
    for (let length = 0; length < whole.length; length += 1) {
      await expect(read(whole.subarray(0, length), 16)).rejects.toBeInstanceOf(MediafluxError);
      expect(() => packetsOf(whole.subarray(0, length))).toThrow(MediafluxError);
    }
  });

  it('that is damaged ends in document and content or in a typed error', async () => {
    const whole = reply();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 64 }),
        async (damages, step) => {
          const bytes = Buffer.from(whole);
          for (const [at, byte] of damages) bytes[at] = byte;
          try {
            const { content } = await readPacketReply(bodyOf(bytes, step));
            if (content) for await (const part of content.body) expect(part.length).toBeGreaterThan(0);
          } catch (caught) {
            expect(caught).toBeInstanceOf(MediafluxError);
          }
        },
      ),
      { numRuns: process.env['DISPATCH_TEST_LONG'] ? 50_000 : 2_000 },
    );
  });

  it('gives its connection back when the content is read, left in the middle, or left before it is begun', async () => {
    for (const leave of [
      async (body: AsyncIterableIterator<Buffer>) => void (await body.return?.()),
      async (body: AsyncIterableIterator<Buffer>) => {
        for await (const _ of body) break;
      },
      async (body: AsyncIterableIterator<Buffer>) => {
        for await (const part of body) expect(part.length).toBeGreaterThan(0);
      },
    ]) {
      let isGivenBack = false;
      const body = (async function* () {
        try {
          yield* bodyOf(reply(), 40);
        } finally {
          isGivenBack = true;
        }
      })();
      const { content } = await readPacketReply(body);
      expect(isGivenBack).toBe(false);
      if (content) await leave(content.body);
      expect(isGivenBack).toBe(true);
    }
  });
});
