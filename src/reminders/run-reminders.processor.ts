// One run: looks whether the data are still there, selects whom to remind in pages, each page with its mails in one
// transaction, and finishes when every mail has ended. Each step may be repeated: the ledger is unique.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { MailDispatcher } from '../mail/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { type JobProcessor, Processes } from '../queue/index.js';
import { nextSlot } from '../schedule/index.js';
import { Clock } from '../time/index.js';
import { CandidatesStore } from './candidates.store.js';
import { DataCheck } from './data-check.js';
import { isLast } from './eligibility.rules.js';
import { OperatorNotices } from './operator-notices.js';
import { runReminders } from './reminders.jobs.js';
import { type RunRow, RunsStore } from './runs.store.js';

const PAGE = 500;
const RENEW_EVERY_MS = 5_000;

@Injectable()
@Processes(runReminders)
export class RunRemindersProcessor implements JobProcessor<{ runId: string }> {
  private readonly logger = new Logger('reminders');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(CandidatesStore) private readonly candidates: CandidatesStore,
    @Inject(DataCheck) private readonly dataCheck: DataCheck,
    @Inject(OperatorNotices) private readonly notices: OperatorNotices,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async process({ runId }: { runId: string }, signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    const run = await this.runs.claim(pool, runId);
    if (!run) return;
    const renewing = setInterval(() => {
      this.runs.renew(pool, runId).catch((error: unknown) => {
        this.logger.warn(
          { runId, err: error },
          'The lease on a reminder run was not renewed; another worker may go on with it.',
        );
      });
    }, RENEW_EVERY_MS);
    try {
      await this.goOn(run, signal);
    } finally {
      clearInterval(renewing);
      await this.runs.release(pool, runId);
    }
  }

  private async goOn(run: RunRow, signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    if (run.state !== 'sending') {
      const platform = await findPlatform(pool, run.platform_id);
      if (!platform || (!platform.reminders.enabled && run.trigger !== 'by-hand'))
        return this.runs.setState(pool, run.id, 'cancelled');
      if (run.trigger !== 'by-hand' && this.isOver(platform, run))
        return this.runs.setState(pool, run.id, 'superseded');
      if (!(await this.isDataChecked(platform, signal))) return;
      await this.select(platform, run, signal);
      await this.runs.setState(pool, run.id, 'sending');
      await this.mails.kick();
    }
    if ((await this.runs.pendingIn(pool, run.id)) > 0) return;
    await this.notices.finish(run);
  }

  /** A run waits within its slot only: a newer slot has a run of its own. */
  private isOver(platform: Platform, run: RunRow): boolean {
    const next = nextSlot({ schedule: platform.reminders.schedule, timeZone: platform.timeZone }, run.slot);
    return next !== undefined && this.clock.now() >= next;
  }

  /** While Mediaflux is away the run waits; the sweep comes back to it. */
  private async isDataChecked(platform: Platform, signal: AbortSignal): Promise<boolean> {
    try {
      await this.dataCheck.run(platform.id, signal);
      return true;
    } catch (error) {
      if (!isMediafluxError(error)) throw error;
      this.logger.warn(
        { platformId: platform.id },
        'Mediaflux cannot be asked whether the data are still there; the reminder run waits.',
      );
      return false;
    }
  }

  private async select(platform: Platform, run: RunRow, signal: AbortSignal): Promise<void> {
    for (let after: string | undefined; ;) {
      signal.throwIfAborted();
      const page = await this.transactions.run(async (tx) => {
        const now = this.clock.now();
        const due = await this.candidates.page(tx, platform, now, true, after, PAGE);
        const next = nextSlot({ schedule: platform.reminders.schedule, timeZone: platform.timeZone }, now);
        for (const { id, personId, expiresAt } of due) {
          if (expiresAt) await this.runs.addReminder(tx, run.id, { id, personId, expiresAt }, isLast(expiresAt, next));
        }
        return due;
      });
      after = page.at(-1)?.id;
      if (page.length < PAGE) return;
    }
  }
}
