// The reminder itself. Whether it may still go is asked again just before it is handed over, in the statement that claims
// it: whatever happened since the selection counts.

import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/index.js';
import type { ClaimedMail, HandOverClaim } from '../mail/index.js';
import { reminderLetter } from './reminder-letter.js';
import { remindedOf } from './reminded.js';
import { RemindingMail } from './reminding-mail.js';

@Injectable()
export class ReminderMail extends RemindingMail {
  readonly kind = 'reminder';
  protected readonly by = 'id';

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
