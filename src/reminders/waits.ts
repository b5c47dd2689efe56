// What waits for Mediaflux, in this process: tried ever more slowly while it is away, and told once when it begins to wait
// and once when it goes on, not at every try.

const FIRST_PAUSE_MS = 2_000;
/** So soon after Mediaflux is back it goes on. */
const LONGEST_PAUSE_MS = 30_000;
/** What nobody asks about any more was ended by another process. */
const FORGOTTEN_AFTER_MS = 3_600_000;

export interface Wait {
  since: Date;
  failures: number;
}

export class Waits {
  private readonly all = new Map<string, Wait & { next: Date }>();

  /** Was it tried so short a while ago that it is not tried now? Not where the clock was set back. */
  isTooSoon(id: string, now: Date): boolean {
    const leftMs = (this.all.get(id)?.next.getTime() ?? 0) - now.getTime();
    return leftMs > 0 && leftMs <= LONGEST_PAUSE_MS;
  }

  /** A try has failed. Is it the first? */
  failed(id: string, now: Date): boolean {
    for (const [other, { next }] of this.all)
      if (now.getTime() - next.getTime() > FORGOTTEN_AFTER_MS) this.all.delete(other);
    const { since, failures } = this.all.get(id) ?? { since: now, failures: 0 };
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
    this.all.set(id, { since, failures: failures + 1, next: new Date(now.getTime() + pauseMs) });
    return failures === 0;
  }

  /** It waits no longer; how it had waited, if it had. */
  ended(id: string): Wait | undefined {
    const wait = this.all.get(id);
    this.all.delete(id);
    return wait;
  }
}
