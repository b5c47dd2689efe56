// What it means that Mediaflux could not be used: that it is away, or that something has to be put right first.
import { AnsweredByStatus, isMediafluxError } from '../../src/mediaflux/protocol/index.js';
import { isPermanent } from '../dispatch-api/trouble.js';
import { Failure } from '../failures.js';
import { retryAfterMs } from '../patience.rules.js';
/** With the pause that it asked for, if it did. */ export function awayOf(error) {
    if (!(error instanceof AnsweredByStatus)) return {
        away: error.message
    };
    return {
        away: error.message,
        retryAfterMs: retryAfterMs(error.retryAfter, error.date, Date.now())
    };
}
/** A certificate that does not hold, say: no waiting mends it. */ export function permanentTrouble(error, url) {
    if (!isMediafluxError(error, 'unreachable')) return undefined;
    const { code } = error.cause ?? {};
    if (typeof code !== 'string' || !isPermanent(code)) return undefined;
    return new Failure(`This computer makes no safe connection to Mediaflux at ${url} (${code}). If the site signs its own certificates, set NODE_EXTRA_CA_CERTS to the file with its CA; otherwise tell the network's administrators.`);
}

//# sourceMappingURL=mediaflux-trouble.js.map
