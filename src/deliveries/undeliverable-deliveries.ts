// An address that a mail server refuses for good, at once or by a report later: the delivery is marked, reminders stop,
// and the operator is told once for each link, who can correct the address without a new upload. Where the mail with the
// link was given up for another reason, nothing is marked, but the operator is told too: nobody else knows.

import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../database/index.js';
import { PersonsStore } from '../persons/index.js';
import { whomToTell } from '../uploads/index.js';
import { DeliveriesStore } from './deliveries.store.js';
import { type DeliveryFacts, findDelivery } from './delivery-facts.js';
import { markDelivery } from './delivery-marks.js';

@Injectable()
export class UndeliverableDeliveries {
  constructor(
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
  ) {}

  /** False when it was marked before, or is revoked, so that nobody needs to be told. */
  async mark(tx: Tx, deliveryId: string, at: Date): Promise<boolean> {
    return this.markHeld(tx, await findDelivery(tx, deliveryId, true), at);
  }

  /**
   * The same by a reminder that went at `remindedAt`. One from before the present link's mail was handed over tells of a
   * former link: the address may have been mended since.
   */
  async markReminded(tx: Tx, deliveryId: string, remindedAt: Date, at: Date): Promise<boolean> {
    const facts = await findDelivery(tx, deliveryId, true);
    if (!facts?.handedOverAt || remindedAt < facts.handedOverAt) return false;
    return this.markHeld(tx, facts, at);
  }

  private async markHeld(tx: Tx, facts: DeliveryFacts | undefined, at: Date): Promise<boolean> {
    if (!facts || facts.revokedAt) return false;
    if (!(await markDelivery(tx, facts.id, 'undeliverable_at', at))) return false;
    await this.tell(tx, 'undeliverable', facts);
    return true;
  }

  /** The mail with the present link did not arrive, though the address may be right. The delivery is held. */
  async tellOfGivenUp(tx: Tx, facts: DeliveryFacts): Promise<void> {
    if (facts.revokedAt || facts.goneAt || facts.accessedAt || facts.undeliverableAt) return;
    await this.tell(tx, 'not-delivered', facts);
  }

  /** Once for each link. */
  private async tell(tx: Tx, kind: 'undeliverable' | 'not-delivered', facts: DeliveryFacts): Promise<void> {
    const about = facts.linkGeneration === 0 ? facts.id : `${facts.id}-${facts.linkGeneration}`;
    await this.deliveries.queueOperatorMails(tx, kind, facts.id, await whomToTell(tx, this.persons, facts), about);
  }
}
