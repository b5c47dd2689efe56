// Small steps on a disk, done at once, in the same turn, while the disk answers at once: handing each to another thread
// and back costs more than the step. A disk that lets us wait (a share in the network) is used through other threads,
// so that transfers go on meanwhile, and tried again now and then.
/** On average: one slow step among many means a busy computer and not a slow disk. */ const SLOW_MS = 2;
const WEIGHT_OF_LATEST = 0.1;
const STEPS_BEFORE_NEXT_TRY = 200;
export class AtOnce {
    averageMs = 0;
    asleep = 0;
    /** Both do the same; `elsewhere` lets other threads wait for the disk. */ async run(now, elsewhere) {
        if (this.asleep > 0) {
            this.asleep -= 1;
            return elsewhere();
        }
        const start = performance.now();
        try {
            return now();
        } finally{
            this.averageMs += (performance.now() - start - this.averageMs) * WEIGHT_OF_LATEST;
            if (this.averageMs > SLOW_MS) {
                this.asleep = STEPS_BEFORE_NEXT_TRY;
                this.averageMs = SLOW_MS;
            }
        }
    }
}

//# sourceMappingURL=at-once.js.map
