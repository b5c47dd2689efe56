// An administrator says of one event whether it counts, against what was recorded; saying the opposite takes it back.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../../audit/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import { type DeliveryFacts, findDelivery } from '../../deliveries/index.js';
import { InvalidFields, NotFound } from '../../http/index.js';
import { isId } from '../../ids/index.js';
import { MailDispatcher } from '../../mail/index.js';
import { Clock } from '../../time/index.js';
import { isCounting } from '../access.rules.js';
import type { OverruleAccess } from '../access.schema.js';
import { AccessStore, holdDeliveries } from '../access.store.js';
import { type Overrule, type OverruledEvent, OverrulesStore } from './overrules.store.js';

@Injectable()
export class OverruleService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(OverrulesStore) private readonly overrules: OverrulesStore,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws NotFound, InvalidFields the event is of a kind that never counts */
  async run(deliveryId: string, eventId: string, { counts, note }: OverruleAccess): Promise<void> {
    await this.transactions.run(async (tx) => {
      const delivery = isId(deliveryId) ? await findDelivery(tx, deliveryId) : undefined;
      if (!delivery) throw new NotFound('delivery');
      await holdDeliveries(tx, delivery);
      const event = isId(eventId) ? await this.overrules.event(tx, deliveryId, eventId) : undefined;
      if (!event) throw new NotFound('event of this delivery');
      if (!isCounting(event.method, event.phase, true, true)) {
        throw new InvalidFields([
          {
            path: 'counts',
            message: `cannot be said of ${event.method} ${event.phase}, which is never access; report the access itself`,
          },
        ]);
      }
      const overrule = { eventId, counts, actor: 'admin', at: this.clock.now() };
      await this.overrule(tx, delivery, event, overrule, note ?? undefined);
    });
    await this.mails.kick();
  }

  /** The deliveries are held. */
  async overrule(
    tx: Tx,
    delivery: DeliveryFacts,
    event: OverruledEvent,
    overrule: Overrule,
    note?: string,
  ): Promise<void> {
    const id = await this.overrules.add(tx, delivery, overrule);
    if (note) await this.access.remark(tx, id, note);
    await this.overrules.recount(tx, delivery);
    if (overrule.counts) await this.access.tellOperator(tx, delivery);
    await this.audit.record(tx, {
      actor: overrule.actor,
      action: 'access.overruled',
      subjectKind: 'delivery',
      subjectId: delivery.id,
      before: { eventId: event.id, counts: event.counts },
      after: { eventId: event.id, counts: overrule.counts },
    });
  }
}
