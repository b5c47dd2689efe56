// A delivery as administrators see it. Contract "Administrator".

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, Transactions } from '../database/index.js';
import { NotFound } from '../http/index.js';
import { isId } from '../ids/index.js';
import { Clock, zonedIso } from '../time/index.js';
import type { DeliverySummary } from '../uploads/index.js';
import { deliveriesOfUpload, type DeliveryFacts, findDelivery } from './delivery-facts.js';
import { deliveryState } from './delivery-state.rules.js';
import { ExtensionRequestsStore } from './extensions/extension-requests.store.js';
import { furthestPhases } from './method-phases.js';

interface ReminderRow {
  run_id: string;
  slot: Date;
  state: string;
  sent_at: Date | null;
  message_id: string;
  reason: string | null;
  /** While its mail waits: for the end of quiet hours, or for its next try. */
  goes_at: Date | null;
}

interface EventRow {
  id: string;
  method: string;
  phase: string;
  counts: boolean;
  at: Date;
  details: { scanner?: boolean; doubts?: string[]; hiddenLink?: boolean; reported?: boolean };
  program: string | null;
  remark: string | null;
  overruled_at: Date | null;
  overruled_by: string | null;
  overruled_remark: string | null;
}

@Injectable()
export class DeliveryReader {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ExtensionRequestsStore) private readonly requests: ExtensionRequestsStore,
  ) {}

  async get(id: string) {
    const facts = isId(id) ? await findDelivery(this.transactions.pool, id) : undefined;
    if (!facts) throw new NotFound('delivery');
    const at = (moment: Date | null): string | null => moment && zonedIso(moment, facts.timeZone);
    const events = await this.events(id);
    return {
      ...this.summary(facts),
      uploadId: facts.uploadId,
      ordinal: facts.ordinal,
      dispatchedAt: at(facts.handedOverAt),
      accessedAt: at(facts.accessedAt),
      doneAt: at(facts.doneAt),
      optedOutAt: at(facts.optedOutAt),
      undeliverableAt: at(facts.undeliverableAt),
      revokedAt: at(facts.revokedAt),
      methods: await furthestPhases(this.transactions.pool, facts),
      reminders: (await this.reminders(id)).map((reminder) => ({
        runId: reminder.run_id,
        slot: at(reminder.slot),
        state: reminder.state,
        sentAt: at(reminder.sent_at),
        messageId: reminder.message_id,
        ...(reminder.reason === null ? {} : { reason: reminder.reason }),
        ...(reminder.goes_at === null ? {} : { goesAt: at(reminder.goes_at) }),
      })),
      events: events.map((event) => ({
        id: event.id,
        method: event.method,
        phase: event.phase,
        at: at(event.at),
        counts: event.counts,
        client: event.program,
        doubts: event.details.doubts ?? [],
        ...(event.details.scanner ? { scanner: true } : {}),
        ...(event.details.hiddenLink ? { hiddenLink: true } : {}),
        ...(event.details.reported ? { reported: true } : {}),
        ...(event.remark === null ? {} : { remark: event.remark }),
        ...(event.overruled_at === null
          ? {}
          : { overruled: { by: event.overruled_by, at: at(event.overruled_at), note: event.overruled_remark } }),
      })),
      extensionRequests: (await this.requests.ofDelivery(this.transactions.pool, id)).map((request) => ({
        id: request.id,
        state: request.state,
        reason: request.reason,
        linkLifetime: request.linkLifetime,
        requestedAt: at(request.requestedAt),
        decidedAt: at(request.decidedAt),
      })),
    };
  }

  async ofUpload(uploadId: string): Promise<DeliverySummary[]> {
    return (await deliveriesOfUpload(this.transactions.pool, uploadId)).map((facts) => this.summary(facts));
  }

  async summaryOf(id: string): Promise<DeliverySummary> {
    const facts = await findDelivery(this.transactions.pool, id);
    if (!facts) throw new NotFound('delivery');
    return this.summary(facts);
  }

  /** Is the delivery one of an upload that this shareable began, and how long ago was that completed? */
  async completedAtFor(shareableId: string, uploadId: string): Promise<Date | null | undefined> {
    if (!isId(uploadId)) return undefined;
    const found = await row<{ completed_at: Date | null }>(
      this.transactions.pool,
      'select completed_at from upload where id = $1 and shareable_id = $2',
      [uploadId, shareableId],
    );
    return found?.completed_at;
  }

  private summary(facts: DeliveryFacts): DeliverySummary {
    return {
      id: facts.id,
      recipient: facts.recipient,
      state: deliveryState(facts, this.clock.now()),
      expiresAt: facts.expiresAt && zonedIso(facts.expiresAt, facts.timeZone),
    };
  }

  private reminders(id: string): Promise<ReminderRow[]> {
    return rows<ReminderRow>(
      this.transactions.pool,
      `select r.run_id, n.slot, r.state, r.sent_at, r.message_id, r.reason,
              (select max(m.next_attempt_at)
                 from mail_outbox m
                where m.kind in ('reminder', 'reminder-digest')
                  and m.subject_id in (r.id, r.digest_id)
                  and m.state = 'pending'
                  and r.state = 'pending') as goes_at
         from reminder r
         join reminder_run n on n.id = r.run_id
        where r.delivery_id = $1
        order by n.slot, r.id`,
      [id],
    );
  }

  private events(id: string): Promise<EventRow[]> {
    return rows<EventRow>(
      this.transactions.pool,
      `select e.id, e.method, e.phase, e.counts, e.at, e.details, c.program, e.overruled_at, e.overruled_by,
              (select remark from access_remark where subject_id = e.id) as remark,
              (select remark from access_remark where subject_id = e.overrule_id) as overruled_remark
         from judged_access e
         left join access_client c on c.event_id = e.id
        where e.delivery_id = $1
        order by e.at, e.id
        limit 1000`,
      [id],
    );
  }
}
