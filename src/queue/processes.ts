// Marks the class that takes a job off the queue.

import { SetMetadata } from '@nestjs/common';
import type { Job } from './job.js';

export const PROCESSES = 'queue:processes';

/** A provider that does the work of `job`. It may be called again for work that is done already, and by two workers. */
export interface JobProcessor<Payload> {
  process(payload: Payload, signal: AbortSignal): Promise<void>;
}

export const Processes = <Payload>(job: Job<Payload>): ClassDecorator => SetMetadata(PROCESSES, job);
