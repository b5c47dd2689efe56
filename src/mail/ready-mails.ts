// What a mail says at the moment at which it goes, and to whom: judged and marked again, read together with others, or
// composed alone, as its kind asks for.

import type { Transactions } from '../database/index.js';
import type { PersonsStore } from '../persons/index.js';
import type { Clock } from '../time/index.js';
import type { Draft } from './drafts.js';
import { type ClaimingKind, HandOverClaims, isClaimed } from './hand-over-claims.js';
import type { ClaimedMail, Composition, MailKind } from './mail-kinds.js';
import type { OutboxStore } from './outbox.store.js';

/** A mail is written for the moment at which it goes; what was read for it longer ago is read again. */
const OLDEST_DRAFT_MS = 2_000;

export interface ReadyMail {
  composed: Composition;
  /** Empty where it is skipped. */
  recipient: string;
  /** The moment for which it was judged and written. */
  at: Date;
}

export class ReadyMails {
  private readonly claims: HandOverClaims;

  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: OutboxStore,
    private readonly persons: PersonsStore,
    private readonly clock: Clock,
  ) {
    this.claims = new HandOverClaims(transactions, clock);
  }

  /**
   * @param read what was read for it before, together with others
   * @returns undefined: the mail is no longer ours, or it was put off
   */
  of(kind: MailKind, mail: ClaimedMail, read: Draft | undefined): Promise<ReadyMail | undefined> {
    return isClaimed(kind) ? this.claimed(kind, mail) : this.composed(kind, mail, read);
  }

  /** Judged again and marked in one statement, whatever was read before. */
  private async claimed(kind: ClaimingKind, mail: ClaimedMail): Promise<ReadyMail | undefined> {
    const judged = await this.claims.claim(mail, kind);
    if (!judged) return undefined;
    const { claim, at } = judged;
    if ('skip' in claim) return { composed: claim, recipient: '', at };
    return { composed: claim.write(), recipient: claim.recipient, at };
  }

  private async composed(kind: MailKind, mail: ClaimedMail, read: Draft | undefined): Promise<ReadyMail | undefined> {
    const now = this.clock.now();
    if (mail.notAfter !== null && now >= mail.notAfter)
      return { composed: { skip: 'expired' }, recipient: '', at: now };
    const isFresh = read !== undefined && now.getTime() - read.at.getTime() < OLDEST_DRAFT_MS;
    if (isFresh) return { composed: read.write(), recipient: read.recipient, at: read.at };
    return this.composeAlone(kind, mail, now);
  }

  /** In one transaction with the note that the mail server is now spoken to. */
  private composeAlone(kind: MailKind, mail: ClaimedMail, at: Date): Promise<ReadyMail | undefined> {
    return this.transactions.run(async (tx) => {
      const composed = await kind.compose?.(tx, mail, at);
      if (!composed) return undefined;
      if ('skip' in composed) return { composed, recipient: '', at };
      const isOurs = await this.outbox.markHandingOver(tx, mail.id, mail.attempt, at);
      const recipient = (await this.persons.addressesOf(tx, [mail.personId])).get(mail.personId);
      return isOurs && recipient !== undefined ? { composed, recipient, at } : undefined;
    });
  }
}
