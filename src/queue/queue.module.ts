// BullMQ on PostgreSQL by default, on Redis where one is given. Workers run only where the process is one.

import { BullModule, Processor, WorkerHost } from '@nestjs/bullmq';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Global,
  Inject,
  Injectable,
  Logger,
  Module,
  type Type,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { createPostgresBackend, type Job as BullJob, setDefaultBackendFactory } from 'bullmq';
import { QUEUES, type QueueName } from './job.js';
import { JobProcessors } from './job-processors.js';
import { IS_ON_REDIS, JobQueue } from './job-queue.js';
import { Sweeps } from './sweeps.js';

export interface QueueSettings {
  databaseUrl: string;
  /** Unset: the queue is in PostgreSQL. */
  redisUrl?: string | undefined;
  runsWorkers: boolean;
  /** The longest between two passes of a sweep that finishes work. */
  sweepSeconds: number;
  /** Jobs of a queue that one process does at once; four unless said. */
  atOnce?: Partial<Record<QueueName, number>>;
}

/** Work of a killed worker is taken up within 5 s; kills do not use up a job's chances. */
const WORKER_OPTIONS = { lockDuration: 6_000, stalledInterval: 3_000, maxStalledCount: 1_000 };
const USUALLY_AT_ONCE = 4;

@Global()
@Module({})
export class QueueModule implements BeforeApplicationShutdown {
  constructor(@Inject(JobProcessors) private readonly processors: JobProcessors) {}

  static forRoot(settings: QueueSettings): DynamicModule {
    if (!settings.redisUrl) setDefaultBackendFactory(createPostgresBackend);
    const connection = settings.redisUrl
      ? redisConnection(settings.redisUrl)
      : { connectionString: settings.databaseUrl, migrate: true, max: 2 };
    const workers = settings.runsWorkers ? QUEUES.map((name) => workerOf(name, settings.atOnce?.[name])) : [];
    const sweeps = { provide: Sweeps, useFactory: () => makeSweeps(settings) };
    return {
      module: QueueModule,
      imports: [
        DiscoveryModule,
        BullModule.forRoot({ connection }),
        BullModule.registerQueue(...QUEUES.map((name) => ({ name }))),
      ],
      providers: [
        JobProcessors,
        JobQueue,
        { provide: IS_ON_REDIS, useValue: Boolean(settings.redisUrl) },
        sweeps,
        ...workers,
      ],
      exports: [JobQueue, Sweeps],
    };
  }

  beforeApplicationShutdown(): void {
    this.processors.stop();
  }
}

function makeSweeps({ runsWorkers, sweepSeconds }: QueueSettings): Sweeps {
  const sweeps = new Sweeps(sweepSeconds * 1_000);
  if (runsWorkers) sweeps.enable();
  return sweeps;
}

function redisConnection(url: string) {
  return { url, maxRetriesPerRequest: null };
}

/** One worker for each queue; which class does a job is found by its name. */
function workerOf(queue: QueueName, concurrency = USUALLY_AT_ONCE): Type {
  @Injectable()
  @Processor(queue, { ...WORKER_OPTIONS, concurrency })
  class QueueWorker extends WorkerHost {
    private readonly logger = new Logger('queue');

    constructor(@Inject(JobProcessors) private readonly processors: JobProcessors) {
      super();
    }

    async process(job: BullJob): Promise<void> {
      try {
        await this.processors.run(job.name, job.data);
      } catch (error) {
        this.logger.warn(
          { job: job.name, attempt: job.attemptsMade + 1, err: error },
          'A job failed; it is tried again.',
        );
        // The queue keeps what a job failed with: no text of others, which may repeat what they were given.
        throw new Error(`The job ${job.name} failed; the log says why.`, { cause: error });
      }
    }
  }
  Object.defineProperty(QueueWorker, 'name', { value: `${queue}Worker` });
  return QueueWorker;
}
