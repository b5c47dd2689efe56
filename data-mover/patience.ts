// Waiting for a server that is away: longer from try to try, with each reason shown once, up to a limit.

import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failures.js';
import { nextWaitMs } from './patience.rules.js';
import { duration } from './report/units.js';

export interface PatienceOptions {
  giveUpAfterMs: number;
  /** Told why it waits, and when it no longer does. */
  note(message: string): void;
  signal: AbortSignal;
}

/** What one try found: an answer, or that whoever was asked is away. */
export type Tried<T> = { value: T } | { away: string; retryAfterMs?: number | undefined; status?: number };

/** It was waited for, and has to be waited for still: nothing is wrong with what was asked. */
export class WaitedInVain extends Failure {
  constructor(
    readonly reason: string,
    whatToDo: string,
    status?: number,
  ) {
    super(`${reason} ${whatToDo}`, 1, undefined, status);
  }
}

/** It stayed away for longer than it is waited for. */
export class StillAway extends WaitedInVain {
  /** @param status what the dispatch server answered; undefined where nothing did */
  constructor(reason: string, status: number | undefined) {
    super(reason, 'Run the same command again to go on.', status);
  }
}

/** A timer of Node holds 24.8 days; a longer one would go off at once. */
const LONGEST_TIMER_MS = 86_400_000;
/** A server may say something new at each try. */
const MOST_REASONS = 20;

/** One for each server, so that many calls that find it away say so once. */
export class Patience {
  private awaySince: number | undefined;
  private readonly told = new Set<string>();

  constructor(private readonly options: PatienceOptions) {}

  /**
   * @param limits other ones than the usual
   * @throws StillAway, and the reason of the signal
   */
  async until<T>(
    work: () => Promise<Tried<T>>,
    limits: Partial<Pick<PatienceOptions, 'giveUpAfterMs' | 'signal'>> = {},
  ): Promise<T> {
    const { giveUpAfterMs, signal } = { ...this.options, ...limits };
    const start = performance.now();
    for (let tries = 1; ; tries += 1) {
      const tried = await work();
      if ('value' in tried) {
        this.isBack();
        return tried.value;
      }
      const { away, retryAfterMs, status } = tried;
      const elapsedMs = performance.now() - start;
      const wait = nextWaitMs({ tries, retryAfterMs, elapsedMs, giveUpAfterMs, random: Math.random() });
      if (wait === undefined) throw new StillAway(away, status);
      this.isAway(away, wait, retryAfterMs !== undefined && wait >= retryAfterMs, giveUpAfterMs - elapsedMs);
      await pause(wait, signal);
    }
  }

  private isAway(reason: string, wait: number, asItAsked: boolean, left: number): void {
    this.awaySince ??= performance.now();
    if (this.told.has(reason) || this.told.size >= MOST_REASONS) return;
    this.told.add(reason);
    const next = asItAsked ? `next try in ${duration(wait / 1_000)}, as it asks` : 'it is tried again and again';
    this.options.note(`${reason} Waiting for it, for up to ${duration(left / 1_000)}; ${next} …`);
  }

  private isBack(): void {
    if (this.awaySince === undefined) return;
    const away = (performance.now() - this.awaySince) / 1_000;
    this.awaySince = undefined;
    this.told.clear();
    this.options.note(`It answers again, after ${duration(away)}; going on.`);
  }
}

async function pause(wait: number, signal: AbortSignal): Promise<void> {
  for (let left = wait; left > 0; left -= LONGEST_TIMER_MS)
    await delay(Math.min(left, LONGEST_TIMER_MS), undefined, { signal });
}
