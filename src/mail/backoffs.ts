// How long a mail waits that was tried in vain.

const SECONDS = [1, 5, 30, 120, 600, 1_800, 3_600];

export class Backoffs {
  /** @param random from 0 to below 1: mails that failed together are not all tried again at one moment */
  constructor(private readonly random: () => number) {}

  /** Seconds until the next try. @param failedTries so far, at least 1 */
  secondsAfter(failedTries: number): number {
    const base = SECONDS[Math.min(failedTries, SECONDS.length) - 1] ?? 1;
    return base * (0.75 + this.random() * 0.5);
  }
}
