// What many mails are written from, read in a few statements: for kinds that can be read so. The others are composed
// one by one.

import type { Tx } from '../database/index.js';
import type { PersonsStore } from '../persons/index.js';
import type { ClaimedMail, Composition, MailKinds } from './mail-kinds.js';

export interface Draft {
  recipient: string;
  write: () => Composition;
  /** The moment it was read for. */
  at: Date;
}

/** Drafts by the mails' ids; those that are left out have to be composed alone. */
export async function draftsOf(
  tx: Tx,
  kinds: MailKinds,
  persons: PersonsStore,
  mails: readonly ClaimedMail[],
  at: Date,
): Promise<Map<string, Draft>> {
  const drafts = new Map<string, Draft>();
  const together = mails.filter((mail) => !mail.atMostOnce && kinds.of(mail.kind)?.composeMany !== undefined);
  if (together.length === 0) return drafts;
  const addresses = await persons.addressesOf(tx, [...new Set(together.map((mail) => mail.personId))]);
  for (const name of new Set(together.map((mail) => mail.kind))) {
    const ofKind = together.filter((mail) => mail.kind === name);
    const written = await kinds.of(name)?.composeMany?.(tx, ofKind, at);
    for (const mail of ofKind) {
      const [write, recipient] = [written?.get(mail.id), addresses.get(mail.personId)];
      if (write && recipient !== undefined) drafts.set(mail.id, { recipient, write, at });
    }
  }
  return drafts;
}
