// Finds the processor of each declared job at start and refuses to start when one is missing or doubled.

import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { declaredJobs, type Job } from './job.js';
import { type JobProcessor, PROCESSES } from './processes.js';

@Injectable()
export class JobProcessors implements OnApplicationBootstrap {
  private readonly logger = new Logger('queue');
  private readonly processors = new Map<string, JobProcessor<unknown>>();
  private readonly stopping = new AbortController();

  constructor(@Inject(DiscoveryService) private readonly discovery: DiscoveryService) {}

  onApplicationBootstrap(): void {
    for (const { instance, metatype } of this.discovery.getProviders()) {
      if (!metatype || !instance) continue;
      const job = Reflect.getMetadata(PROCESSES, metatype) as Job<unknown> | undefined;
      if (!job) continue;
      if (this.processors.has(job.name)) throw new Error(`The job ${job.name} has two processors.`);
      this.processors.set(job.name, instance as JobProcessor<unknown>);
    }
    const orphans = declaredJobs().filter((job) => !this.processors.has(job.name));
    if (orphans.length > 0) throw new Error(`No processor for the job ${orphans.map((job) => job.name).join(', ')}.`);
  }

  /** Does the work of one job; a payload of the wrong shape is refused for good. */
  async run(name: string, data: unknown): Promise<void> {
    const job = declaredJobs().find((candidate) => candidate.name === name);
    const processor = this.processors.get(name);
    if (!job || !processor) {
      this.logger.warn(`A job named ${name} stands in the queue, but this version knows none; it is dropped.`);
      return;
    }
    await processor.process(job.payload.parse(data), this.stopping.signal);
  }

  /** Asks what is running to come to an end; called before the workers close. */
  stop(): void {
    this.stopping.abort(new Error('The program is stopping.'));
  }
}
