// The last word before a mail goes that may have ceased to be wanted: its kind judges it again and marks it as being
// handed over, in one statement. What asks for that at the same time is judged together.

import { Together, type Transactions } from '../database/index.js';
import type { Clock } from '../time/index.js';
import type { ClaimedMail, HandOverClaim, MailKind } from './mail-kinds.js';

/** At the moment for which it was judged; undefined: the mail is no longer ours, or it was put off. */
export type JudgedMail = { claim: HandOverClaim; at: Date } | undefined;

/** One whose mails are judged again just before they go. */
export type ClaimingKind = MailKind & Required<Pick<MailKind, 'claim'>>;

export const isClaimed = (kind: MailKind): kind is ClaimingKind => kind.claim !== undefined;

export class HandOverClaims {
  /** A kind at a time: each holds what it judges in an order of its own. */
  private readonly together = new Map<string, Together<ClaimedMail, JudgedMail>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Resolves when it is committed. */
  claim(mail: ClaimedMail, kind: ClaimingKind): Promise<JudgedMail> {
    let together = this.together.get(kind.kind);
    if (!together) {
      together = new Together((mails) => this.claimAll(kind, mails));
      this.together.set(kind.kind, together);
    }
    return together.do(mail);
  }

  private claimAll(kind: ClaimingKind, mails: readonly ClaimedMail[]): Promise<JudgedMail[]> {
    return this.transactions.run(async (tx) => {
      const at = this.clock.now();
      const judged = await kind.claim(tx, mails, at);
      return mails.map(({ id }) => {
        const claim = judged.get(id);
        return claim && { claim, at };
      });
    });
  }
}
