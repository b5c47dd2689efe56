// The HTTP proxy of an institution: the only way out of its network, and the only one that knows the names outside. It
// opens tunnels for https and asks itself for http; it may want a user and a password, and refuse to open a tunnel.

import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type IncomingMessage, request as ask, type Server, type ServerResponse } from 'node:http';

export class InstitutionProxy {
  /** What it was asked for, as in `CONNECT mediaflux.example.org:443`. */
  readonly requests: string[] = [];
  /** `user:password` that it wants. */
  wants: string | undefined;
  /** Status that the next tunnels are refused with. */
  refuses: { status: number; times: number } = { status: 403, times: 0 };
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly ports: ReadonlyMap<string, number>,
  ) {
    server.on('connection', (socket: Socket) => this.watch(socket));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.passOn(request, response));
    server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => this.open(request, socket, head));
  }

  /** @param ports at which the servers outside listen here, by host and port as in `mediaflux.example.org:443` */
  static async before(ports: ReadonlyMap<string, number>): Promise<InstitutionProxy> {
    const proxy = new InstitutionProxy(createServer(), ports);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private watch(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }

  private isLetIn({ headers }: IncomingMessage): boolean {
    const wanted = this.wants && `Basic ${Buffer.from(this.wants).toString('base64')}`;
    return wanted === undefined || headers['proxy-authorization'] === wanted;
  }

  private passOn(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const url = new URL(request.url ?? '');
    const port = this.ports.get(`${url.hostname}:${url.port || '80'}`);
    if (!this.isLetIn(request) || port === undefined) {
      request.resume();
      response.writeHead(port === undefined ? 502 : 407, { 'content-type': 'text/html' }).end('<h1>Proxy</h1>');
      return;
    }
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = ask(
      { host: '127.0.0.1', port, path: url.pathname + url.search, method: request.method, headers },
      (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  private open(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.requests.push(`CONNECT ${request.url ?? ''}`);
    const port = this.ports.get(request.url ?? '');
    if (!this.isLetIn(request)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    if (this.refuses.times > 0) {
      this.refuses.times -= 1;
      return void socket.end(`HTTP/1.1 ${this.refuses.status} Refused\r\n\r\n`);
    }
    if (port === undefined) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    this.watch(onward);
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  }
}
