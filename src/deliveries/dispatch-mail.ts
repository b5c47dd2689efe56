// The mail that brings an end user the links. Its lifetime begins when it is handed over: it is written at that moment,
// so that what it says is what holds.

import { Inject, Injectable } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';
import { PublicAddress } from '../http/index.js';
import type { Composition, HandedOverMail, MailKind, QueuedMail } from '../mail/index.js';
import { durationMs } from '../time/index.js';
import type { HowToFetch } from './data-views.js';
import { type DeliveryFacts, findDeliveries, findDelivery } from './delivery-facts.js';
import { DeliveryLinks } from './delivery-links.js';
import { DeliveriesStore } from './deliveries.store.js';
import { dispatchLetter } from './dispatch-letter.js';
import { UndeliverableDeliveries } from './undeliverable-deliveries.js';

@Injectable()
export class DispatchMail implements MailKind {
  readonly kind = 'dispatch';

  constructor(
    @Inject(DeliveryLinks) private readonly links: DeliveryLinks,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(UndeliverableDeliveries) private readonly undeliverable: UndeliverableDeliveries,
    @Inject(PublicAddress) private readonly address: PublicAddress,
  ) {}

  async compose(tx: Tx, mail: QueuedMail, now: Date): Promise<Composition> {
    return this.write(await findDelivery(tx, mail.subjectId), mail, now);
  }

  async composeMany(tx: Tx, mails: readonly QueuedMail[], now: Date): Promise<Map<string, () => Composition>> {
    const found = await findDeliveries(tx, [...new Set(mails.map((mail) => mail.subjectId))]);
    const byId = new Map(found.map((facts) => [facts.id, facts]));
    return new Map(mails.map((mail) => [mail.id, () => this.write(byId.get(mail.subjectId), mail, now)]));
  }

  private write(facts: DeliveryFacts | undefined, mail: QueuedMail, now: Date): Composition {
    if (!facts) return { skip: 'gone' };
    if (facts.revokedAt) return { skip: 'revoked' };
    if (facts.goneAt) return { skip: 'gone' };
    if (facts.isHeld && facts.linkGeneration === 0 && !facts.handedOverAt) return { skip: 'held' };
    if (!isOfPresentLink(mail, facts)) return { skip: 'replaced' };
    const saysUntil = facts.expiresAt ?? endOf(facts, now);
    return { ...dispatchLetter(facts, this.howToFetch(facts), saysUntil, now), saysUntil };
  }

  howToFetch(facts: Pick<DeliveryFacts, 'id' | 'linkGeneration' | 'linkKeyId'>): HowToFetch {
    return this.howToFetchBy(this.links.token(facts, 'share'));
  }

  /** @param token of a link that lives */
  howToFetchBy(token: string): HowToFetch {
    return { url: this.links.shareUrl(token), token, server: this.address.url };
  }

  /**
   * What the mail says holds, also where the lifetime was made shorter while it was handed over; one that was made longer
   * holds as of a link that lives.
   */
  async handedOverMany(tx: Tx, mails: readonly HandedOverMail[]): Promise<void> {
    const found = await rows<Pick<DeliveryFacts, 'id' | 'linkLifetime' | 'linkGeneration'>>(
      tx,
      `select id, link_lifetime as "linkLifetime", link_generation as "linkGeneration"
         from delivery
        where id = any($1::uuid[])
        order by id
          for update`,
      [mails.map(({ mail }) => mail.subjectId)],
    );
    const handedOver = found.flatMap((delivery) => {
      const sent = mails.find(({ mail }) => isOfPresentLink(mail, delivery));
      if (!sent) return [];
      const end = endOf(delivery, sent.at);
      const { at, saysUntil = end } = sent;
      const isLonger = end > saysUntil;
      return [{ id: delivery.id, at, expiresAt: isLonger ? end : saysUntil, isChanged: isLonger }];
    });
    await this.deliveries.handedOver(tx, handedOver);
  }

  deliveryOf(_tx: Tx, mail: QueuedMail): Promise<string> {
    return Promise.resolve(mail.subjectId);
  }

  /** A report about a link that was renewed meanwhile says nothing of the mail that followed. */
  async bounced(tx: Tx, mail: QueuedMail, at: Date): Promise<boolean> {
    const facts = await findDelivery(tx, mail.subjectId, true);
    return facts !== undefined && isOfPresentLink(mail, facts) && (await this.undeliverable.mark(tx, facts.id, at));
  }

  async gaveUp(tx: Tx, mail: QueuedMail): Promise<void> {
    const facts = await findDelivery(tx, mail.subjectId, true);
    if (facts && isOfPresentLink(mail, facts)) await this.undeliverable.tellOfGivenUp(tx, facts);
  }

  async refused(tx: Tx, mail: QueuedMail, _reason: string, at: Date): Promise<void> {
    const facts = await findDelivery(tx, mail.subjectId, true);
    if (facts && isOfPresentLink(mail, facts)) await this.undeliverable.mark(tx, facts.id, at);
  }
}

/** A link that was renewed has a mail of its own. */
const isOfPresentLink = (mail: QueuedMail, delivery: Pick<DeliveryFacts, 'id' | 'linkGeneration'>): boolean =>
  mail.messageId.startsWith(`<dispatch-${delivery.id}-${delivery.linkGeneration}@`);

const endOf = ({ linkLifetime }: Pick<DeliveryFacts, 'linkLifetime'>, from: Date): Date =>
  new Date(from.getTime() + durationMs(linkLifetime));
