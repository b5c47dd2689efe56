// The last word before a mail goes that may have ceased to be wanted: its kind judges it again and marks it as being
// handed over, in one statement. What asks for that at the same time is judged together.

import type { Transactions } from '../database/index.js';
import type { PersonsStore } from '../persons/index.js';
import type { Clock } from '../time/index.js';
import type { ClaimedMail, Composition, MailKind } from './mail-kinds.js';
import { Together } from './together.js';

/** How the mail is written, to whom, and the moment for which it was judged; undefined: it is no longer ours. */
export type HandOverClaim = { write: () => Composition; recipient: string; at: Date } | undefined;

interface Asked {
  mail: ClaimedMail;
  kind: MailKind & Required<Pick<MailKind, 'claim'>>;
}

export const isClaimed = (kind: MailKind): kind is Asked['kind'] => kind.claim !== undefined;

export class HandOverClaims {
  private readonly together: Together<Asked, HandOverClaim>;

  constructor(
    private readonly transactions: Transactions,
    private readonly persons: PersonsStore,
    private readonly clock: Clock,
  ) {
    this.together = new Together((asked) => this.claimAll(asked));
  }

  /** Resolves when it is committed. */
  claim(mail: ClaimedMail, kind: Asked['kind']): Promise<HandOverClaim> {
    return this.together.do({ mail, kind });
  }

  private claimAll(asked: readonly Asked[]): Promise<HandOverClaim[]> {
    return this.transactions.run(async (tx) => {
      const at = this.clock.now();
      const written = new Map<string, () => Composition>();
      for (const kind of new Set(asked.map((one) => one.kind))) {
        const mails = asked.filter((one) => one.kind === kind).map(({ mail }) => mail);
        for (const [id, write] of await kind.claim(tx, mails, at)) written.set(id, write);
      }
      const addresses = await this.persons.addressesOf(tx, [...new Set(asked.map(({ mail }) => mail.personId))]);
      return asked.map(({ mail }) => {
        const [write, recipient] = [written.get(mail.id), addresses.get(mail.personId)];
        return write && recipient !== undefined ? { write, recipient, at } : undefined;
      });
    });
  }
}
