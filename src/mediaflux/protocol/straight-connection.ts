// Connections that are used without the HTTP client, and the one kind of answer that is read on them: the plainest.

import { connect as connectNet, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { HttpReply } from './http-reply.js';

/** In milliseconds. */
export interface ConnectionLimits {
  connectTimeoutMs: number;
  /** Until the answer begins. */
  firstByteTimeoutMs: number;
  /** Between two parts of an answer. */
  idleTimeoutMs: number;
}

export const LONGEST_HEAD_BYTES = 16 * 1024;
export const HEAD_END = '\r\n\r\n';
const PROBE_AFTER_MS = 60_000;
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 304]);
const ENCODINGS: ReadonlySet<string> = new Set(['transfer-encoding', 'content-encoding']);

/** A connection that is being opened. @param onread where what comes is read into; left out: to a stream as usual */
export function opened(address: URL, onread: OnReadOpts | undefined): Socket {
  const isTls = address.protocol === 'https:';
  // An address of version 6 stands in brackets.
  const host = address.hostname.replace(/^\[|\]$/g, '');
  const port = Number(address.port || (isTls ? 443 : 80));
  const place = { host, port, ...(onread ? { onread } : {}) };
  const socket = isTls
    ? connectTls({ ...place, ...(isIP(host) ? {} : { servername: host }), ALPNProtocols: ['http/1.1'] })
    : connectNet(place);
  return socket.setNoDelay(true).setKeepAlive(true, PROBE_AFTER_MS);
}

/** @throws errors of the network by their codes */
export function connected(socket: Socket, { protocol }: URL, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(timeout('connect')), withinMs);
    const end = (error?: Error): void => {
      clearTimeout(timer);
      socket.off('error', end).off('close', closed);
      if (error) reject(error);
      else resolve();
    };
    const closed = (): void => end(coded('The connection ended before it was open.', 'ECONNRESET', 'connect'));
    socket.once('error', end).once('close', closed);
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => end());
  });
}

export interface PlainHead extends Pick<HttpReply, 'status'> {
  /** By their names in small letters. */
  headers: Record<string, string>;
  /** Of the body, in bytes. */
  length: number;
  /** The server ends the connection behind it. */
  isLast: boolean;
}

/**
 * What the head of an answer says that has one length and nothing that would have to be decoded; no provisional one, and
 * none that has no content. Undefined: of another kind.
 */
export function plainHead(head: string | undefined): PlainHead | undefined {
  const [line = '', ...fields] = head?.split('\r\n') ?? [];
  const [, version, code] = /^HTTP\/1\.([01]) ([2-5]\d\d)(?: |$)/.exec(line) ?? [];
  const status = Number(code);
  if (Number.isNaN(status) || WITHOUT_CONTENT.has(status)) return undefined;
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(field) ?? [];
    const key = name?.toLowerCase();
    if (key === undefined || ENCODINGS.has(key) || (key === 'content-length' && key in headers)) return undefined;
    headers[key] = value;
  }
  const length = headers['content-length'] ?? '';
  if (!/^\d{1,15}$/.test(length)) return undefined;
  const isLast = version === '0' || /\bclose\b/i.test(headers.connection ?? '');
  return { status, headers, length: Number(length), isLast };
}

export const timeout = (syscall: 'connect' | 'read'): Error => coded('It took too long to come.', 'ETIMEDOUT', syscall);

export const brokenOff = (): Error => coded('The connection ended before its answer did.', 'ECONNRESET', 'read');

export const closedHere = (): Error => coded('The connection was closed.', 'ECONNABORTED', 'read');

const coded = (message: string, code: string, syscall: string): Error =>
  Object.assign(new Error(message), { code, syscall });
