// Between everybody and Mediaflux: passes everything on, and learns every session key and token that Mediaflux gives, so
// that a test knows them all.

import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Secrets } from './secrets.js';

/** Replies with a key or a token in them are short. */
const MOST_LISTENED_TO = 64 * 1024;

export class MediafluxEar {
  /** What came with each request, contents left out. */
  readonly headers: IncomingMessage['headers'][] = [];
  private readonly server = createServer((request, response) => this.pass(request, response));

  private constructor(
    private readonly target: URL,
    private readonly secrets: Secrets,
  ) {}

  static async before(url: string, secrets: Secrets): Promise<MediafluxEar> {
    const ear = new MediafluxEar(new URL(url), secrets);
    await new Promise<void>((resolve) => ear.server.listen(0, '127.0.0.1', resolve));
    return ear;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    this.headers.push(request.headers);
    const { hostname, port } = this.target;
    const onward = ask({ hostname, port, path: request.url, method: request.method, headers: request.headers });
    onward.on('response', (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      let heard = '';
      reply.on('data', (part: Buffer) => {
        if (heard.length < MOST_LISTENED_TO) heard += part.toString('latin1');
      });
      // Learned before the client has the whole of it, and can do anything with it.
      reply.once('end', () => this.learn(heard));
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  private learn(reply: string): void {
    for (const [, text = ''] of reply.matchAll(/<session(?: [^>]*)?>\s*([^<\s]{8,})\s*<\/session>/g))
      this.secrets.add('credential', 'a Mediaflux session', text);
    for (const [, text = ''] of reply.matchAll(/<token(?: [^>]*)?>\s*([^<\s]{8,})\s*<\/token>/g))
      this.secrets.add('credential', 'a Mediaflux token', text);
  }
}
