// A server that answers logons and pings like Mediaflux and everything else with what a test gives it, byte for byte.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';

export const reply = (result: string): string =>
  `<?xml version="1.0" encoding="UTF-8" ?>\n<response><reply type="result"><result>${result}</result></reply></response>`;

export interface Received {
  service: string;
  body: string;
}

export class CannedServer {
  readonly received: Received[] = [];
  private answer: (call: Received, response: ServerResponse) => void = (_, response) => response.end(reply(''));
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private transport: Transport | undefined;

  async start(limits: ConstructorParameters<typeof Transport>[1] = {}): Promise<MediafluxSession> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    this.transport = new Transport(url, limits);
    return new MediafluxSession({
      transport: this.transport,
      credentials: { domain: 'd', user: 'u', password: 'p' },
      random: () => 0,
    });
  }

  /** Answers calls but logons with these results, in order; the last one again and again. */
  results(...results: string[]): void {
    const left = [...results];
    this.answer = (_, response) => response.end(reply((left.length > 1 ? left.shift() : left[0]) ?? ''));
  }

  answers(answer: (call: Received, response: ServerResponse) => void): void {
    this.answer = answer;
  }

  callsOf(service: string): number {
    return this.received.filter((call) => call.service === service).length;
  }

  async close(): Promise<void> {
    await this.transport?.close();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const call = { service: /<service name="([^"]*)"/.exec(body)?.[1] ?? '', body };
    this.received.push(call);
    if (call.service === 'system.logon')
      response.end(reply('<session id="1" timeout="1800" wallet="true"> KEY </session>'));
    else this.answer(call, response);
  }
}
