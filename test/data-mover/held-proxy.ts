// Between a client and the dispatch server: passes every call on, and can keep an answer back, or do something before a
// call, in the midst of it, or before its answer. A server that is dead answers nothing here either.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

export class HeldProxy {
  /** Calls of this method and path get no answer, though the server has given one. */
  holds: ((method: string, path: string) => boolean) | undefined;
  /** Waited for before a call is passed on … */
  before: ((method: string, path: string) => Promise<void>) | undefined;
  /** … when half of what it carries has gone … */
  midst: ((method: string, path: string) => Promise<void>) | undefined;
  /** … and before its answer is. */
  after: ((method: string, path: string, answer: string) => Promise<void>) | undefined;
  /** Answers that were kept back. */
  held = 0;
  private readonly server = createServer(
    (request, reply) => void this.pass(request, reply).catch(() => reply.destroy()),
  );

  private constructor(private readonly target: () => string) {}

  /** @param target asked at each call: the server may have been started anew */
  static async before(target: () => string): Promise<HeldProxy> {
    const proxy = new HeldProxy(target);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Every connection to it breaks. */
  cut(): void {
    this.server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async pass(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    await this.before?.(method, path);
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers;
    const answer = await fetch(`${this.target()}${path}`, {
      method,
      headers: headers as Record<string, string>,
      ...(parts.length === 0 ? {} : { body: this.inHalves(method, path, Buffer.concat(parts)), duplex: 'half' }),
    } as RequestInit);
    const body = Buffer.from(await answer.arrayBuffer());
    await this.after?.(method, path, body.toString());
    if (this.holds?.(method, path)) {
      this.held += 1;
      return;
    }
    const told = ['content-type', 'manifest-id'].map((name) => [name, answer.headers.get(name)] as const);
    reply.writeHead(answer.status, {
      ...Object.fromEntries(told.filter(([, value]) => value !== null)),
      date: new Date().toUTCString(),
    } as Record<string, string>);
    reply.end(body);
  }

  private inHalves(method: string, path: string, body: Buffer) {
    const { midst } = this;
    if (!midst) return body;
    const half = body.length >> 1;
    async function* halves(): AsyncGenerator<Buffer> {
      yield body.subarray(0, half);
      await midst?.(method, path);
      yield body.subarray(half);
    }
    return Readable.toWeb(Readable.from(halves()));
  }
}
