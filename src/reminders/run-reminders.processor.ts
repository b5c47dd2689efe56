// One run: looks whether the data are still there, selects whom to remind in pages, each page with its mails in one
// transaction, and finishes when every mail has ended. Each step may be repeated: the ledger is unique.

import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions, type Tx } from '../database/index.js';
import { MailDispatcher } from '../mail/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { type JobProcessor, Processes, underLease } from '../queue/index.js';
import { Clock, isTimeZone } from '../time/index.js';
import { chooseAll } from './choose-all.js';
import { DataCheck } from './data-check.js';
import { slotsOf } from './last-reminders.js';
import { OperatorNotices } from './notices/operator-notices.service.js';
import { runReminders } from './reminders.jobs.js';
import { type ClaimedRun, type EndReason, type RunProgress, type RunRow, RunsStore } from './runs.store.js';
import { type Selection, SelectionStore } from './selection.store.js';
import { isSwitchedOff, judgeWaiting } from './switched-off.js';
import { Waits } from './waits.js';

const RENEW_EVERY_MS = 5_000;
/** Whoever started a run by hand is no longer expecting it then. */
const LONGEST_WAIT_BY_HAND_MS = 24 * 3_600_000;

class RunLost extends Error {
  constructor() {
    super('The lease on a reminder run was lost; another worker goes on with it.');
  }
}

@Injectable()
@Processes(runReminders)
export class RunRemindersProcessor implements JobProcessor<{ runId: string }> {
  private readonly logger = new Logger('reminders');
  private readonly waits = new Waits();

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(SelectionStore) private readonly selection: SelectionStore,
    @Inject(DataCheck) private readonly dataCheck: DataCheck,
    @Inject(OperatorNotices) private readonly notices: OperatorNotices,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async process({ runId }: { runId: string }, signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    if (this.waits.isTooSoon(runId, this.clock.now())) return;
    const run = await this.runs.claim(pool, runId);
    if (!run) return;
    const lease = {
      renewEveryMs: RENEW_EVERY_MS,
      renew: () => this.renew(run),
      release: () => this.runs.release(pool, run),
    };
    try {
      await underLease(lease, signal, (isOurs) => this.goOn(run, isOurs));
    } catch (error) {
      if (!(error instanceof RunLost)) throw error;
      this.logger.warn({ runId }, error.message);
    }
  }

  private async renew(run: ClaimedRun): Promise<Error | undefined> {
    try {
      return (await this.runs.renew(this.transactions.pool, run)) ? undefined : new RunLost();
    } catch (error) {
      this.logger.warn(
        { runId: run.id, err: error },
        'The lease on a reminder run was not renewed; another worker may go on with it.',
      );
      return undefined;
    }
  }

  private async goOn(run: RunRow, signal: AbortSignal): Promise<void> {
    const { pool } = this.transactions;
    const isOff = await isSwitchedOff(pool, run.id);
    if (run.state !== 'sending') {
      const platform = await findPlatform(pool, run.platform_id);
      const now = this.clock.now();
      if (!platform) return this.runs.setState(pool, run.id, 'cancelled', now);
      const early = isOff ? 'reminders-off' : this.earlyEnd(platform, run, now);
      if (early) return this.endEarly(platform, run, early);
      if (!isTimeZone(platform.timeZone) && run.trigger !== 'by-hand')
        return this.waitsOn(run, 'The time zone of a platform is not known to this server; its reminder run waits.');
      const progress = await this.runs.begin(pool, run.id, now);
      if (!(await this.isDataChecked(platform, run, progress, signal))) return;
      this.goesOn(run, 'A reminder run goes on: Mediaflux was asked whether the data are still there.');
      const wanted = (): Selection => ({ runId: run.id, platform, judgedAt: progress.judgedAt, now: this.clock.now() });
      await chooseAll(this.selection, this.transactions, wanted, signal);
      await this.allChosen(platform, run.id, (tx) => this.runs.setState(tx, run.id, 'sending', this.clock.now()));
      await this.mails.kick();
    } else if (isOff && (await judgeWaiting(pool, run.id, this.clock.now()))) await this.mails.kick();
    if (await this.runs.isAnyPending(pool, run.id)) return;
    await this.finish(run);
  }

  private allChosen(platform: Platform, runId: string, note: (tx: Tx) => Promise<void>): Promise<void> {
    return this.transactions.run(async (tx) => {
      await this.selection.queueDigests(tx, { runId, platform, now: this.clock.now() });
      await note(tx);
    });
  }

  private endEarly(platform: Platform, run: RunRow, reason: EndReason): Promise<void> {
    this.waits.ended(run.id);
    const now = this.clock.now();
    return this.allChosen(platform, run.id, (tx) => this.runs.endEarly(tx, run.id, reason, now));
  }

  /** Where the operator's address stands in Mediaflux and that is away, the sweep comes back to it. */
  private async finish(run: RunRow): Promise<void> {
    try {
      await this.notices.finish(run);
      this.goesOn(run, 'The notice of a reminder run goes on: Mediaflux was asked for the address in the metadata.');
    } catch (error) {
      if (!isMediafluxError(error)) throw error;
      this.waitsOn(
        run,
        "Mediaflux cannot be asked for the address in the project's metadata; the notice of a reminder run waits.",
      );
    }
  }

  /**
   * A run waits within its slot only: a newer slot has a run of its own, unless it is from before the schedule was changed.
   * One by hand has no slot: it waits for a day.
   */
  private earlyEnd(platform: Platform, run: RunRow, now: Date): 'next-slot' | undefined {
    if (run.trigger === 'by-hand') return undefined;
    const since = Math.max(run.slot.getTime(), platform.reminders.enabledAt?.getTime() ?? 0);
    const next = slotsOf(platform)?.(new Date(since + 1));
    return next !== undefined && now >= next ? 'next-slot' : undefined;
  }

  /** While Mediaflux is away the run waits; the sweep comes back to it. */
  private async isDataChecked(
    platform: Platform,
    run: RunRow,
    progress: RunProgress,
    signal: AbortSignal,
  ): Promise<boolean> {
    try {
      await this.dataCheck.run(platform, run.id, progress, signal);
      return true;
    } catch (error) {
      if (!isMediafluxError(error)) throw error;
      const waitedMs = this.clock.now().getTime() - run.slot.getTime();
      if (run.trigger !== 'by-hand' || waitedMs < LONGEST_WAIT_BY_HAND_MS)
        this.waitsOn(run, 'Mediaflux cannot be asked whether the data are still there; the reminder run waits.');
      else {
        this.logger.warn(
          { platformId: run.platform_id, runId: run.id },
          'Mediaflux was away for a day; a reminder run by hand ends. Start another when Mediaflux is back.',
        );
        await this.endEarly(platform, run, 'mediaflux-away');
      }
      return false;
    }
  }

  private waitsOn(run: RunRow, message: string): void {
    if (this.waits.failed(run.id, this.clock.now()))
      this.logger.warn({ platformId: run.platform_id, runId: run.id }, message);
  }

  private goesOn(run: RunRow, message: string): void {
    const wait = this.waits.ended(run.id);
    if (!wait) return;
    const waitedSeconds = Math.round((this.clock.now().getTime() - wait.since.getTime()) / 1_000);
    this.logger.log({ platformId: run.platform_id, runId: run.id, failures: wait.failures, waitedSeconds }, message);
  }

  /** Again and again from the start until nobody is left: an expiry that moves must not slip past a page. */
}
