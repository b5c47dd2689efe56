// Between clients and Mediaflux: counts the bytes that go there, and can be away.

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export class CountingProxy {
  /** Towards Mediaflux. */
  bytes = 0;
  isAway = false;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => this.pass(client));

  private constructor(private readonly target: URL) {}

  static async before(url: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Every connection breaks, as when a network does. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private pass(client: Socket): void {
    if (this.isAway) return void client.destroy();
    const mediaflux = connect(Number(this.target.port), this.target.hostname);
    for (const socket of [client, mediaflux]) {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        mediaflux.destroy();
      });
    }
    client.on('data', (part: Buffer) => (this.bytes += part.length));
    client.pipe(mediaflux);
    mediaflux.pipe(client);
  }
}
