// A large content, read straight from a connection of its own. The HTTP client copies every byte into its parser's memory,
// which of gigabytes takes a tenth of the time. Only an answer of the plainest kind is read here: all others are left to
// that client.

import { connect as connectNet, isIP, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { HttpReply } from './http-reply.js';
import type { LargeReads } from './large-reads.js';
import { partsOf } from './parts.js';

export interface StraightOptions {
  connectTimeoutMs: number;
  firstByteTimeoutMs: number;
  /** Between two parts, of which the reader waits for the second. */
  idleTimeoutMs: number;
  reads?: LargeReads | undefined;
  signal?: AbortSignal | undefined;
  /** Ends the connection. */
  closing: AbortSignal;
  /** The connection has ended. */
  closed: () => void;
}

const LONGEST_HEAD_BYTES = 16 * 1024;
const HEAD_END = '\r\n\r\n';
const KEEP_ALIVE_MS = 60_000;
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 304]);
const ENCODINGS: ReadonlySet<string> = new Set(['transfer-encoding', 'content-encoding']);

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
  const socket = opened(address, options);
  const close = () => socket.destroy(coded('The connection was closed.', 'ECONNABORTED', 'read'));
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
    const head = plainHead(await content.head(options.firstByteTimeoutMs));
    if (!head) {
      socket.destroy();
      return undefined;
    }
    const body = content.body(Number(head.headers['content-length']));
    const dump = () => Promise.resolve(socket.destroy());
    return { ...head, body: { [Symbol.asyncIterator]: () => body, dump } };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function opened(address: URL, { reads }: StraightOptions): Socket {
  const isTls = address.protocol === 'https:';
  // An address of version 6 stands in brackets.
  const host = address.hostname.replace(/^\[|\]$/g, '');
  const port = Number(address.port || (isTls ? 443 : 80));
  const place = { host, port, ...(reads ? { onread: reads.onread() } : {}) };
  const socket = isTls
    ? connectTls({ ...place, ...(isIP(host) ? {} : { servername: host }), ALPNProtocols: ['http/1.1'] })
    : connectNet(place);
  return socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
}

function connected(socket: Socket, { protocol }: URL, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(timeout('connect')), withinMs);
    const end = (error?: Error): void => {
      clearTimeout(timer);
      socket.off('error', end);
      if (error) reject(error);
      else resolve();
    };
    socket.once('error', end);
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => end());
  });
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
      if (next.done) throw coded('The connection ended before its answer did.', 'ECONNRESET', 'read');
      return next.value;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Of an answer with one length and nothing that would have to be decoded; no provisional one, and none that has no content. */
function plainHead(head: string | undefined): Pick<HttpReply, 'status' | 'headers'> | undefined {
  const [line = '', ...fields] = head?.split('\r\n') ?? [];
  const status = Number(/^HTTP\/1\.[01] ([2-5]\d\d)(?: |$)/.exec(line)?.[1]);
  if (Number.isNaN(status) || WITHOUT_CONTENT.has(status)) return undefined;
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(field) ?? [];
    const key = name?.toLowerCase();
    if (key === undefined || ENCODINGS.has(key) || (key === 'content-length' && key in headers)) return undefined;
    headers[key] = value;
  }
  return /^\d{1,15}$/.test(headers['content-length'] ?? '') ? { status, headers } : undefined;
}

const timeout = (syscall: 'connect' | 'read'): Error => coded('It took too long to come.', 'ETIMEDOUT', syscall);

const coded = (message: string, code: string, syscall: string): Error =>
  Object.assign(new Error(message), { code, syscall });
