// What all mails that remind share, of one delivery or of several: they are registered as a kind, and what becomes of the
// mail becomes of the reminders in it.

import { Inject, type OnModuleInit } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';
import { DeliveryLinks, DispatchMail, UndeliverableDeliveries } from '../deliveries/index.js';
import { type ClaimedMail, type HandOverClaim, type MailKind, MailKinds, type QueuedMail } from '../mail/index.js';
import { ReminderClaimsStore } from './reminder-claims.store.js';
import { type ReminderEnd, RunsStore } from './runs.store.js';

interface NamedDelivery {
  id: string;
  /** When the mail was judged for the last time, before the mail server was spoken to; null: it waits. */
  judgedAt: Date | null;
}

export abstract class RemindingMail implements MailKind, OnModuleInit {
  abstract readonly kind: string;
  /** The column by which a mail's subject names its reminders. */
  protected abstract readonly by: 'id' | 'digest_id';

  constructor(
    @Inject(ReminderClaimsStore) protected readonly claims: ReminderClaimsStore,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(DispatchMail) protected readonly dispatch: DispatchMail,
    @Inject(DeliveryLinks) protected readonly links: DeliveryLinks,
    @Inject(UndeliverableDeliveries) private readonly undeliverable: UndeliverableDeliveries,
    @Inject(MailKinds) private readonly kinds: MailKinds,
  ) {}

  onModuleInit(): void {
    this.kinds.register(this);
  }

  abstract claim(tx: Tx, mails: readonly ClaimedMail[], now: Date): Promise<Map<string, HandOverClaim>>;

  get recordHandOver(): string {
    return `
      update reminder r
         set state = 'sent', tried_at = h.at, sent_at = h.at
        from handed_over h
       where r.${this.by} = h.subject_id
         and r.state = 'pending'`;
  }

  skipped(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.settle(tx, [{ id: mail.subjectId, state: 'skipped', reason, triedAt: null }]);
  }

  unknown(tx: Tx, mail: QueuedMail, at: Date): Promise<void> {
    const reason = 'the hand-over was interrupted';
    return this.settle(tx, [{ id: mail.subjectId, state: 'unknown', reason, triedAt: at }]);
  }

  failed(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.settle(tx, [{ id: mail.subjectId, state: 'failed', reason, triedAt: null }]);
  }

  async refused(tx: Tx, mail: QueuedMail, reason: string, at: Date): Promise<void> {
    await this.failed(tx, mail, reason);
    await this.bounced(tx, mail, at);
  }

  /** Every delivery that the mail named and that has got no other mail since. */
  async bounced(tx: Tx, mail: QueuedMail, at: Date): Promise<boolean> {
    let isNew = false;
    for (const { id, judgedAt } of await this.named(tx, mail))
      if (judgedAt) isNew = (await this.undeliverable.markReminded(tx, id, judgedAt, at)) || isNew;
    return isNew;
  }

  /** The first of those that it named. */
  async deliveryOf(tx: Tx, mail: QueuedMail): Promise<string | undefined> {
    return (await this.named(tx, mail))[0]?.id;
  }

  /** In the order in which others hold them. */
  private named(tx: Tx, mail: QueuedMail): Promise<NamedDelivery[]> {
    return rows(
      tx,
      `select r.delivery_id as id, m.handing_over_since as "judgedAt"
         from mail_outbox m
         join reminder r on r.${this.by} = m.subject_id
        where m.id = $1
          and r.state <> 'skipped'
        order by r.delivery_id`,
      [mail.id],
    );
  }

  private settle(tx: Tx, ends: readonly ReminderEnd[]): Promise<void> {
    return this.runs.settle(tx, ends, this.by);
  }
}
