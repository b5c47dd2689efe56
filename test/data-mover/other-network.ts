// The dispatch server as an instrument's computer sees it from another network: everything is passed on, and Mediaflux has
// another address, where it may be behind a firewall.

import { type AddressInfo } from 'node:net';
import { createServer, type IncomingMessage, type Server } from 'node:http';

export class OtherNetwork {
  private constructor(private readonly server: Server) {}

  /** @param mediafluxUrl where Mediaflux is seen from there */
  static async before(serverUrl: string, mediafluxUrl: string): Promise<OtherNetwork> {
    const server = createServer((request, response) => {
      void (async () => {
        const sent = await whole(request);
        const { authorization, 'content-type': type } = request.headers;
        const answer = await fetch(`${serverUrl}${request.url ?? ''}`, {
          method: request.method ?? 'GET',
          headers: {
            ...(authorization === undefined ? {} : { authorization }),
            ...(type === undefined ? {} : { 'content-type': type }),
          },
          ...(sent.length === 0 ? {} : { body: new Uint8Array(sent) }),
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

/**
 * What stands between a computer and Mediaflux and changes a byte of what passes: of contents that go there, or come back.
 */
export async function alteringProxy(
  mediafluxUrl: string,
  way: 'there' | 'back',
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void (async () => {
      const isContent = request.url?.startsWith('/mflux/content.mfjp') ?? false;
      const isUpload = request.headers['content-type']?.startsWith('multipart/') ?? false;
      const sent = await whole(request);
      if (way === 'there' && isUpload) flip(sent, sent.length - 1_000);
      const { host: _, connection: __, 'transfer-encoding': ___, 'content-length': ____, ...headers } = request.headers;
      const answer = await fetch(`${mediafluxUrl}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(sent.length === 0 ? {} : { body: new Uint8Array(sent) }),
      });
      const got = Buffer.from(await answer.arrayBuffer());
      if (way === 'back' && isContent) flip(got, 0);
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' });
      response.end(got);
    })().catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function whole(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function flip(bytes: Buffer, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
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
