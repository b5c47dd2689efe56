// Finds the newest slot of each platform that has no run and makes it, once. The schedule's tick and the sweep go the
// same way: neither trusts the queue's time, both ask which slot is the newest now. A slot that was missed while the
// service was down is so made up for, once; none from before reminders were switched on, and none that is older than the
// newest run, so that a clock that is set back makes nothing again.

import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { JobQueue, type JobProcessor, Processes } from '../queue/index.js';
import { newestSlot } from '../schedule/index.js';
import { Clock } from '../time/index.js';
import { reminderTick, runReminders } from './reminders.jobs.js';
import { RunsStore } from './runs.store.js';

/** A slot found later than this was missed. */
const LATE_AFTER_MS = 60_000;

@Injectable()
@Processes(reminderTick)
export class ReminderPlanner implements JobProcessor<{ platformId: string }> {
  private readonly scheduled = new Map<string, string>();

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async process({ platformId }: { platformId: string }): Promise<void> {
    await this.plan(platformId);
  }

  /** @param newest the newest slot that has a run already, where the caller knows */
  async plan(platformId: string, newest: Date | null = null): Promise<void> {
    const platform = await findPlatform(this.transactions.pool, platformId);
    if (!platform?.reminders.enabled || !platform.reminders.enabledAt) return;
    const now = this.clock.now();
    const slot = newestSlot({ schedule: platform.reminders.schedule, timeZone: platform.timeZone }, now);
    if (!slot || slot <= platform.reminders.enabledAt || (newest && slot <= newest)) return;
    const trigger = now.getTime() - slot.getTime() > LATE_AFTER_MS ? 'made-up' : 'scheduled';
    const runId = await this.transactions.run((tx) => this.runs.create(tx, { platformId, slot, trigger, now }));
    if (runId !== undefined) await this.queue.add(runReminders, { runId });
  }

  /** Every platform, and runs that nobody is at. */
  async sweep(): Promise<void> {
    const platforms = await this.runs.enabledPlatforms(this.transactions.pool);
    for (const { id, newestSlot: newest } of platforms) await this.plan(id, newest);
    for (const runId of await this.runs.unfinished(this.transactions.pool))
      await this.queue.add(runReminders, { runId });
  }

  /** The queue's schedules are as the platforms say; again and again, because a queue may be lost. */
  async keepSchedules(isForced: boolean): Promise<void> {
    const platforms = await this.runs.enabledPlatforms(this.transactions.pool);
    const enabled = new Set(platforms.map(({ id }) => id));
    for (const id of enabled) {
      const platform = await findPlatform(this.transactions.pool, id);
      if (platform) await this.schedule(platform, isForced);
    }
    for (const id of [...this.scheduled.keys()].filter((known) => !enabled.has(known))) await this.unschedule(id);
  }

  async platformChanged(platformId: string): Promise<void> {
    const platform = await findPlatform(this.transactions.pool, platformId);
    if (platform?.reminders.enabled) await this.schedule(platform, true);
    else await this.unschedule(platformId);
  }

  private async schedule(platform: Platform, isForced: boolean): Promise<void> {
    const wanted = `${platform.reminders.schedule} ${platform.timeZone}`;
    if (!isForced && this.scheduled.get(platform.id) === wanted) return;
    await this.queue.schedule(
      reminderTick,
      { platformId: platform.id },
      platform.reminders.schedule,
      platform.timeZone,
    );
    this.scheduled.set(platform.id, wanted);
  }

  private async unschedule(platformId: string): Promise<void> {
    await this.queue.unschedule(reminderTick, { platformId });
    this.scheduled.delete(platformId);
  }
}
