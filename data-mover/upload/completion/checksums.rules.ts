// How long is waited for checksums that Mediaflux does not tell: a store may compute them after it has taken the contents,
// or never. Sending again makes none.

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const LONGEST_WAIT_MS = 600_000;

export interface WaitForChecksums {
  /** So often the server has found none. */
  looks: number;
  /** Since it first found none. */
  elapsedMs: number;
  /** How long a server is waited for at all. */
  giveUpAfterMs: number;
}

/**
 * How long until the server is asked to compare again: longer from look to look, up to a minute, and ten minutes in all at
 * most, the last look at the limit itself. Undefined: that is reached.
 */
export function nextLookMs({ looks, elapsedMs, giveUpAfterMs }: WaitForChecksums): number | undefined {
  const left = Math.min(LONGEST_WAIT_MS, giveUpAfterMs) - elapsedMs;
  if (left <= 0) return undefined;
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(looks - 1, 20), LONGEST_PAUSE_MS, left);
}
