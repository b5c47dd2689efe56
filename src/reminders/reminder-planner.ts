// Finds the newest slot of each platform that has no run and makes it, once. The schedule's tick and the sweep go the
// same way: neither trusts the queue's time, both ask which slot is the newest now. A slot that was missed while the
// service was down is so made up for, once; none from before reminders were switched on, and none that is older than the
// newest run, so that a clock that is set back makes nothing again.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { JobQueue, type JobProcessor, Processes } from '../queue/index.js';
import { newestSlot, type Schedule, slotLabel } from '../schedule/index.js';
import { Clock } from '../time/index.js';
import { reminderTick, runReminders } from './reminders.jobs.js';
import { RunsStore } from './runs.store.js';
import { SlotsStore } from './slots.store.js';

/** A slot found later than this was missed. */
const LATE_AFTER_MS = 60_000;

@Injectable()
@Processes(reminderTick)
export class ReminderPlanner implements JobProcessor<{ platformId: string }> {
  private readonly logger = new Logger('reminders');
  private readonly scheduled = new Map<string, string>();
  /** Platforms whose slots could not be looked for the last time. */
  private readonly failing = new Set<string>();

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(SlotsStore) private readonly slots: SlotsStore,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  process({ platformId }: { platformId: string }): Promise<void> {
    return this.planAlone(platformId, null);
  }

  /** @param newest the newest slot up to now that has a run already, where the caller knows */
  async plan(platformId: string, newest: Date | null = null): Promise<void> {
    const { pool } = this.transactions;
    const seen = await findPlatform(pool, platformId);
    const due = seen && dueSlot(seen, this.clock.now());
    if (!due || (newest && due <= newest) || (await this.slots.hasRun(pool, platformId, due))) return;
    const runId = await this.transactions.run(async (tx) => {
      // Held, so that two servers whose zone data differ do not make two runs of one slot.
      const platform = await findPlatform(tx, platformId, true);
      if (!platform) return undefined;
      const now = this.clock.now();
      const slot = dueSlot(platform, now);
      if (!slot) return undefined;
      const schedule = scheduleOf(platform);
      if (await this.slots.isDone(tx, platformId, schedule, slot, now)) return undefined;
      const trigger = now.getTime() - slot.getTime() > LATE_AFTER_MS ? 'made-up' : 'scheduled';
      return this.runs.create(tx, { platformId, slot, trigger, now, label: slotLabel(schedule, slot) });
    });
    if (runId !== undefined) await this.queue.add(runReminders, { runId });
  }

  /** Every platform, and runs that nobody is at. */
  async sweep(): Promise<void> {
    const platforms = await this.slots.enabledPlatforms(this.transactions.pool, this.clock.now());
    for (const { id, newestSlot: newest } of platforms) await this.planAlone(id, newest);
    for (const runId of await this.runs.unfinished(this.transactions.pool))
      await this.queue.add(runReminders, { runId });
  }

  /** What is wrong with one platform, told when it begins and when it is over, keeps no other from its runs. */
  private async planAlone(platformId: string, newest: Date | null): Promise<void> {
    try {
      await this.plan(platformId, newest);
      if (this.failing.delete(platformId))
        this.logger.log({ platformId }, 'The slots of a platform can be worked out again; it has its reminder runs.');
    } catch (error) {
      if (!this.failing.has(platformId))
        this.logger.error(
          { platformId, err: error },
          'The slots of a platform cannot be worked out; it has no reminder runs until they can. Others have theirs.',
        );
      this.failing.add(platformId);
    }
  }

  /** The queue's schedules are as the platforms say; again and again, because a queue may be lost. */
  async keepSchedules(isForced: boolean): Promise<void> {
    const platforms = await this.slots.enabledPlatforms(this.transactions.pool, this.clock.now());
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

  /** Where the queue cannot take a schedule (it reads fewer patterns than we do), the sweep finds its slots all the same. */
  private async schedule(platform: Platform, isForced: boolean): Promise<void> {
    const { schedule, timeZone } = scheduleOf(platform);
    const wanted = `${schedule} ${timeZone}`;
    const isKnown = this.scheduled.get(platform.id) === wanted;
    if (isKnown && !isForced) return;
    try {
      await this.queue.schedule(reminderTick, { platformId: platform.id }, schedule, timeZone);
    } catch (error) {
      if (!isKnown)
        this.logger.warn(
          { platformId: platform.id, err: error },
          'The queue did not take the schedule of reminders; their runs begin up to some seconds after their slots.',
        );
    }
    this.scheduled.set(platform.id, wanted);
  }

  private async unschedule(platformId: string): Promise<void> {
    await this.queue.unschedule(reminderTick, { platformId });
    this.scheduled.delete(platformId);
  }
}

const scheduleOf = ({ reminders: { schedule }, timeZone }: Platform): Schedule => ({ schedule, timeZone });

/** The newest slot since reminders are on by this schedule. */
function dueSlot(platform: Platform, now: Date): Date | undefined {
  const { enabled, enabledAt } = platform.reminders;
  if (!enabled || !enabledAt) return undefined;
  const slot = newestSlot(scheduleOf(platform), now);
  return slot && slot > enabledAt ? slot : undefined;
}
