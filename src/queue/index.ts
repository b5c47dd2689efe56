export { defineJob } from './job.js';
export { type JobProcessor, Processes } from './processes.js';
export { JobQueue } from './job-queue.js';
export { QueueModule } from './queue.module.js';
export { Sweeps } from './sweeps.js';
export { underLease } from './under-lease.js';
