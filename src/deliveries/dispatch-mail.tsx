// The mail that brings an end user the links. Its lifetime begins when it is handed over: it is written at that moment,
// so that what it says is what holds.

import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../database/index.js';
import { PublicAddress } from '../http/index.js';
import type { ComposedMail, MailKind, QueuedMail } from '../mail/index.js';
import { durationMs } from '../time/index.js';
import { operatorsOf } from '../uploads/index.js';
import { renderMail } from '../views/index.js';
import { DataFacts, dataFacts, Fetching, fetchingText, factsText, type HowToFetch } from './data-views.js';
import { type DeliveryFacts, findDelivery, recipientWords } from './delivery-facts.js';
import { DeliveryLinks } from './delivery-links.js';
import { DeliveriesStore } from './deliveries.store.js';

@Injectable()
export class DispatchMail implements MailKind {
  readonly kind = 'dispatch';

  constructor(
    @Inject(DeliveryLinks) private readonly links: DeliveryLinks,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(PublicAddress) private readonly address: PublicAddress,
  ) {}

  async compose(tx: Tx, mail: QueuedMail, now: Date): Promise<ComposedMail | { skip: string }> {
    const facts = await findDelivery(tx, mail.subjectId);
    if (!facts) return { skip: 'gone' };
    if (facts.revokedAt) return { skip: 'revoked' };
    if (facts.goneAt) return { skip: 'gone' };
    if (facts.isHeld && facts.linkGeneration === 0 && !facts.handedOverAt) return { skip: 'held' };
    if (!mail.messageId.startsWith(`<dispatch-${facts.id}-${facts.linkGeneration}@`)) return { skip: 'replaced' };
    const expiresAt = facts.expiresAt ?? endOf(facts, now);
    const how = this.howToFetch(facts);
    const words = recipientWords(facts);
    const until = words.instant(expiresAt, facts.timeZone);
    const rows = dataFacts(words, facts, expiresAt, now);
    const intro = words.say('dispatch.intro', { platform: facts.platform });
    const subject = words.say('dispatch.subject', {
      platform: facts.platform,
      folder: facts.folder,
      size: words.bytes(facts.bytes),
      until,
    });
    const preheader = words.say('dispatch.preheader', {
      files: words.files(facts.files),
      size: words.bytes(facts.bytes),
      until,
    });
    return {
      subject,
      fromName: facts.platform,
      replyTo: { name: facts.contactName, address: facts.contactEmail },
      text: [words.say('mail.greeting'), intro, factsText(words, rows), fetchingText(words, facts, how)].join('\n\n'),
      html: renderMail({
        words,
        title: subject,
        preheader,
        children: (
          <>
            <p>{words.say('mail.greeting')}</p>
            <p>{intro}</p>
            <DataFacts rows={rows} />
            <Fetching words={words} facts={facts} how={how} />
          </>
        ),
      }),
    };
  }

  howToFetch(facts: DeliveryFacts): HowToFetch {
    return { url: this.links.shareUrl(facts), token: this.links.token(facts, 'share'), server: this.address.url };
  }

  async handedOver(tx: Tx, mail: QueuedMail, at: Date): Promise<void> {
    const facts = await findDelivery(tx, mail.subjectId, true);
    if (facts) await this.deliveries.handedOver(tx, facts.id, at, endOf(facts, at));
  }

  async failed(tx: Tx, mail: QueuedMail): Promise<void> {
    const facts = await findDelivery(tx, mail.subjectId, true);
    if (!facts || !(await this.deliveries.mark(tx, facts.id, 'undeliverable_at', facts.createdAt))) return;
    await this.deliveries.queueOperatorMails(tx, 'undeliverable', facts.id, await operatorsOf(tx, facts.uploadId));
  }
}

const endOf = (facts: DeliveryFacts, from: Date): Date => new Date(from.getTime() + durationMs(facts.linkLifetime));
