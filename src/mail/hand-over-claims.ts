// The last word before a mail goes that may have ceased to be wanted: its kind judges it again and marks it as being
// handed over, in one statement. What asks for that at the same time is judged together.

import type { Transactions } from '../database/index.js';
import type { PersonsStore } from '../persons/index.js';
import type { Clock } from '../time/index.js';
import type { ClaimedMail, Composition, MailKind } from './mail-kinds.js';
import { Together } from './together.js';

/** How the mail is written, to whom, and the moment for which it was judged; undefined: it is no longer ours. */
export type HandOverClaim = { write: () => Composition; recipient: string; at: Date } | undefined;

type ClaimingKind = MailKind & Required<Pick<MailKind, 'claim'>>;

export const isClaimed = (kind: MailKind): kind is ClaimingKind => kind.claim !== undefined;

export class HandOverClaims {
  /** A kind at a time: each holds what it judges in an order of its own. */
  private readonly together = new Map<string, Together<ClaimedMail, HandOverClaim>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly persons: PersonsStore,
    private readonly clock: Clock,
  ) {}

  /** Resolves when it is committed. */
  claim(mail: ClaimedMail, kind: ClaimingKind): Promise<HandOverClaim> {
    let together = this.together.get(kind.kind);
    if (!together) {
      together = new Together((mails) => this.claimAll(kind, mails));
      this.together.set(kind.kind, together);
    }
    return together.do(mail);
  }

  private claimAll(kind: ClaimingKind, mails: readonly ClaimedMail[]): Promise<HandOverClaim[]> {
    return this.transactions.run(async (tx) => {
      const at = this.clock.now();
      const written = await kind.claim(tx, mails, at);
      const addresses = await this.persons.addressesOf(tx, [...new Set(mails.map(({ personId }) => personId))]);
      return mails.map(({ id, personId }) => {
        const [write, recipient] = [written.get(id), addresses.get(personId)];
        return write && recipient !== undefined ? { write, recipient, at } : undefined;
      });
    });
  }
}
