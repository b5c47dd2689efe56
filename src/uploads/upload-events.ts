// The state of an upload as server-sent events: what `GET …/uploads/{id}` answers, each time it changes, until the
// upload has ended.

import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ShareableIdentity } from '../auth/index.js';
import { UploadReader } from './upload-reader.js';

const LOOK_EVERY_MS = 500;
const SIGN_OF_LIFE_EVERY = 30;

@Injectable()
export class UploadEvents implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(@Inject(UploadReader) private readonly reader: UploadReader) {}

  async run(shareable: ShareableIdentity, id: string, reply: FastifyReply): Promise<void> {
    let shown = JSON.stringify(await this.reader.get(shareable, id));
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    stream.write(`data: ${shown}\n\n`);
    for (let looks = 1; !stream.destroyed && !isOver(shown) && !this.stopping.signal.aborted; looks += 1) {
      await delay(LOOK_EVERY_MS, undefined, { signal: this.stopping.signal }).catch((error: unknown) => {
        if (!this.stopping.signal.aborted) throw error;
      });
      const now = JSON.stringify(await this.reader.get(shareable, id));
      if (now !== shown) stream.write(`data: ${now}\n\n`);
      else if (looks % SIGN_OF_LIFE_EVERY === 0) stream.write(': still there\n\n');
      shown = now;
    }
    stream.end();
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }
}

const isOver = (shown: string): boolean =>
  ['complete', 'abandoned'].includes((JSON.parse(shown) as { state: string }).state);
