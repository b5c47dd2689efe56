// Waiting for a server that is away: longer from try to try, with the reason shown once, up to a limit.

import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failures.js';

export interface PatienceOptions {
  giveUpAfterMs: number;
  note(message: string): void;
  signal: AbortSignal;
}

/** What one try found: an answer, or that whoever was asked is away. */
export type Tried<T> = { value: T } | { away: string; retryAfterMs?: number; status?: number };

/** It stayed away for longer than it is waited for. */
export class StillAway extends Failure {
  /** @param status what the dispatch server answered; undefined where nothing did */
  constructor(
    readonly reason: string,
    status: number | undefined,
  ) {
    super(`${reason} Run the same command again to go on.`, 1, undefined, status);
  }
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 20_000;

/** One for each server, so that many calls that find it away say so once. */
export class Patience {
  private awaySince: number | undefined;

  constructor(private readonly options: PatienceOptions) {}

  /** @throws StillAway */
  async until<T>(work: () => Promise<Tried<T>>): Promise<T> {
    const { giveUpAfterMs, signal } = this.options;
    const start = performance.now();
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const tried = await work();
      if ('value' in tried) {
        this.isBack();
        return tried.value;
      }
      const wait = Math.max(pause * (0.75 + Math.random() / 2), tried.retryAfterMs ?? 0);
      if (performance.now() + wait - start > giveUpAfterMs) throw new StillAway(tried.away, tried.status);
      this.isAway(tried.away);
      await delay(wait, undefined, { signal });
    }
  }

  private isAway(reason: string): void {
    if (this.awaySince !== undefined) return;
    this.awaySince = performance.now();
    this.options.note(`${reason} Waiting for it …`);
  }

  private isBack(): void {
    if (this.awaySince === undefined) return;
    const seconds = Math.round((performance.now() - this.awaySince) / 1000);
    this.awaySince = undefined;
    this.options.note(`It answers again, after ${seconds} s; going on.`);
  }
}
