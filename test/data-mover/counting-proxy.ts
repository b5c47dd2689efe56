// Between clients and Mediaflux: counts the bytes that go there, can be away, can damage a content on its way, and can let
// a long answer stand still.

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export class CountingProxy {
  /** Towards Mediaflux. */
  bytes = 0;
  isAway = false;
  private toDamage: Buffer | undefined;
  private awaited: { bytes: number; reached: () => void }[] = [];
  private most = Infinity;
  private waiting: (() => void)[] = [];
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

  /** Ends as soon as so many bytes have gone: what waits for it goes on before the next of them. */
  reaches(bytes: number): Promise<void> {
    return new Promise((reached) => {
      if (this.bytes >= bytes) reached();
      else this.awaited.push({ bytes, reached });
    });
  }

  /** Turns a byte round where `content` comes by next, which goes in one write. */
  damageOnce(content: Buffer): void {
    this.toDamage = content;
  }

  /** No more bytes than this come back on one connection until it is set higher, or a connection is new. */
  set mostBack(bytes: number) {
    this.most = bytes;
    for (const goOn of this.waiting.splice(0)) goOn();
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
    client.on('data', (part: Buffer) => {
      this.bytes += part.length;
      this.damage(part);
      for (const one of this.awaited) if (this.bytes >= one.bytes) one.reached();
      this.awaited = this.awaited.filter((one) => this.bytes < one.bytes);
    });
    client.pipe(mediaflux);
    mediaflux.pipe(this.back()).pipe(client);
  }

  private back(): Transform {
    let bytes = 0;
    const pass = (part: Buffer, done: (error: null, part: Buffer) => void): void => {
      if (bytes > this.most) this.waiting.push(() => pass(part, done));
      else {
        bytes += part.length;
        done(null, part);
      }
    };
    return new Transform({ transform: (part: Buffer, _, done) => pass(part, done) });
  }

  /** Before it is passed on. */
  private damage(part: Buffer): void {
    const at = this.toDamage ? part.indexOf(this.toDamage) : -1;
    if (at < 0) return;
    part.writeUInt8(part.readUInt8(at) ^ 0xff, at);
    this.toDamage = undefined;
  }
}
