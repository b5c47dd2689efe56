// Requests byte for byte, on sockets of the tests' own.

import { createConnection } from 'node:net';

export interface Received {
  head: string;
  body: Buffer;
}

/** In place of a part: waits for something to be answered before the next. */
export const ANSWER = Symbol('answer');

/** Sends the parts, each once the one before has left, and answers what came until the other side closed. */
export async function untilClosed(url: string, ...parts: (string | Buffer | typeof ANSWER)[]): Promise<Received> {
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
  const received: Buffer[] = [];
  socket.on('data', (part) => received.push(part));
  const answered = new Promise<void>((resolve) => socket.once('data', () => resolve()));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()).on('error', () => undefined));
  for (const part of parts) {
    if (part === ANSWER) await answered;
    else await new Promise<void>((resolve) => socket.write(part, () => resolve()));
  }
  await closed;
  const whole = Buffer.concat(received);
  const end = whole.indexOf('\r\n\r\n');
  return end < 0
    ? { head: whole.toString('latin1'), body: Buffer.alloc(0) }
    : { head: whole.subarray(0, end).toString('latin1'), body: whole.subarray(end + 4) };
}

export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
export const post = (type: string, body: Buffer, length = body.length): Buffer =>
  Buffer.concat([
    Buffer.from(
      `POST /__mflux_svc__ HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`,
    ),
    body,
  ]);
