// Asked again in the transaction that records a credential: a request may have been open, its link judged, while the
// delivery was revoked or ran out.
import { LinkGone } from '../auth/index.js';
import { row } from '../database/index.js';
/**
 * Holds the delivery against a revocation, which comes before this and refuses it, or after and finds what is recorded.
 * Others that fetch at the same moment are not held up.
 * @throws LinkGone
 */ export async function admit(tx, link, now) {
    const delivery = await row(tx, 'select coalesce(revoked_at, gone_at) as "endedAt" from delivery where id = $1 for key share', [
        link.deliveryId
    ]);
    if (!delivery || delivery.endedAt) throw new LinkGone(link.contact, link.languages);
    if (link.state === 'live' && link.expiresAt && now >= link.expiresAt) throw new LinkGone(link.contact, link.languages, link.moreTime);
}

//# sourceMappingURL=link-admission.js.map
