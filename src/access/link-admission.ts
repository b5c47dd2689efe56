// Asked again in the transaction that records a credential or a copy: a request may have been open, its link judged,
// while the delivery was revoked or ran out.

import { LinkGone, type LinkIdentity } from '../auth/index.js';
import { row, type Tx } from '../database/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { whileAway } from '../platforms/index.js';
import { ShareEnded } from '../shares/index.js';

/**
 * Holds the delivery against a revocation, which comes before this and refuses it, or after and finds what is recorded.
 * Others that fetch at the same moment are not held up.
 * @throws LinkGone
 */
export async function admit(tx: Tx, link: LinkIdentity, now: Date): Promise<void> {
  const expiresAt = await admitAgain(tx, link);
  // A link that was renewed has no end until its mail is handed over.
  const isOver = expiresAt === null ? link.expiresAt !== null : now >= expiresAt;
  if (link.state === 'live' && isOver) throw new LinkGone(link.contact, link.languages, link.moreTime);
}

/** The same of what was begun before, which may go on after expiry; when that is or was. @throws LinkGone */
export async function admitAgain(tx: Tx, link: LinkIdentity): Promise<Date | null> {
  const delivery = await row<{ endedAt: Date | null; expiresAt: Date | null }>(
    tx,
    `select coalesce(revoked_at, gone_at) as "endedAt", expires_at as "expiresAt"
       from delivery
      where id = $1
        for key share`,
    [link.deliveryId],
  );
  if (!delivery || delivery.endedAt) throw new LinkGone(link.contact, link.languages);
  return delivery.expiresAt;
}

/**
 * Why no credential was made. Where the link ended meanwhile, that is why.
 * @throws LinkGone, Unavailable, or what is given
 */
export async function refuse(tx: Tx, link: LinkIdentity, error: unknown, now: Date): Promise<never> {
  if (error instanceof ShareEnded) await admit(tx, link, now);
  throw isMediafluxError(error) ? whileAway(error) : error;
}
