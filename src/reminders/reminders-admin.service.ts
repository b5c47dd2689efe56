// Previews, runs by hand, one reminder by hand.

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AuditStore } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { findDelivery } from '../deliveries/index.js';
import {
  Conflict,
  decodeCursor,
  earlierResult,
  NotFound,
  pageOf,
  pageQuery,
  type PageQuery,
  queriedMoment,
} from '../http/index.js';
import { isId } from '../ids/index.js';
import { MailDispatcher } from '../mail/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { JobQueue } from '../queue/index.js';
import { newestSlot, nextSlot } from '../schedule/index.js';
import { Clock, durationMs, zonedIso } from '../time/index.js';
import { CandidatesStore } from './candidates.store.js';
import { DataCheck } from './data-check.js';
import { departureOf } from './departures.js';
import { isLast, NEVER, reasonsAgainst } from './eligibility.rules.js';
import { runReminders } from './reminders.jobs.js';
import { findRun, listRuns, remindersOf, type ShownRun } from './run-records.js';
import { RunsStore } from './runs.store.js';
import { SelectionStore } from './selection.store.js';

export const previewQuery = pageQuery.extend({
  at: queriedMoment.optional(),
});
export type PreviewQuery = z.infer<typeof previewQuery>;

export const ledgerQuery = pageQuery.extend({
  state: z.enum(['pending', 'sent', 'unknown', 'failed', 'skipped']).optional(),
});
export type LedgerQuery = z.infer<typeof ledgerQuery>;

export const remindByHand = z.strictObject({ confirm: z.boolean().default(false) }).meta({ id: 'RemindByHand' });
export type RemindByHand = z.infer<typeof remindByHand>;

@Injectable()
export class RemindersAdminService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(CandidatesStore) private readonly candidates: CandidatesStore,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(SelectionStore) private readonly selection: SelectionStore,
    @Inject(DataCheck) private readonly dataCheck: DataCheck,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Who would be reminded at a moment, when each mail would go, and why each other delivery would not. Of a moment that
   * has passed as the records tell it now: what happened after it does not count, but links end when they end now. Each
   * list has a cursor of its own.
   */
  async preview(platformId: string, query: PreviewQuery) {
    const platform = await this.platform(platformId);
    const now = query.at === undefined ? this.clock.now() : new Date(query.at);
    const schedule = { schedule: platform.reminders.schedule, timeZone: platform.timeZone };
    const slot = newestSlot(schedule, now);
    const next = nextSlot(schedule, now);
    const after = decodeCursor(query.cursor, ['id'])?.[0] as string | undefined;
    const { pool } = this.transactions;
    const due = await this.candidates.page(pool, platform, now, true, after, query.limit + 1);
    const notDue = await this.candidates.page(pool, platform, now, false, after, query.limit + 1);
    return {
      slot: slot ? zonedIso(slot, platform.timeZone) : null,
      due: pageOf(
        due,
        query.limit,
        ({ id, recipient, expiresAt }) => ({
          deliveryId: id,
          recipient,
          expiresAt: expiresAt && zonedIso(expiresAt, platform.timeZone),
          last: expiresAt !== null && isLast(expiresAt, next),
          goesAt: expiresAt && zonedIso(departureOf(platform, now, expiresAt), platform.timeZone),
        }),
        ({ id }) => [id],
      ),
      notDue: pageOf(
        notDue,
        query.limit,
        ({ id, reason }) => ({ deliveryId: id, reason }),
        ({ id }) => [id],
      ),
    };
  }

  /** A run now, under the same rules; the same one again for the same key. */
  async run(platformId: string, idempotencyKey?: string) {
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

  /**
   * One reminder by hand: never of what has expired or ended; of what the rules would leave out only when confirmed. Once
   * for the same key.
   *
   * @throws MediafluxError it cannot be asked whether the data are still there
   */
  async remind(deliveryId: string, request: RemindByHand, idempotencyKey?: string): Promise<void> {
    const newId = this.runs.nextId();
    if (isId(deliveryId)) await this.dataCheck.ofDelivery(deliveryId);
    const runId = await this.transactions.run(async (tx) => {
      const delivery = isId(deliveryId) ? await findDelivery(tx, deliveryId, true) : undefined;
      const platform = delivery && (await findPlatform(tx, delivery.platformId));
      if (!delivery || !platform) throw new NotFound('delivery');
      const call = { scope: `remind:${deliveryId}`, key: idempotencyKey, request };
      const earlier = await earlierResult(tx, call, newId);
      if (earlier !== undefined) return earlier;
      const now = this.clock.now();
      const candidate = await this.candidates.lock(tx, deliveryId, now);
      if (!candidate?.expiresAt) throw new Conflict('The mail with the links has not been handed over yet.');
      const against = reasonsAgainst(candidate, policyOf(platform), now);
      const never = against.find((reason) => NEVER.includes(reason));
      if (never !== undefined) throw new Conflict(`This delivery is not to be reminded: ${never}.`);
      if (against.length > 0 && !request.confirm)
        throw new Conflict(
          `This delivery is not to be reminded: ${against.join(', ')}. Send {"confirm": true} to do it all the same.`,
        );
      await this.runs.createByHand(tx, { id: newId, platformId: platform.id, now });
      const next = nextSlot({ schedule: platform.reminders.schedule, timeZone: platform.timeZone }, now);
      const chosen = { runId: newId, platform, now, nextSlot: next };
      if (!(await this.selection.one(tx, chosen, deliveryId, against)))
        throw new Conflict('This delivery has expired meanwhile.');
      await this.runs.setState(tx, newId, 'sending', now);
      await this.audit.record(tx, {
        actor: 'admin',
        action: 'delivery.reminded',
        subjectKind: 'delivery',
        subjectId: deliveryId,
        after: { runId: newId, ...(against.length === 0 ? {} : { setAside: against }) },
      });
      return newId;
    });
    await this.mails.kick();
    await this.queue.add(runReminders, { runId });
  }

  private async platform(id: string): Promise<Platform> {
    const platform = isId(id) ? await findPlatform(this.transactions.pool, id) : undefined;
    if (!platform) throw new NotFound('platform');
    return platform;
  }
}

const policyOf = (platform: Platform) => ({
  minimumAgeMs: durationMs(platform.reminders.minimumAge),
  minimumSpacingMs: durationMs(platform.reminders.minimumSpacing),
  maxReminders: platform.reminders.maxReminders,
});

const shownRun = (run: ShownRun, { timeZone }: Platform) => ({
  id: run.id,
  slot: zonedIso(run.slot, timeZone),
  trigger: run.trigger,
  state: run.state,
  /** Of `GET platforms/{id}/reminders/policy`. */
  policyVersion: run.policy_version,
  createdAt: zonedIso(run.created_at, timeZone),
  finishedAt: run.finished_at && zonedIso(run.finished_at, timeZone),
  reminders: run.counts ?? {},
  /** Whose addresses were told: `shareable`, `project-metadata`, or `fallback` where the latter named none. */
  noticeTo: run.notice_target,
});
