// Runs as administrators start and see them.

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AuditStore } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { decodeCursor, earlierResult, NotFound, pageOf, pageQuery, type PageQuery } from '../http/index.js';
import { isId } from '../ids/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { JobQueue } from '../queue/index.js';
import { Clock, zonedIso } from '../time/index.js';
import { runReminders } from './reminders.jobs.js';
import { findRun, listRuns, remindersOf, type ShownRun } from './run-records.js';
import { RunsStore } from './runs.store.js';

export const ledgerQuery = pageQuery.extend({
  state: z.enum(['pending', 'sent', 'unknown', 'failed', 'skipped']).optional(),
});
export type LedgerQuery = z.infer<typeof ledgerQuery>;

@Injectable()
export class ReminderRunsService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** A run now, under the same rules; the same one again for the same key. */
  async start(platformId: string, idempotencyKey?: string) {
    const platform = await this.platform(platformId);
    const now = this.clock.now();
    const newId = this.runs.nextId();
    const runId = await this.transactions.run(async (tx) => {
      const call = { scope: `reminder-runs:${platformId}`, key: idempotencyKey, request: {} };
      const earlier = await earlierResult(tx, call, newId);
      if (earlier !== undefined) return earlier;
      await this.runs.createByHand(tx, { id: newId, platformId, now });
      await this.audit.record(tx, {
        actor: 'admin',
        action: 'reminders.run',
        subjectKind: 'platform',
        subjectId: platformId,
        after: { runId: newId },
      });
      return newId;
    });
    await this.queue.add(runReminders, { runId });
    const warnings = platform.reminders.enabled
      ? []
      : ['Reminders of this platform are off. This run reminds all the same; no other comes by itself.'];
    return { ...(await this.get(runId)), warnings };
  }

  async get(runId: string) {
    const run = isId(runId) ? await findRun(this.transactions.pool, runId) : undefined;
    if (!run) throw new NotFound('reminder run');
    return shownRun(run, await this.platform(run.platform_id));
  }

  async list(platformId: string, query: PageQuery) {
    const platform = await this.platform(platformId);
    const before = decodeCursor(query.cursor, ['id'])?.[0] as string | undefined;
    const found = await listRuns(this.transactions.pool, platformId, before, query.limit + 1);
    return pageOf(
      found,
      query.limit,
      (run) => shownRun(run, platform),
      (run) => [run.id],
    );
  }

  /** Every reminder of a run, and what came of it. */
  async ledger(runId: string, query: LedgerQuery) {
    const { pool } = this.transactions;
    const run = isId(runId) ? await findRun(pool, runId) : undefined;
    if (!run) throw new NotFound('reminder run');
    const { timeZone } = await this.platform(run.platform_id);
    const after = decodeCursor(query.cursor, ['id'])?.[0] as string | undefined;
    const found = await remindersOf(pool, runId, query.state, after, query.limit + 1);
    return pageOf(
      found,
      query.limit,
      ({ id: _, sentAt, ...reminder }) => ({ ...reminder, sentAt: sentAt && zonedIso(sentAt, timeZone) }),
      ({ id }) => [id],
    );
  }

  private async platform(id: string): Promise<Platform> {
    const platform = isId(id) ? await findPlatform(this.transactions.pool, id) : undefined;
    if (!platform) throw new NotFound('platform');
    return platform;
  }
}

const shownRun = (run: ShownRun, { timeZone }: Platform) => ({
  id: run.id,
  slot: zonedIso(run.slot, timeZone),
  trigger: run.trigger,
  state: run.state,
  /** Of `GET platforms/{id}/reminders/policy`. */
  policyVersion: run.policy_version,
  createdAt: zonedIso(run.created_at, timeZone),
  finishedAt: run.finished_at && zonedIso(run.finished_at, timeZone),
  /** Why it ended before it had chosen all: `reminders-off`, `next-slot` or, of one by hand, `mediaflux-away`. */
  endReason: run.end_reason,
  reminders: run.counts ?? {},
  /** Whose addresses were told: `shareable`, `project-metadata`, or `fallback` where the latter named none. */
  noticeTo: run.notice_target,
});
