// An address that a mail server refuses for good, at once or by a report later: the delivery is marked, reminders stop,
// and the operator is told once for each link, who can correct the address without a new upload.

import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../database/index.js';
import { operatorsOf } from '../uploads/index.js';
import { DeliveriesStore } from './deliveries.store.js';
import { type DeliveryFacts, findDelivery } from './delivery-facts.js';

@Injectable()
export class UndeliverableDeliveries {
  constructor(@Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore) {}

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
    if (!(await this.deliveries.mark(tx, facts.id, 'undeliverable_at', at))) return false;
    await this.deliveries.queueOperatorMails(
      tx,
      'undeliverable',
      facts.id,
      await operatorsOf(tx, facts.uploadId),
      facts.linkGeneration === 0 ? facts.id : `${facts.id}-${facts.linkGeneration}`,
    );
    return true;
  }
}
