// The state of an upload as server-sent events: what `GET …/uploads/{id}` answers, each time it changes, until
// nothing more is to come: it was given up, or it is complete and its deliveries have been made.

import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ShareableIdentity } from '../../auth/index.js';
import { pause } from '../../time/index.js';
import { UploadReader } from '../shown/upload-reader.js';

const LOOK_EVERY_MS = 500;
const SIGN_OF_LIFE_EVERY = 30;
/** So many looks at a complete upload without deliveries: those that are held may never be made. */
const LOOKS_FOR_DELIVERIES = 240;

@Injectable()
export class UploadEvents implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(@Inject(UploadReader) private readonly reader: UploadReader) {}

  async run(shareable: ShareableIdentity, id: string, reply: FastifyReply): Promise<void> {
    let look = await this.look(shareable, id);
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    if (reply.request.method === 'HEAD') {
      stream.end();
      return;
    }
    stream.write(`data: ${look.shown}\n\n`);
    let looksForDeliveries = 0;
    for (let looks = 1; !stream.destroyed && !look.isOver && !this.stopping.signal.aborted; looks += 1) {
      await pause(LOOK_EVERY_MS, this.stopping.signal);
      const now = await this.look(shareable, id);
      if (now.shown !== look.shown) stream.write(`data: ${now.shown}\n\n`);
      else if (looks % SIGN_OF_LIFE_EVERY === 0) stream.write(': still there\n\n');
      look = now;
      if (look.isComplete && (looksForDeliveries += 1) >= LOOKS_FOR_DELIVERIES) break;
    }
    stream.end();
  }

  /** Whether it is over is asked before its view is made: what is shown last holds all that was there by then. */
  private async look(
    shareable: ShareableIdentity,
    id: string,
  ): Promise<{ shown: string; isComplete: boolean; isOver: boolean }> {
    const upload = await this.reader.own(shareable, id);
    const isComplete = upload.state === 'complete';
    return {
      shown: JSON.stringify(await this.reader.view(upload)),
      isComplete,
      isOver: upload.state === 'abandoned' || (isComplete && upload.dispatched_at !== null),
    };
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }
}
