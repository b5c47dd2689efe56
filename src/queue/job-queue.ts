// Puts jobs in the queue and keeps schedules. Whoever adds a job has written its reason into the database first, so
// that losing the whole queue loses no work.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, QueueName } from './job.js';

/** Is the queue on Redis? Otherwise it is in PostgreSQL. */
export const IS_ON_REDIS = Symbol('IS_ON_REDIS');

/** A Redis that is away takes what it was asked when it is back; nobody is kept waiting for that. */
const LONGEST_WAIT_MS = 2_000;

@Injectable()
export class JobQueue {
  private readonly logger = new Logger('queue');

  constructor(
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(IS_ON_REDIS) private readonly isOnRedis: boolean,
  ) {}

  /** Does the queue's Redis answer? Undefined where the queue is in PostgreSQL. */
  async check(): Promise<{ ready: boolean; detail?: string } | undefined> {
    if (!this.isOnRedis) return undefined;
    const isThere = await inTime(this.queue('mail').getWaitingCount()).catch(() => 'too long');
    if (isThere !== 'too long') return { ready: true };
    return { ready: false, detail: 'Redis cannot be reached; jobs wait, and what it lost is found by sweeps.' };
  }

  /** Adds the job, unless one with its key waits already. What the queue cannot take now is not waited for. */
  async add<Payload>(job: Job<Payload>, payload: Payload): Promise<void> {
    await this.answered(
      job.name,
      this.queue(job.queue).add(job.name, payload, {
        deduplication: { id: job.key(payload), keepLastIfActive: true },
        removeOnComplete: true,
        removeOnFail: { age: 7 * 86_400, count: 1_000 },
        attempts: 8,
        backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
      }),
    );
  }

  /** Fires `job` by a cron pattern in a time zone, once however many processes ask for it. */
  async schedule<Payload>(job: Job<Payload>, payload: Payload, pattern: string, timeZone: string): Promise<void> {
    try {
      await this.answered(
        job.name,
        this.queue(job.queue).upsertJobScheduler(
          `${job.name}-${job.key(payload)}`,
          { pattern, tz: timeZone },
          { name: job.name, data: payload, opts: { removeOnComplete: true, removeOnFail: { count: 100 } } },
        ),
      );
    } catch (error) {
      // Several processes setting one schedule at the same moment: one of them has it, which is what was wanted.
      if (!(error instanceof Error && /job scheduler iteration - job ID already exists/.test(error.message)))
        throw error;
    }
  }

  async unschedule<Payload>(job: Job<Payload>, payload: Payload): Promise<void> {
    await this.answered(job.name, this.queue(job.queue).removeJobScheduler(`${job.name}-${job.key(payload)}`));
  }

  /** @throws Error what the queue refuses while it is waited for */
  private async answered(job: string, asked: Promise<unknown>): Promise<void> {
    if ((await inTime(asked)) !== 'too long') return;
    this.logger.warn({ job }, 'The queue does not answer; the job is taken up when it does, or by a sweep.');
    asked.catch((error: unknown) => {
      this.logger.warn({ job, err: error }, 'The queue did not take a job; a sweep takes it up.');
    });
  }

  private queue(name: QueueName): Queue {
    return this.modules.get<Queue>(getQueueToken(name), { strict: false });
  }
}

async function inTime<T>(asked: Promise<T>): Promise<T | 'too long'> {
  const waiting = new AbortController();
  const tooLong = delay(LONGEST_WAIT_MS, 'too long' as const, { signal: waiting.signal, ref: false });
  try {
    return await Promise.race([asked, tooLong.catch(() => 'too long' as const)]);
  } finally {
    waiting.abort();
  }
}
