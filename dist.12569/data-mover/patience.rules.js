// How long to wait before somebody who is away is asked again.
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 20_000;
/**
 * Longer from try to try, up to 20 seconds; as long as it asked for, where that is longer; and never beyond the limit: it
 * is tried once more then. Undefined: the limit is reached.
 */ export function nextWaitMs(waiting) {
    const { tries, retryAfterMs = 0, elapsedMs, giveUpAfterMs, random } = waiting;
    const left = giveUpAfterMs - elapsedMs;
    if (left <= 0) return undefined;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 20), LONGEST_PAUSE_MS);
    return Math.min(Math.max(pause * (0.75 + random / 2), retryAfterMs), left);
}
/**
 * `Retry-After` in milliseconds: seconds, or a date, which is of the clock that the answer's `Date` is of. RFC 9110 10.2.3.
 * Undefined: it says nothing that can be waited for.
 */ export function retryAfterMs(header, date, now) {
    const text = String(header ?? '').trim();
    const isSeconds = /^\d+$/.test(text);
    const at = Date.parse(text);
    const answeredAt = Date.parse(String(date ?? ''));
    const wait = isSeconds ? Number(text) * 1_000 : at - (Number.isNaN(answeredAt) ? now : answeredAt);
    return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}

//# sourceMappingURL=patience.rules.js.map
