// One reminder by hand.

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AuditStore } from '../../audit/index.js';
import { Transactions } from '../../database/index.js';
import { findDelivery } from '../../deliveries/index.js';
import { Conflict, earlierResult, NotFound } from '../../http/index.js';
import { isId } from '../../ids/index.js';
import { MailDispatcher } from '../../mail/index.js';
import { findPlatform } from '../../platforms/index.js';
import { JobQueue } from '../../queue/index.js';
import { Clock } from '../../time/index.js';
import { CandidatesStore } from '../candidates.store.js';
import { DataCheck } from '../data-check.js';
import { NEVER, reasonsAgainst } from '../eligibility.rules.js';
import { policyOf } from '../last-reminders.js';
import { runReminders } from '../reminders.jobs.js';
import { RunsStore } from '../runs.store.js';
import { SelectionStore } from '../selection.store.js';

export const remindByHand = z.strictObject({ confirm: z.boolean().default(false) }).meta({ id: 'RemindByHand' });
export type RemindByHand = z.infer<typeof remindByHand>;

@Injectable()
export class RemindByHandService {
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
   * One reminder by hand: never of what has expired or ended; of what the rules would leave out only when confirmed. Once
   * for the same key.
   *
   * @throws MediafluxError it cannot be asked whether the data are still there
   */
  async run(deliveryId: string, request: RemindByHand, idempotencyKey?: string): Promise<void> {
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
      const chosen = { runId: newId, platform, now };
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
}
