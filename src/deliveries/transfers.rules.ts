// How long a transfer may go on after the link by which it began has expired. Contract "End user".

import { STALE_AFTER_MS, TRANSFER_GRACE_MS } from './delivery-state.rules.js';

export interface Transfer {
  state: 'started' | 'completed' | 'failed';
  lastProgressAt: Date;
}

/** `notAfter`: when at last; null while the link's mail has not been handed over. */
export type Continuation =
  { mayGoOn: true; notAfter: Date | null } | { mayGoOn: false; because: 'completed' | 'stale' | 'too-late' };

/**
 * May a transfer get a further credential? While the link lives, one that broke off or slept may be taken up again: its
 * holder could begin anew all the same. Afterwards only one that makes progress goes on, for a week.
 * @param linkEndsAt when the link by which it came expires, or did
 */
export function decideContinuation(transfer: Transfer, linkEndsAt: Date | null, now: Date): Continuation {
  if (transfer.state === 'completed') return { mayGoOn: false, because: 'completed' };
  if (linkEndsAt === null) return { mayGoOn: true, notAfter: null };
  const notAfter = new Date(linkEndsAt.getTime() + TRANSFER_GRACE_MS);
  if (now < linkEndsAt) return { mayGoOn: true, notAfter };
  if (now >= notAfter) return { mayGoOn: false, because: 'too-late' };
  if (now.getTime() - transfer.lastProgressAt.getTime() >= STALE_AFTER_MS) return { mayGoOn: false, because: 'stale' };
  return { mayGoOn: true, notAfter };
}
