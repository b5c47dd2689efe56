// A large content, read straight from a connection of its own. The HTTP client copies every byte into its parser's memory,
// which of gigabytes takes a tenth of the time. Only an answer of the plainest kind is read here: all others are left to
// that client.

import type { Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import type { HttpReply } from './http-reply.js';
import type { LargeReads } from './large-reads.js';
import type { ConnectionLimits } from './limits.js';
import { partsOf } from './parts.js';
import {
  answerHead,
  brokenOff,
  closedHere,
  connected,
  HEAD_END,
  LONGEST_HEAD_BYTES,
  opened,
  timeout,
} from './straight-connection.js';

export interface StraightOptions extends ConnectionLimits {
  reads?: LargeReads | undefined;
  signal?: AbortSignal | undefined;
  /** Ends the connection. */
  closing: AbortSignal;
  /** The connection has ended. */
  closed: () => void;
}

/**
 * The answer to a GET, if it tells its length and is not encoded; undefined: it is of another kind, and the HTTP client has
 * to ask. The body must be read to its end, left in the middle, or dumped.
 * @param path of the request, with its query
 * @throws errors of the network by their codes; what an abort gives
 */
export async function straightContent(
  address: URL,
  path: string,
  options: StraightOptions,
): Promise<HttpReply | undefined> {
  const { signal, closing, closed } = options;
  signal?.throwIfAborted();
  // Of a call that is made again, or had to wait for its turn.
  if (closing.aborted) throw closedHere();
  const socket = opened(address, options.reads?.onread());
  const close = () => socket.destroy(closedHere());
  closing.addEventListener('abort', close);
  socket.once('close', () => {
    closing.removeEventListener('abort', close);
    closed();
  });
  // Told by whoever waits for something of it.
  socket.on('error', () => undefined);
  if (signal) addAbortSignal(signal, socket);
  try {
    await connected(socket, address, options.connectTimeoutMs);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${address.host}\r\nconnection: close${HEAD_END}`);
    const content = new Content(socket, options.idleTimeoutMs);
    const head = answerHead(await content.head(options.firstByteTimeoutMs));
    if (head?.length === undefined) {
      socket.destroy();
      return undefined;
    }
    const { status, headers, length } = head;
    const body = content.body(length);
    const dump = () => Promise.resolve(socket.destroy());
    return { status, headers, body: { [Symbol.asyncIterator]: () => body, dump } };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

class Content {
  private readonly parts: AsyncGenerator<Buffer>;
  private rest: Buffer | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly idleMs: number,
  ) {
    this.parts = partsOf(socket);
  }

  /** Status line and fields; undefined: it is longer than any that is read here. */
  async head(withinMs: number): Promise<string | undefined> {
    let head = Buffer.alloc(0);
    for (let limit = withinMs; head.length <= LONGEST_HEAD_BYTES; limit = this.idleMs) {
      const before = head.length;
      const part = await this.part(limit);
      head = Buffer.concat([head, part.subarray(0, LONGEST_HEAD_BYTES + HEAD_END.length)]);
      const end = head.indexOf(HEAD_END);
      if (end < 0) continue;
      this.rest = part.subarray(end + HEAD_END.length - before);
      return head.toString('latin1', 0, end);
    }
    return undefined;
  }

  async *body(length: number): AsyncGenerator<Buffer> {
    try {
      for (let left = length; left > 0;) {
        const part = this.rest ?? (await this.part(this.idleMs));
        this.rest = undefined;
        const taken = part.length > left ? part.subarray(0, left) : part;
        left -= taken.length;
        if (taken.length > 0) yield taken;
      }
    } finally {
      this.socket.destroy();
    }
  }

  private async part(withinMs: number): Promise<Buffer> {
    const timer = setTimeout(() => this.socket.destroy(timeout('read')), withinMs);
    try {
      const next = await this.parts.next();
      if (next.done) throw brokenOff();
      return next.value;
    } finally {
      clearTimeout(timer);
    }
  }
}
