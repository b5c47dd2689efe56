// Steps on a disk, done at once, in the same turn, while the disk answers at once: handing each to another thread and back
// costs more than the step. A disk that lets us wait (a share in the network) is used through other threads,
// so that transfers go on meanwhile, and tried again now and then.

/** Of small steps. */
const SLOW_MS = 2;
const WEIGHT_OF_LATEST = 0.1;
const STEPS_BEFORE_NEXT_TRY = 200;

export class AtOnce {
  private averageMs = 0;
  private asleep = 0;

  /** @param slowMs steps that take longer on average let us wait: one among many means a busy computer and not a slow disk */
  constructor(private readonly slowMs = SLOW_MS) {}

  /** Both do the same; `elsewhere` lets other threads wait for the disk. */
  async run<T>(now: () => T, elsewhere: () => Promise<T>): Promise<T> {
    if (!this.mayBeNext()) return elsewhere();
    const start = performance.now();
    try {
      return now();
    } finally {
      this.took(performance.now() - start);
    }
  }

  /** Is the disk one that answers at once, or to be tried again? Asked once for each step. */
  mayBeNext(): boolean {
    if (this.asleep === 0) return true;
    this.asleep -= 1;
    return false;
  }

  /** A step took so long. */
  took(milliseconds: number): void {
    this.averageMs += (milliseconds - this.averageMs) * WEIGHT_OF_LATEST;
    if (this.averageMs <= this.slowMs) return;
    this.asleep = STEPS_BEFORE_NEXT_TRY;
    this.averageMs = this.slowMs;
  }
}
