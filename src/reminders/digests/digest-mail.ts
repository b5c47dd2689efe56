// Several reminders of a run to one person in one mail. Each is judged just before the mail goes: what is no longer due is
// closed with its reason, and the rest goes; if only one is left, it goes as any reminder does. docs/decisions/0015.

import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/index.js';
import type { ClaimedMail, HandOverClaim } from '../../mail/index.js';
import { reminderLetter } from '../reminder-letter.js';
import { remindedOf } from '../reminded.js';
import { RemindingMail } from '../reminding-mail.js';
import { digestLetter } from './digest-letter.js';

@Injectable()
export class DigestMail extends RemindingMail {
  readonly kind = 'reminder-digest';
  protected readonly by = 'digest_id';

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
    const stopOf = (mailId: string): string => {
      const digest = several.find((one) => one.mailId === mailId);
      const stop = digest && stops.get(digest.id);
      if (stop === undefined) throw new Error('A mail that names several deliveries has no link that stops them.');
      return stop;
    };
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
          ? digestLetter(all, now, stopOf(mailId), this.links, this.dispatch)
          : reminderLetter(first, now, this.links, this.dispatch);
      judged.set(mailId, { recipient: first.facts.recipient, write });
    }
    return judged;
  }
}
