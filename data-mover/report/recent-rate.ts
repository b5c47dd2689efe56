// How fast bytes move of late. An average since the start would tell for hours of an outage that is over: what counts is
// the last minute in which something moved, without the waiting in between.

const WINDOW_MS = 60_000;
/** Of a longer pause, as while a server is away or the computer sleeps, only so much is taken for work. */
const LONGEST_PAUSE_MS = 5_000;
const SAMPLE_EVERY_MS = 1_000;

/** Times are in milliseconds of any one clock. */
export class RecentRate {
  /** Without pauses. */
  private workedMs = 0;
  private bytes = 0;
  private samples = [{ workedMs: 0, bytes: 0 }];

  constructor(private lastAt: number) {}

  moved(bytes: number, now: number): void {
    this.workedMs += Math.min(Math.max(now - this.lastAt, 0), LONGEST_PAUSE_MS);
    this.lastAt = now;
    this.bytes += bytes;
    const { workedMs, samples } = this;
    if (workedMs - (samples.at(-1)?.workedMs ?? 0) < SAMPLE_EVERY_MS) return;
    samples.push({ workedMs, bytes: this.bytes });
    while (samples.length > 2 && (samples[1]?.workedMs ?? Infinity) <= workedMs - WINDOW_MS) samples.shift();
  }

  /** Bytes a second; 0: nothing has moved. */
  get perSecond(): number {
    const since = this.samples[0] ?? { workedMs: 0, bytes: 0 };
    return ((this.bytes - since.bytes) * 1_000) / Math.max(this.workedMs - since.workedMs, 1);
  }
}
