// A server that answers logons and pings like Mediaflux and everything else with what a test gives it, byte for byte.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';

export const reply = (result: string): string =>
  `<?xml version="1.0" encoding="UTF-8" ?>\n<response><reply type="result"><result>${result}</result></reply></response>`;

export const errorReply = (message: string, cause = ''): string =>
  `<?xml version="1.0" encoding="UTF-8" ?>\n<response><reply type="error"><server><version>4.16.082</version></server><error>arc.mf.server.Services$ExServiceError</error><sclass>java.lang.Throwable</sclass><message>${message}</message><stack></stack>${cause}</reply></response>`;

export interface Received {
  service: string;
  /** Path and query. */
  address: string;
  body: string;
  headers: IncomingMessage['headers'];
}

type Answer = (call: Received, response: ServerResponse) => void;
type SessionOptions = ConstructorParameters<typeof MediafluxSession>[0];

export class CannedServer {
  readonly received: Received[] = [];
  /** Connections that were ever made to it. */
  connections = 0;
  url = '';
  private logons = 0;
  private answer: Answer = (_, response) => response.end(reply(''));
  private logonAnswer: Answer | undefined;
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private readonly transports: Transport[] = [];

  /** A session with it; it listens from the first on. */
  async start(
    limits: ConstructorParameters<typeof Transport>[1] = {},
    options: Partial<SessionOptions> = {},
  ): Promise<MediafluxSession> {
    if (!this.server.listening) {
      this.server.on('connection', () => (this.connections += 1));
      await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
      this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }
    const transport = new Transport(this.url, limits);
    this.transports.push(transport);
    return new MediafluxSession({
      transport,
      credentials: { domain: 'd', user: 'u', password: 'p' },
      random: () => 0,
      ...options,
    });
  }

  /** Answers calls but logons with these results, in order; the last one again and again. */
  results(...results: string[]): void {
    this.bodies(...results.map(reply));
  }

  /** One list in batches, through an iterator; undefined for a batch that never comes. Other calls have an empty result. */
  answersList(...batches: (string | undefined)[]): void {
    this.answer = (call, response) => {
      const isNext = call.service === 'asset.query.iterate';
      const result = isNext ? batches.shift() : call.service === 'asset.query' ? '<iterator>1</iterator>' : '';
      if (result !== undefined) response.end(reply(result));
    };
  }

  /** As `results`, with whole answers. */
  bodies(...bodies: string[]): void {
    const left = [...bodies];
    this.answer = (_, response) => response.end(left.length > 1 ? left.shift() : left[0]);
  }

  /** The document of a call, the last one first, without its declaration and without `args` that are empty. */
  request(back = 1): string {
    const body = this.received.at(-back)?.body ?? '';
    return body.replace('<?xml version="1.0" encoding="UTF-8"?>\n', '').replace('<args></args>', '');
  }

  answers(answer: Answer): void {
    this.answer = answer;
  }

  /** Undefined: a new session each time, with the keys `KEY1`, `KEY2`, … */
  answersLogons(answer: Answer | undefined): void {
    this.logonAnswer = answer;
  }

  callsOf(service: string): number {
    return this.received.filter((call) => call.service === service).length;
  }

  async close(): Promise<void> {
    for (const transport of this.transports) await transport.close();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      // The client went away in the middle of its request, as some tests have it do.
      return;
    }
    const body = Buffer.concat(parts).toString('utf8');
    const { url: address = '', headers } = request;
    const call = { service: /<service name="([^"]*)"/.exec(body)?.[1] ?? '', address, body, headers };
    this.received.push(call);
    if (call.service !== 'system.logon') this.answer(call, response);
    else if (this.logonAnswer) this.logonAnswer(call, response);
    else {
      this.logons += 1;
      response.end(reply(`<session id="${this.logons}" timeout="1800" wallet="true"> KEY${this.logons} </session>`));
    }
  }
}
