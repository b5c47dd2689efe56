// The binary packet form `application/mflux`, in which a reply carries content (reference 1.6): the request is one packet
// with the document; the reply is the document and one packet of content, read as it streams in.

import { closable } from './closable.js';
import { MediafluxError } from './errors.js';

export const PACKET_TYPE = 'application/mflux';

/** Marker, compression, content length (8 bytes), packets to come (4), length of the MIME type (2). */
const HEAD_BYTES = 16;
const UNKNOWN_LENGTH = -1n;
const LARGEST_DOCUMENT = 32 * 1024 * 1024;

export function packetRequest(document: string): Buffer {
  const type = Buffer.from('text/xml');
  const content = Buffer.from(document, 'utf8');
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(1, 0);
  head.writeBigInt64BE(BigInt(content.length), 2);
  head.writeInt16BE(type.length, 14);
  return Buffer.concat([head, type, content]);
}

export interface PacketReply {
  document: string;
  /** Undefined when the reply has none, as an error has. */
  content: PacketContent | undefined;
}

export interface PacketContent {
  /** MIME type. */
  type: string;
  /** Bytes, where the server told. */
  size: number | undefined;
  /** Read to its end or left; else its connection is lost. */
  body: AsyncIterableIterator<Buffer>;
}

/**
 * Reads the document and hands the content on as it comes. The caller reads `content.body` to its end or returns it.
 * @throws MediafluxError malformed-reply: not in this form, compressed, cut short, or more than one content
 */
export async function readPacketReply(body: AsyncIterable<Uint8Array>): Promise<PacketReply> {
  const source = new Source(body);
  try {
    const first = await packetHead(source);
    const document = decoded(await source.take(documentBytes(first)));
    if (first.remaining === 0) {
      await source.close();
      return { document, content: undefined };
    }
    const second = await packetHead(source);
    const body = closable(source.rest(second.size), () => source.close());
    return { document, content: { type: second.type, size: second.size, body } };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/**
 * The same of a reply that is in memory, of which the content is a part.
 * @throws MediafluxError as `readPacketReply`
 */
export function packetsOf(reply: Buffer): { document: string; content: Buffer | undefined } {
  let at = 0;
  const take = (bytes: number): Buffer => {
    if (at + bytes > reply.length) throw malformed('it ends in the middle of a packet');
    return reply.subarray(at, (at += bytes));
  };
  const headed = (): PacketHead => {
    const { typeLength, ...head } = fixedHead(take(HEAD_BYTES));
    return { ...head, type: take(typeLength).toString('utf8') };
  };
  const first = headed();
  const document = decoded(take(documentBytes(first)));
  if (first.remaining === 0) return { document, content: undefined };
  const second = headed();
  return { document, content: take(second.size ?? reply.length - at) };
}

interface PacketHead {
  /** Undefined: until the end. */
  size: number | undefined;
  remaining: number;
  type: string;
}

/** How long the document is. @throws MediafluxError too long, or followed by more than one content */
function documentBytes({ size, remaining }: PacketHead): number {
  if (size === undefined || size > LARGEST_DOCUMENT) throw malformed('its document is too large');
  if (remaining > 1) throw malformed('it brings more contents than were asked for');
  return size;
}

async function packetHead(source: Source): Promise<PacketHead> {
  const { typeLength, ...head } = fixedHead(await source.take(HEAD_BYTES));
  return { ...head, type: (await source.take(typeLength)).toString('utf8') };
}

/** What stands before the name of the type. */
function fixedHead(head: Buffer): Omit<PacketHead, 'type'> & { typeLength: number } {
  if (head[0] !== 1) throw malformed('it is not in the packet form');
  if (head[1] !== 0) throw malformed('it is compressed in a way that is not known');
  const length = head.readBigInt64BE(2);
  const typeLength = head.readInt16BE(14);
  const remaining = head.readInt32BE(10);
  if (length < UNKNOWN_LENGTH || typeLength < 0 || remaining < 0) throw malformed('a packet has a negative length');
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('a packet is larger than 2^53 bytes');
  return { size: length === UNKNOWN_LENGTH ? undefined : Number(length), remaining, typeLength };
}

/** Hands out a stream's bytes by number. */
class Source {
  private held: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.chunks = body[Symbol.asyncIterator]();
  }

  async take(count: number): Promise<Buffer> {
    const parts = [this.held];
    for (let got = this.held.length; got < count;) {
      const next = await this.chunks.next();
      if (next.done) throw malformed('it ends in the middle of a packet');
      parts.push(Buffer.from(next.value));
      got += next.value.length;
    }
    const all = parts.length === 1 ? this.held : Buffer.concat(parts);
    this.held = all.subarray(count);
    return all.subarray(0, count);
  }

  async *rest(size: number | undefined): AsyncGenerator<Buffer> {
    try {
      for (let left = size ?? Infinity; left > 0;) {
        if (this.held.length === 0) {
          const next = await this.chunks.next();
          if (next.done) {
            if (size === undefined) return;
            throw malformed('it ends in the middle of a packet');
          }
          this.held = Buffer.from(next.value);
        }
        const part = this.held.subarray(0, Math.min(left, this.held.length));
        this.held = this.held.subarray(part.length);
        left -= part.length;
        yield part;
      }
    } finally {
      await this.close();
    }
  }

  /** Gives the connection back. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}

/** A byte that is no UTF-8 is refused: a name with a character put in its place would be another name. */
function decoded(document: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(document);
  } catch {
    throw malformed('it is not in UTF-8');
  }
}

const malformed = (why: string) =>
  new MediafluxError('malformed-reply', `The answer of Mediaflux cannot be read: ${why}.`);
