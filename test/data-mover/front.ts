// In front of a server: passes everything on, but for what a test has answered in its place, as proxies and logon pages
// do; and lets a test do something first, when it is known what comes next.

import { type AddressInfo } from 'node:net';
import { createServer, type IncomingMessage, request as ask, type Server, type ServerResponse } from 'node:http';

export interface Instead {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export class Front {
  /** Method and path of what came. */
  readonly requests: string[] = [];
  /** Longer requests are refused when they begin, as proxies do. */
  longestBytes = Infinity;
  /** Whoever prefers to wait for an answer is cut off, as some proxies do. */
  isImpatient = false;
  cutOff = 0;
  private readonly answers: { of: RegExp; times: number; instead: Instead }[] = [];
  private readonly works: { of: RegExp; times: number; work: () => Promise<void> }[] = [];
  private failure: { error: unknown } | undefined;
  private readonly server: Server;

  private constructor(private readonly target: URL) {
    this.server = createServer((request, response) => {
      const what = `${request.method ?? ''} ${request.url ?? ''}`;
      this.requests.push(what);
      const first = this.works.find(({ of, times }) => times > 0 && of.test(what));
      if (!first) return this.pass(request, response, what);
      first.times -= 1;
      first.work().then(
        () => this.pass(request, response, what),
        (error: unknown) => {
          this.failure = { error };
          response.destroy();
        },
      );
    });
  }

  static async before(url: string): Promise<Front> {
    const front = new Front(new URL(url));
    await new Promise<void>((resolve) => front.server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** So many of the next requests of this kind, as in `POST /api/v1/uploads`, get this answer. */
  answer(of: RegExp, instead: Instead, times = 1): void {
    this.answers.push({ of, times, instead });
  }

  /** Done before so many of the next requests of this kind are passed on. */
  doFirst(of: RegExp, work: () => Promise<void>, times = 1): void {
    this.works.push({ of, times, work });
  }

  asked(of: RegExp): number {
    return this.requests.filter((what) => of.test(what)).length;
  }

  clear(): void {
    this.answers.length = 0;
    this.works.length = 0;
    this.requests.length = 0;
    this.isImpatient = false;
    this.cutOff = 0;
  }

  /** @throws what went wrong in work that was to be done before a request */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    if (this.failure) throw this.failure.error;
  }

  private pass(request: IncomingMessage, response: ServerResponse, what: string): void {
    const answer = this.answers.find(({ of, times }) => times > 0 && of.test(what));
    if (answer) {
      answer.times -= 1;
      const { status, headers = {}, body = '' } = answer.instead;
      request.resume();
      response.writeHead(status, headers).end(body);
      return;
    }
    if (Number(request.headers['content-length'] ?? 0) > this.longestBytes) {
      response.writeHead(413, { 'content-type': 'text/html', connection: 'close' }).end('<h1>413</h1>');
      return;
    }
    if (this.isImpatient && request.headers['prefer'] !== undefined) {
      this.cutOff += 1;
      response.writeHead(504, { 'content-type': 'text/html' }).end('<h1>504</h1>');
      return;
    }
    const { hostname, port } = this.target;
    const { host: _, ...headers } = request.headers;
    const onward = ask({ hostname, port, path: request.url, method: request.method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }
}

/** As the dispatch server tells trouble. */
export const problem = (status: number, detail: string, headers: Record<string, string> = {}): Instead => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify({ status, detail }),
});
