// An end user whose link has expired asks for more time: one open request at most, of which the operator is told.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../../audit/index.js';
import { LinkGone, type LinkIdentity } from '../../auth/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import { Conflict, NotFound } from '../../http/index.js';
import { Ids } from '../../ids/index.js';
import { MailDispatcher } from '../../mail/index.js';
import { PersonsStore } from '../../persons/index.js';
import { Clock } from '../../time/index.js';
import { whomToTell } from '../../uploads/index.js';
import { DeliveriesStore } from '../deliveries.store.js';
import { type DeliveryFacts, findDelivery } from '../delivery-facts.js';
import { deliveryState } from '../delivery-state.rules.js';
import { AskedTooSoon } from './extensions.errors.js';
import { ExtensionRequestsStore } from './extension-requests.store.js';

/** After a request was declined, the next can be made so much later: each is a mail to the operator. */
const AGAIN_AFTER_MS = 86_400_000;

@Injectable()
export class MoreTimeService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ExtensionRequestsStore) private readonly requests: ExtensionRequestsStore,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Makes the request, or leaves the open one as it is. Answers when it was made; undefined: it was not taken.
   * @param isTaken in the transaction, before a request is made
   * @throws Conflict the link has not expired, LinkGone it ended in another way, AskedTooSoon
   */
  async run(
    link: LinkIdentity,
    isTaken: (tx: Tx, delivery: DeliveryFacts, at: Date) => Promise<boolean>,
  ): Promise<Date | undefined> {
    const askedAt = await this.transactions.run(async (tx) => {
      const delivery = await findDelivery(tx, link.deliveryId, true);
      if (!delivery) throw new NotFound('delivery');
      const now = this.clock.now();
      const state = deliveryState(delivery, now);
      if (state === 'revoked' || state === 'gone') throw new LinkGone(link.contact, link.languages);
      if (state !== 'expired') throw new Conflict('These data have a link that has not expired; use that one.');
      const latest = await this.requests.latest(tx, delivery.id);
      if (latest?.state === 'open') return latest.requestedAt;
      const waitMs =
        latest?.state === 'declined' && latest.decidedAt
          ? latest.decidedAt.getTime() + AGAIN_AFTER_MS - now.getTime()
          : 0;
      if (waitMs > 0) throw new AskedTooSoon(`${link.contact.name} (${link.contact.email})`, Math.ceil(waitMs / 1000));
      if (!(await isTaken(tx, delivery, now))) return undefined;
      await this.ask(tx, delivery, now);
      return now;
    });
    await this.mails.kick();
    return askedAt;
  }

  private async ask(tx: Tx, delivery: DeliveryFacts, at: Date): Promise<void> {
    const id = this.ids.next();
    await this.requests.insert(tx, { id, deliveryId: delivery.id, at });
    await this.deliveries.queueOperatorMails(tx, 'more-time', id, await whomToTell(tx, this.persons, delivery));
    await this.audit.record(tx, {
      actor: `link:${delivery.id}`,
      action: 'extension.requested',
      subjectKind: 'delivery',
      subjectId: delivery.id,
      after: { requestId: id },
    });
  }
}
