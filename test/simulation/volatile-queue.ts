// The queue of the simulation: jobs and schedules in memory, shared by all servers, and lost whenever the world says so.

import { JobQueue } from '../../src/queue/index.js';

export interface WaitingJob {
  name: string;
  key: string;
  payload: unknown;
}

export class VolatileQueue extends JobQueue {
  private readonly jobs = new Map<string, WaitingJob>();
  private readonly schedules = new Map<string, WaitingJob & { pattern: string; timeZone: string }>();

  constructor() {
    super(undefined as never, false);
  }

  override add<Payload>(job: { name: string; key(payload: Payload): string }, payload: Payload): Promise<void> {
    const key = `${job.name} ${job.key(payload)}`;
    this.jobs.set(key, { name: job.name, key, payload });
    return Promise.resolve();
  }

  override schedule<Payload>(
    job: { name: string; key(payload: Payload): string },
    payload: Payload,
    pattern: string,
    timeZone: string,
  ): Promise<void> {
    const key = job.key(payload);
    this.schedules.set(key, { name: job.name, key: `${job.name} ${key}`, payload, pattern, timeZone });
    return Promise.resolve();
  }

  override unschedule<Payload>(job: { key(payload: Payload): string }, payload: Payload): Promise<void> {
    this.schedules.delete(job.key(payload));
    return Promise.resolve();
  }

  /** A moment of the schedule has come: its job stands in the queue, if the schedule is known and as it should be. */
  tick(key: string, pattern: string, timeZone: string): boolean {
    const schedule = this.schedules.get(key);
    if (schedule?.pattern !== pattern || schedule.timeZone !== timeZone) return false;
    this.jobs.set(schedule.key, schedule);
    return true;
  }

  take(): WaitingJob | undefined {
    const [first] = this.jobs.values();
    if (first) this.jobs.delete(first.key);
    return first;
  }

  /** Another server takes the same job too. */
  putAgain(job: WaitingJob): void {
    this.jobs.set(job.key, job);
  }

  get size(): number {
    return this.jobs.size;
  }

  loseAll(): void {
    this.jobs.clear();
    this.schedules.clear();
  }
}
