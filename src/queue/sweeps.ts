// Sweeps look in the database for what still has to be done and do it or put it back in the queue. Every worker runs
// every sweep; what a sweep does is claimed in the database, so that two at once do no harm.

import { Injectable, Logger, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export interface Sweep {
  name: string;
  /** Between two passes; less where `SWEEP_INTERVAL` says less. */
  everyMs: number;
  /** It finishes no work that somebody waits for, so `SWEEP_INTERVAL` does not concern it. */
  isUpkeep?: true;
  /** One pass. Throwing is logged, and the next pass comes all the same. */
  run(signal: AbortSignal): Promise<void>;
}

@Injectable()
export class Sweeps implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('sweeps');
  private readonly stopping = new AbortController();
  private readonly sweeps: Sweep[] = [];
  private running: Promise<void>[] = [];
  private enabled = false;

  /** @param longestMs no sweep that finishes work waits longer than this */
  constructor(private readonly longestMs = Infinity) {}

  /** Called by `QueueModule` when this process is a worker. */
  enable(): void {
    this.enabled = true;
  }

  register(sweep: Sweep): void {
    if (this.sweeps.some((other) => other.name === sweep.name))
      throw new Error(`The sweep ${sweep.name} exists twice.`);
    this.sweeps.push(sweep);
  }

  onApplicationBootstrap(): void {
    // Each sweep waits with this signal; of more than ten Node warns as of a leak.
    setMaxListeners(0, this.stopping.signal);
    if (this.enabled) this.running = this.sweeps.map((sweep) => this.repeat(sweep));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('The program is stopping.'));
    await Promise.all(this.running);
  }

  private async repeat(sweep: Sweep): Promise<void> {
    const signal = this.stopping.signal;
    while (!signal.aborted) {
      try {
        await sweep.run(signal);
      } catch (error) {
        if (!signal.aborted) this.logger.error({ sweep: sweep.name, err: error }, 'A sweep failed; it runs again.');
      }
      await delay(pauseMs(sweep, this.longestMs), undefined, { signal, ref: false }).catch((reason: unknown) => {
        if (!signal.aborted) throw reason;
      });
    }
  }
}

/** From the end of one pass to the beginning of the next. */
export const pauseMs = ({ everyMs, isUpkeep }: Pick<Sweep, 'everyMs' | 'isUpkeep'>, longestMs: number): number =>
  isUpkeep ? everyMs : Math.min(everyMs, longestMs);
