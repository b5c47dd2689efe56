// Several reminders of a run to one person in one mail. Each is judged just before the mail goes: what is no longer due is
// closed with its reason, and the rest goes; if only one is left, it goes as any reminder does. docs/decisions/0015.

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { rows, type Tx } from '../../database/index.js';
import { DeliveryLinks, DispatchMail, UndeliverableDeliveries } from '../../deliveries/index.js';
import { type ClaimedMail, type HandOverClaim, type MailKind, MailKinds, type QueuedMail } from '../../mail/index.js';
import { ReminderClaimsStore } from '../reminder-claims.store.js';
import { reminderLetter } from '../reminder-letter.js';
import { remindedOf } from '../reminded.js';
import { type ReminderEnd, RunsStore } from '../runs.store.js';
import { digestLetter } from './digest-letter.js';

@Injectable()
export class DigestMail implements MailKind, OnModuleInit {
  readonly kind = 'reminder-digest';

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
    const claims = await this.claims.claim(tx, 'digest', mails, now);
    const reminded = await remindedOf(tx, claims, now);
    const ofMail = new Map(claims.map(({ mailId }) => [mailId, [] as string[]]));
    for (const { mailId, deliveryId, because } of claims)
      if (because === null && deliveryId !== null) ofMail.get(mailId)?.push(deliveryId);
    const wait = await this.claims.putOff(
      tx,
      [...ofMail].map(([mailId, deliveryIds]) => ({ mailId, all: deliveryIds.map((id) => reminded.get(id)) })),
      now,
    );
    for (const mailId of wait) ofMail.delete(mailId);
    const several = mails
      .map(({ id, subjectId }) => ({ mailId: id, id: subjectId, deliveryIds: ofMail.get(id) ?? [] }))
      .filter(({ deliveryIds }) => deliveryIds.length > 1);
    const stops = await this.links.registerJoint(tx, several);
    const stopOf = new Map(several.map(({ mailId, id }) => [mailId, stops.get(id) ?? '']));
    const judged = new Map<string, HandOverClaim>();
    for (const [mailId, deliveryIds] of ofMail) {
      const all = deliveryIds.flatMap((id) => reminded.get(id) ?? []);
      if (all.length < deliveryIds.length) throw new Error('A delivery that was claimed cannot be read.');
      const [first, second] = all;
      if (!first) {
        judged.set(mailId, { skip: 'nothing-due' });
        continue;
      }
      const write = () =>
        second
          ? digestLetter(all, now, stopOf.get(mailId) ?? '', this.links, this.dispatch)
          : reminderLetter(first, now, this.links, this.dispatch);
      judged.set(mailId, { recipient: first.facts.recipient, write });
    }
    return judged;
  }

  handedOverMany(tx: Tx, mails: readonly { mail: QueuedMail; at: Date }[]): Promise<void> {
    return this.settle(
      tx,
      mails.map(({ mail, at }) => ({ id: mail.subjectId, state: 'sent', reason: null, triedAt: at })),
    );
  }

  unknown(tx: Tx, mail: QueuedMail, at: Date): Promise<void> {
    const reason = 'the hand-over was interrupted';
    return this.settle(tx, [{ id: mail.subjectId, state: 'unknown', reason, triedAt: at }]);
  }

  skipped(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.settle(tx, [{ id: mail.subjectId, state: 'skipped', reason, triedAt: null }]);
  }

  failed(tx: Tx, mail: QueuedMail, reason: string): Promise<void> {
    return this.settle(tx, [{ id: mail.subjectId, state: 'failed', reason, triedAt: null }]);
  }

  async refused(tx: Tx, mail: QueuedMail, reason: string, at: Date): Promise<void> {
    await this.failed(tx, mail, reason);
    await this.bounced(tx, mail, at);
  }

  /** Every delivery that the mail named. */
  async bounced(tx: Tx, mail: QueuedMail, at: Date): Promise<boolean> {
    let isNew = false;
    for (const deliveryId of await this.named(tx, mail))
      isNew = (await this.undeliverable.mark(tx, deliveryId, at)) || isNew;
    return isNew;
  }

  /** The first of those that it named. */
  async deliveryOf(tx: Tx, mail: QueuedMail): Promise<string | undefined> {
    return (await this.named(tx, mail))[0];
  }

  /** In the order in which others hold them. */
  private async named(tx: Tx, mail: QueuedMail): Promise<string[]> {
    const found = await rows<{ id: string }>(
      tx,
      `select delivery_id as id from reminder where digest_id = $1 and state <> 'skipped' order by delivery_id`,
      [mail.subjectId],
    );
    return found.map(({ id }) => id);
  }

  private settle(tx: Tx, ends: readonly ReminderEnd[]): Promise<void> {
    return this.runs.settle(tx, ends, 'digest_id');
  }
}
