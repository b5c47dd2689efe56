// A small content posted straight, the answers of a raw server to it, and what became of its connections.

import type { Socket } from 'node:net';
import type { Transport } from '../../src/mediaflux/protocol/transport.js';
import { until } from './wait.js';

export const BODY = Buffer.from('a small content');
export const HEADERS = { 'content-type': 'text/plain', 'content-length': String(BODY.length) };

/** An answer of the plainest kind. */
export const answerOf = (body: string, ...fields: string[]): string =>
  ['HTTP/1.1 200 OK', ...fields, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');

/** Status and body. */
export async function answered(transport: Transport, signal?: AbortSignal): Promise<[number, string]> {
  const { status, body } = await transport.postSmall(BODY, HEADERS, { signal });
  return [status, body.toString()];
}

export const unreachable = { name: 'MediafluxError', kind: 'unreachable' };

/** Sooner than an idle connection ends by itself, which is after 30 seconds. */
export const gone = (socket: Socket): Promise<true> =>
  until('the end of a connection', () => socket.closed || undefined, 15_000);
