// `Prefer: wait=20` (RFC 7240, section 4.3) of an upload that is compared: its answer comes when that is over or cannot go on
// yet, or when so many seconds have passed. Whoever waits so need not ask again and again to hear of it at once.

import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Transactions } from '../../database/index.js';
import { pause } from '../../time/index.js';
import { UploadsStore } from '../uploads.store.js';

const LONGEST_WAIT_MS = 30_000;
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
/** Between two looks, of the time that was waited. */
const PART_OF_WAIT = 0.05;

@Injectable()
export class UploadWaits implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(UploadsStore) private readonly uploads: UploadsStore,
  ) {}

  /** At once where the request does not ask for it. @param request its sender may go away meanwhile */
  async untilCompared(uploadId: string, request: FastifyRequest): Promise<void> {
    const { signal } = this.stopping;
    const start = performance.now();
    const wait = waitAskedMs(request.headers['prefer']);
    for (let waited = 0; waited < wait && !signal.aborted; waited = performance.now() - start) {
      if (request.raw.socket.destroyed || !(await this.uploads.isCompared(this.transactions.pool, uploadId))) return;
      await pause(
        Math.min(Math.max(waited * PART_OF_WAIT, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS, wait - waited),
        signal,
      );
    }
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }
}

/** 0: it is not asked for. */
function waitAskedMs(prefer: string | string[] | undefined): number {
  const asked = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(String(prefer ?? ''))?.[1];
  return Math.min(Number(asked ?? 0) * 1_000, LONGEST_WAIT_MS);
}
