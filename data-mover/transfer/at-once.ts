// Small steps on a disk, done at once, in the same turn, while the disk answers at once: handing each to another thread
// and back costs more than the step. A disk that lets us wait (a share in the network) is used through other threads,
// so that transfers go on meanwhile, and tried again now and then.

const SLOW_MS = 4;
const STEPS_BEFORE_NEXT_TRY = 200;

export class AtOnce {
  private asleep = 0;

  /** Both do the same; `elsewhere` lets other threads wait for the disk. */
  async run<T>(now: () => T, elsewhere: () => Promise<T>): Promise<T> {
    if (this.asleep > 0) {
      this.asleep -= 1;
      return elsewhere();
    }
    const start = performance.now();
    try {
      return now();
    } finally {
      if (performance.now() - start > SLOW_MS) this.asleep = STEPS_BEFORE_NEXT_TRY;
    }
  }
}
