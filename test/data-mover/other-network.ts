// The dispatch server as an instrument's computer sees it from another network: everything is passed on, and Mediaflux has
// another address, where it may be behind a firewall.

import { type AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';

export class OtherNetwork {
  private constructor(private readonly server: Server) {}

  /** @param mediafluxUrl where Mediaflux is seen from there */
  static async before(serverUrl: string, mediafluxUrl: string): Promise<OtherNetwork> {
    const server = createServer((request, response) => {
      void (async () => {
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part as Buffer);
        const { authorization, 'content-type': type } = request.headers;
        const answer = await fetch(`${serverUrl}${request.url ?? ''}`, {
          method: request.method ?? 'GET',
          headers: {
            ...(authorization === undefined ? {} : { authorization }),
            ...(type === undefined ? {} : { 'content-type': type }),
          },
          ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
        });
        const text = await answer.text();
        const body = text === '' ? undefined : (JSON.parse(text) as { mediaflux?: { url: string } });
        if (body?.mediaflux) body.mediaflux.url = mediafluxUrl;
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
        response.end(body === undefined ? '' : JSON.stringify(body));
      })().catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OtherNetwork(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** A port of this computer at which nothing listens. */
export function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
