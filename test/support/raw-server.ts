// A server that answers HTTP byte for byte as a test has it, also what no server of HTTP would, and transports to it.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { createServer as createSecureServer } from 'node:tls';
import type { TransportLimits } from '../../src/mediaflux/protocol/limits.js';
import { Transport } from '../../src/mediaflux/protocol/transport.js';

/** @param request counted from 1 */
export type RawAnswer = (socket: Socket, request: number) => void;

export class RawServer {
  /** Each request, its head and its body. */
  readonly asked: string[] = [];
  readonly sockets: Socket[] = [];
  private readonly transports: Transport[] = [];
  private readonly server: Server;

  private constructor(
    private readonly answer: RawAnswer,
    private readonly secure: { key: Buffer; cert: Buffer } | undefined,
  ) {
    const hear = (socket: Socket): void => this.hear(socket);
    this.server = secure ? createSecureServer(secure, hear) : createServer(hear);
    this.server.on('tlsClientError', () => undefined);
  }

  /** Each request is answered when it is whole. */
  static async start(answer: RawAnswer, secure?: { key: Buffer; cert: Buffer }): Promise<RawServer> {
    const server = new RawServer(answer, secure);
    await once(server.server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `${this.secure ? 'https' : 'http'}://127.0.0.1:${port}/base`;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  /** @param protocol with which it is spoken to, where that is another than it speaks */
  transport(limits: Partial<TransportLimits>, protocol = new URL(this.url).protocol): Transport {
    const transport = new Transport(this.url.replace(/^\w+:/, protocol), limits);
    this.transports.push(transport);
    return transport;
  }

  /** Nobody can connect any more; who has stays. */
  refuse(): void {
    this.server.close();
  }

  /** On everyone who connects from now on. */
  hangUp(): void {
    this.server.on('connection', (socket: Socket) => socket.end());
  }

  async close(): Promise<void> {
    for (const transport of this.transports) await transport.close();
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private hear(socket: Socket): void {
    this.sockets.push(socket.on('error', () => undefined));
    let request = '';
    socket.on('data', (part) => {
      request += part.toString('latin1');
      const headEnd = request.indexOf('\r\n\r\n') + 4;
      const length = Number(/\r\ncontent-length: (\d+)\r\n/.exec(request)?.[1] ?? 0);
      if (headEnd < 4 || request.length < headEnd + length) return;
      this.asked.push(request);
      request = '';
      this.answer(socket, this.asked.length);
    });
  }
}

/** In pieces, each of which the reader, who is in this process, has had its turns to read before the next. */
export async function sendIn(socket: Socket, pieces: readonly (string | Buffer)[]): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    socket.write(piece);
    await turns();
  }
}

/** Until whoever is in this process has had its turns to hear what a connection says. */
export async function turns(): Promise<void> {
  for (let taken = 0; taken < 20; taken += 1) await turn();
}
