// The reminder itself. Whether it may still go is asked again just before it is handed over, in the statement that claims
// it: whatever happened since the selection counts.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { row, type Tx } from '../database/index.js';
import {
  DeliveryLinks,
  type DeliveryFacts,
  DispatchMail,
  fetchedFiles,
  findDeliveries,
  letter,
  recipientWords,
  UndeliverableDeliveries,
} from '../deliveries/index.js';
import {
  type ClaimedMail,
  type ComposedMail,
  type HandOverClaim,
  type MailKind,
  MailKinds,
  type QueuedMail,
} from '../mail/index.js';
import type { Platform } from '../platforms/index.js';
import { nextSlot } from '../schedule/index.js';
import { isLast } from './eligibility.rules.js';
import { ReminderClaimsStore } from './reminder-claims.store.js';
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
    const judged = await this.claims.claim(tx, mails, now);
    const going = judged.filter(({ because }) => because === null);
    const found = await findDeliveries(
      tx,
      going.map(({ deliveryId }) => deliveryId),
    );
    const byId = new Map(found.map((facts) => [facts.id, facts]));
    const claims = new Map<string, HandOverClaim>();
    for (const { mailId, because, deliveryId, hasDownloads, platform } of judged) {
      const facts = byId.get(deliveryId);
      if (because !== null) claims.set(mailId, { skip: because });
      else if (facts?.expiresAt) {
        const { recipient, expiresAt } = facts;
        const fetched = hasDownloads ? await fetchedFiles(tx, facts) : 0;
        claims.set(mailId, { recipient, write: () => this.write(facts, expiresAt, fetched, platform, now) });
      } else throw new Error('A delivery that was claimed cannot be read.');
    }
    return claims;
  }

  private write(facts: DeliveryFacts, expiresAt: Date, fetched: number, platform: Platform, now: Date): ComposedMail {
    const last = isLast(
      expiresAt,
      nextSlot({ schedule: platform.reminders.schedule, timeZone: platform.timeZone }, now),
    );
    const words = recipientWords(facts);
    const until = words.instant(expiresAt, facts.timeZone);
    const subject = words.say(last ? 'reminder.lastSubject' : 'reminder.subject', {
      folder: facts.folder,
      platform: facts.platform,
      until,
    });
    const paragraphs = [
      words.say('reminder.intro', { platform: facts.platform }),
      ...(fetched > 0 ? [words.say('reminder.part', { done: fetched, all: facts.files })] : []),
      ...(last ? [words.say('reminder.last')] : []),
    ];
    const stop = this.links.unsubscribeUrl(facts);
    return {
      ...letter({
        words,
        facts,
        how: this.dispatch.howToFetch(facts),
        expiresAt,
        now,
        isDispatch: false,
        subject,
        preheader: words.say('reminder.preheader', { left: words.timeLeft(now, expiresAt) }),
        paragraphs,
        end: {
          text: [words.say('reminder.have'), `${words.say('reminder.stop')}\n${stop}`],
          html: (
            <>
              <p>{words.say('reminder.have')}</p>
              <p>
                {words.say('reminder.stop')} <a href={stop}>{stop}</a>
              </p>
            </>
          ),
        },
      }),
      headers: { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      notAfter: expiresAt,
    };
  }

  handedOverMany(tx: Tx, mails: readonly { mail: QueuedMail; at: Date }[]): Promise<void> {
    return this.runs.settle(
      tx,
      mails.map(({ mail, at }) => ({ reminderId: mail.subjectId, state: 'sent', reason: null, triedAt: at })),
    );
  }

  skipped(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.runs.settle(tx, [{ reminderId: mail.subjectId, state: 'skipped', reason, triedAt: null }]);
  }

  unknown(tx: Tx, mail: QueuedMail, at: Date): Promise<void> {
    const reason = 'the hand-over was interrupted';
    return this.runs.settle(tx, [{ reminderId: mail.subjectId, state: 'unknown', reason, triedAt: at }]);
  }

  failed(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.runs.settle(tx, [{ reminderId: mail.subjectId, state: 'failed', reason, triedAt: null }]);
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
