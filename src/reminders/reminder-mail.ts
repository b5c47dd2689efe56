// The reminder itself. Whether it may still go is asked again just before it is handed over, in the statement that claims
// it: whatever happened since the selection counts.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../database/index.js';
import { DeliveryLinks, DispatchMail, UndeliverableDeliveries } from '../deliveries/index.js';
import { type ClaimedMail, type HandOverClaim, type MailKind, MailKinds } from '../mail/index.js';
import { ReminderClaimsStore } from './reminder-claims.store.js';
import { ReminderEnds } from './reminder-ends.js';
import { reminderLetter } from './reminder-letter.js';
import { remindedOf } from './reminded.js';
import { RunsStore } from './runs.store.js';

@Injectable()
export class ReminderMail extends ReminderEnds implements MailKind, OnModuleInit {
  readonly kind = 'reminder';

  constructor(
    @Inject(ReminderClaimsStore) private readonly claims: ReminderClaimsStore,
    @Inject(RunsStore) runs: RunsStore,
    @Inject(DispatchMail) private readonly dispatch: DispatchMail,
    @Inject(DeliveryLinks) private readonly links: DeliveryLinks,
    @Inject(UndeliverableDeliveries) undeliverable: UndeliverableDeliveries,
    @Inject(MailKinds) private readonly kinds: MailKinds,
  ) {
    super('id', runs, undeliverable);
  }

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
}
