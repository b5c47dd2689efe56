// The last word before a mail goes that may have ceased to be wanted: its kind judges it again and marks it as being
// handed over, in one statement. What asks for that at the same time is judged together.

import type { Transactions } from '../database/index.js';
import type { Clock } from '../time/index.js';
import type { ClaimedMail, HandOverClaim, MailKind } from './mail-kinds.js';
import { Together } from './together.js';

/** At the moment for which it was judged; undefined: the mail is no longer ours. */
export type JudgedMail = { claim: HandOverClaim; at: Date } | undefined;

interface Asked {
  mail: ClaimedMail;
  kind: MailKind & Required<Pick<MailKind, 'claim'>>;
}

export const isClaimed = (kind: MailKind): kind is Asked['kind'] => kind.claim !== undefined;

export class HandOverClaims {
  private readonly together: Together<Asked, JudgedMail>;

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {
    this.together = new Together((asked) => this.claimAll(asked));
  }

  /** Resolves when it is committed. */
  claim(mail: ClaimedMail, kind: Asked['kind']): Promise<JudgedMail> {
    return this.together.do({ mail, kind });
  }

  private claimAll(asked: readonly Asked[]): Promise<JudgedMail[]> {
    return this.transactions.run(async (tx) => {
      const at = this.clock.now();
      const judged = new Map<string, HandOverClaim>();
      for (const kind of new Set(asked.map((one) => one.kind))) {
        const mails = asked.filter((one) => one.kind === kind).map(({ mail }) => mail);
        for (const [id, claim] of await kind.claim(tx, mails, at)) judged.set(id, claim);
      }
      return asked.map(({ mail }) => {
        const claim = judged.get(mail.id);
        return claim && { claim, at };
      });
    });
  }
}
