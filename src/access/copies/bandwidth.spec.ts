import { describe, expect, it } from '@jest/globals';
import { Bandwidth, type BandwidthTime } from './bandwidth.js';

/** A clock that stands until somebody waits, and then goes to the end of the shortest wait. */
class Clockwork implements BandwidthTime {
  at = 0;
  private waiting: { until: number; wake: () => void }[] = [];

  now(): number {
    return this.at;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(new DOMException('aborted', 'AbortError'));
      const wake = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      this.waiting.push({ until: this.at + ms, wake });
      signal.addEventListener('abort', abort);
    });
  }

  /** Lets time pass until all of `work` is done. */
  async until(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    void work.then(() => (isDone = true));
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.waiting.sort((a, b) => a.until - b.until).shift();
      if (!next) continue;
      this.at = Math.max(this.at, next.until);
      next.wake();
    }
  }
}

const NEVER = new AbortController().signal;
const RATE = 1_000;

/** When each of `parts` passed, in milliseconds. */
async function stream(bandwidth: Bandwidth, clock: Clockwork, parts: readonly number[]): Promise<number[]> {
  const passed: number[] = [];
  for (const bytes of parts) {
    await bandwidth.take(bytes, NEVER);
    passed.push(clock.now());
  }
  return passed;
}

describe('the bandwidth of copies', () => {
  it('lets a second’s worth pass at once, and then so many bytes a second', async () => {
    const clock = new Clockwork();
    const bandwidth = new Bandwidth(RATE, clock);
    const passing = stream(bandwidth, clock, [400, 600, 500, 500, 1_000]);
    await clock.until(passing);
    expect(await passing).toEqual([0, 0, 500, 1_000, 2_000]);
  });

  it('is shared by all copies: together they pass no more than one alone', async () => {
    const clock = new Clockwork();
    const bandwidth = new Bandwidth(RATE, clock);
    const parts = Array.from({ length: 20 }, () => 100);
    const all = Promise.all([1, 2, 3].map(() => stream(bandwidth, clock, parts)));
    await clock.until(all);
    const passed = (await all).flat();
    for (let from = 0; from <= 5_000; from += 100)
      expect(passed.filter((at) => at > from && at <= from + 1_000).length * 100).toBeLessThanOrEqual(RATE);
    expect(Math.max(...passed)).toBe(5_000);
    const ends = (await all).map((copy) => copy.at(-1) ?? 0);
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(4_800);
  });

  it('saves up no more than a second’s worth in a pause', async () => {
    const clock = new Clockwork();
    const bandwidth = new Bandwidth(RATE, clock);
    clock.at = 60_000;
    const passing = stream(bandwidth, clock, [1_000, 1_000]);
    await clock.until(passing);
    expect(await passing).toEqual([60_000, 61_000]);
  });

  it('lets a part pass that is larger than the bucket, and makes the next wait for it', async () => {
    const clock = new Clockwork();
    const passing = stream(new Bandwidth(RATE, clock), clock, [5_000, 100]);
    await clock.until(passing);
    expect(await passing).toEqual([4_000, 4_100]);
  });

  it('without a limit nobody waits', async () => {
    const clock = new Clockwork();
    expect(await stream(new Bandwidth(undefined, clock), clock, [1e12, 1e12])).toEqual([0, 0]);
  });

  it('ends the wait with the copy, and says why it ended', async () => {
    const ending = new AbortController();
    const bandwidth = new Bandwidth(RATE, new Clockwork());
    await bandwidth.take(RATE, ending.signal);
    const waiting = bandwidth.take(RATE, ending.signal);
    ending.abort(new Error('The link was revoked.'));
    await expect(waiting).rejects.toThrow('The link was revoked.');
    await expect(bandwidth.take(1, ending.signal)).rejects.toThrow('The link was revoked.');
  });
});
