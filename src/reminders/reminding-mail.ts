// How the mails that remind end, and what becomes of the reminders in them: one alone, or those of a run to one person.

import { rows, type Tx } from '../database/index.js';
import type { UndeliverableDeliveries } from '../deliveries/index.js';
import type { QueuedMail } from '../mail/index.js';
import type { ReminderEnd, RunsStore } from './runs.store.js';

interface NamedDelivery {
  id: string;
  /** When the mail was judged for the last time, before the mail server was spoken to; null: it waits. */
  judgedAt: Date | null;
}

export abstract class ReminderEnds {
  constructor(
    /** The column by which a mail's subject names its reminders. */
    private readonly by: 'id' | 'digest_id',
    private readonly runs: RunsStore,
    private readonly undeliverable: UndeliverableDeliveries,
  ) {}

  handedOverMany(tx: Tx, mails: readonly { mail: QueuedMail; at: Date }[]): Promise<void> {
    return this.settle(
      tx,
      mails.map(({ mail, at }) => ({ id: mail.subjectId, state: 'sent', reason: null, triedAt: at })),
    );
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
