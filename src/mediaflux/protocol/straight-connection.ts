// Connections that are used without the HTTP client, and the heads of the answers on them.

import { connect as connectNet, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { HttpReply } from './http-reply.js';

export const LONGEST_HEAD_BYTES = 16 * 1024;
export const HEAD_END = '\r\n\r\n';
const PROBE_AFTER_MS = 60_000;
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 304]);
const ENCODINGS = ['transfer-encoding', 'content-encoding'];

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

export interface AnswerHead extends Pick<HttpReply, 'status'> {
  /** By their names in small letters; of several of one name all, with commas. */
  headers: Record<string, string>;
  /** Of the body, in bytes; undefined: it is not told, or the body would have to be decoded, or there is none. */
  length: number | undefined;
  /** The server ends the connection behind it. */
  isLast: boolean;
}

/** Undefined: it is not the head of a final answer. */
export function answerHead(head: string | undefined): AnswerHead | undefined {
  const [line = '', ...fields] = head?.split('\r\n') ?? [];
  const [, version, code] = /^HTTP\/1\.([01]) ([2-5]\d\d)(?: |$)/.exec(line) ?? [];
  if (code === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(field) ?? [];
    if (name === undefined) return undefined;
    const key = name.toLowerCase();
    const former = headers[key];
    headers[key] = former === undefined ? value : `${former}, ${value}`;
  }
  const status = Number(code);
  const isLast = version === '0' || /\bclose\b/i.test(headers.connection ?? '');
  return { status, headers, length: lengthOf(status, headers), isLast };
}

/** Two lengths, also of one name, are none. */
function lengthOf(status: number, headers: Readonly<Record<string, string>>): number | undefined {
  if (WITHOUT_CONTENT.has(status) || ENCODINGS.some((name) => name in headers)) return undefined;
  const length = headers['content-length'] ?? '';
  return /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

export const timeout = (syscall: 'connect' | 'read'): Error => coded('It took too long to come.', 'ETIMEDOUT', syscall);

export const brokenOff = (): Error => coded('The connection ended before its answer did.', 'ECONNRESET', 'read');

export const closedHere = (): Error => coded('The connection was closed.', 'ECONNABORTED', 'read');

const coded = (message: string, code: string, syscall: string): Error =>
  Object.assign(new Error(message), { code, syscall });
