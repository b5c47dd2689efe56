// The note, committed before it leaves, that the end of a mail's content is sent now: until then the mail server keeps
// nothing of it, and from then on nobody knows what it kept until it answers. docs/decisions/0017-final-dots.md

import { Together, type Transactions } from '../database/index.js';
import type { Clock } from '../time/index.js';
import type { ClaimedMail } from './mail-kinds.js';
import type { OutboxStore } from './outbox.store.js';

export class FinalDots {
  private readonly together: Together<ClaimedMail, boolean>;

  constructor(transactions: Transactions, outbox: OutboxStore, clock: Clock) {
    this.together = new Together(async (mails) => {
      const marked = await outbox.markFinalDots(transactions.pool, mails, clock.now());
      return mails.map(({ id }) => marked.has(id));
    });
  }

  /** Resolves when it is committed; false: the mail is no longer ours. */
  mark(mail: ClaimedMail): Promise<boolean> {
    return this.together.do(mail);
  }
}
