// How many bytes all copies of one process pass on in a second. A bucket of tokens, a second's worth deep: who takes more
// than it holds waits until it has filled up to that, one after the other in the order in which they came.

import { setTimeout as delay } from 'node:timers/promises';

/** Of the bucket, in seconds of the rate: what may pass at once after a pause. */
const BURST_SECONDS = 1;

export interface BandwidthTime {
  /** Milliseconds on any clock that runs forward. */
  now(): number;
  /** @throws the reason of `signal`, when that ends it */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const realTime: BandwidthTime = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
};

export class Bandwidth {
  /** When the bucket is empty of what was promised; before `now`, it holds the difference. */
  private emptyAt = -Infinity;

  /** @param bytesPerSecond undefined: no limit */
  constructor(
    private readonly bytesPerSecond: number | undefined,
    private readonly time: BandwidthTime = realTime,
  ) {}

  /** Returns when so many bytes may pass. @throws the reason of `signal` */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.bytesPerSecond === undefined) return;
    const now = this.time.now();
    const full = now - BURST_SECONDS * 1_000;
    this.emptyAt = Math.max(this.emptyAt, full) + (bytes / this.bytesPerSecond) * 1_000;
    if (this.emptyAt <= now) return;
    try {
      await this.time.sleep(this.emptyAt - now, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }
}
