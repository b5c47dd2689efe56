// The reminder itself. Whether it may still go is asked again just before it is handed over, in the statement that claims
// it: whatever happened since the selection counts.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { row, type Tx } from '../database/index.js';
import { DeliveryLinks, DispatchMail, UndeliverableDeliveries } from '../deliveries/index.js';
import { type ClaimedMail, type HandOverClaim, type MailKind, MailKinds, type QueuedMail } from '../mail/index.js';
import { ReminderClaimsStore } from './reminder-claims.store.js';
import { reminderLetter } from './reminder-letter.js';
import { remindedOf } from './reminded.js';
import { RunsStore } from './runs.store.js';

@Injectable()
export class ReminderMail implements MailKind, OnModuleInit {
  readonly kind = 'reminder';

  constructor(
    @Inject(ReminderClaimsStore) private readonly claims: ReminderClaimsStore,
    @Inject(RunsStore) private readonly runs: RunsStore,
    @Inject(DispatchMail) private readonly dispatch: DispatchMail,
    @Inject(DeliveryLinks) private readonly links: DeliveryLinks,
    @Inject(UndeliverableDeliveries) private readonly undeliverable: UndeliverableDeliveries,
    @Inject(MailKinds) private readonly kinds: MailKinds,
  ) {}

  onModuleInit(): void {
    this.kinds.register(this);
  }

  async claim(tx: Tx, mails: readonly ClaimedMail[], now: Date): Promise<Map<string, HandOverClaim>> {
    const claims = await this.claims.claim(tx, 'reminder', mails, now);
    const reminded = await remindedOf(tx, claims, now);
    const wait = await this.claims.putOff(
      tx,
      claims.map(({ mailId, deliveryId }) => ({ mailId, all: [reminded.get(deliveryId ?? '')] })),
      now,
    );
    const judged = new Map<string, HandOverClaim>();
    for (const { mailId, because, deliveryId } of claims) {
      if (wait.has(mailId)) continue;
      if (because !== null) judged.set(mailId, { skip: because });
      else {
        const one = reminded.get(deliveryId ?? '');
        if (!one) throw new Error('A delivery that was claimed cannot be read.');
        const write = () => reminderLetter(one, now, this.links, this.dispatch);
        judged.set(mailId, { recipient: one.facts.recipient, write });
      }
    }
    return judged;
  }

  handedOverMany(tx: Tx, mails: readonly { mail: QueuedMail; at: Date }[]): Promise<void> {
    return this.runs.settle(
      tx,
      mails.map(({ mail, at }) => ({ id: mail.subjectId, state: 'sent', reason: null, triedAt: at })),
    );
  }

  skipped(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.runs.settle(tx, [{ id: mail.subjectId, state: 'skipped', reason, triedAt: null }]);
  }

  unknown(tx: Tx, mail: QueuedMail, at: Date): Promise<void> {
    const reason = 'the hand-over was interrupted';
    return this.runs.settle(tx, [{ id: mail.subjectId, state: 'unknown', reason, triedAt: at }]);
  }

  failed(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.runs.settle(tx, [{ id: mail.subjectId, state: 'failed', reason, triedAt: null }]);
  }

  async refused(tx: Tx, mail: QueuedMail, reason: string, at: Date): Promise<void> {
    await this.failed(tx, mail, reason);
    await this.bounced(tx, mail, at);
  }

  async bounced(tx: Tx, mail: QueuedMail, at: Date): Promise<boolean> {
    const deliveryId = await this.deliveryOf(tx, mail);
    return deliveryId !== undefined && (await this.undeliverable.mark(tx, deliveryId, at));
  }

  async deliveryOf(tx: Tx, mail: QueuedMail): Promise<string | undefined> {
    const reminder = await row<{ delivery_id: string }>(tx, 'select delivery_id from reminder where id = $1', [
      mail.subjectId,
    ]);
    return reminder?.delivery_id;
  }
}
