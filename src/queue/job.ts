// A job is declared as data beside its payload: ids only, never a token or an address. The key keeps the same work
// from standing in the queue twice; the database's constraints are the last word, and a sweep can always put a job back.

import type { z } from 'zod';

export const QUEUES = ['uploads', 'deliveries', 'mail', 'copies', 'reminders'] as const;
export type QueueName = (typeof QUEUES)[number];

export interface Job<Payload> {
  queue: QueueName;
  name: string;
  payload: z.ZodType<Payload>;
  /** Equal keys are one job while one waits. Letters, digits and `-`. */
  key(payload: Payload): string;
}

const declared = new Map<string, Job<unknown>>();

/** Declares a job. Each needs exactly one `@Processes(job)` class, or the program does not start. */
export function defineJob<Payload>(job: Job<Payload>): Job<Payload> {
  if (declared.has(job.name)) throw new Error(`The job ${job.name} is declared twice.`);
  declared.set(job.name, job);
  return job;
}

export const declaredJobs = (): Job<unknown>[] => [...declared.values()];
