// Keeps calls from a Mediaflux that is away, so that it does not tie up every worker.

import { AnsweredByStatus, isMediafluxError, NoConnectionFree, TimeLimitPassed } from '../protocol/index.js';

const FAILURES_THAT_OPEN = 4;
const FIRST_PAUSE_MS = 3_000;
const LONGEST_PAUSE_MS = 60_000;

/** Nothing was sent: the server did not answer a moment ago. */
export class BreakerOpen extends Error {
  constructor() {
    super('Mediaflux could not be reached a moment ago; it is asked again in a while.');
  }
}

/** What is known of one server by all sessions with it. */
export class Breaker {
  private failures = 0;
  private openUntil = 0;
  private pauseMs = FIRST_PAUSE_MS;
  private isProbing = false;
  private whenOpens = new AbortController();

  /** @param now milliseconds on any clock that runs forward */
  constructor(private readonly now: () => number) {}

  get isReachable(): boolean {
    return this.failures < FAILURES_THAT_OPEN;
  }

  get isOpen(): boolean {
    return this.openUntil > this.now();
  }

  /** Ends what only waits, for a connection or for a logon, when the breaker opens. */
  get opening(): AbortSignal {
    return this.whenOpens.signal;
  }

  /** Once it has been open, one call goes through for each pause, until one succeeds. @throws BreakerOpen */
  letThrough(): void {
    if (this.isOpen) throw new BreakerOpen();
    if (this.isReachable) return;
    this.isProbing = true;
    this.openUntil = this.now() + this.pauseMs;
  }

  /** Takes note of an answer, an error that the server told included; or of a call that ended without one. */
  note(error?: unknown): void {
    if (error === undefined) this.answered();
    else if (!isMediafluxError(error) || error instanceof NoConnectionFree || error instanceof TimeLimitPassed) return;
    else if (isUnanswered(error)) this.failed();
    else this.answered();
  }

  private answered(): void {
    this.failures = 0;
    this.openUntil = 0;
    this.pauseMs = FIRST_PAUSE_MS;
    this.isProbing = false;
  }

  private failed(): void {
    this.failures += 1;
    if (this.isReachable) return;
    // Calls that were on their way when it opened tell nothing new.
    if (this.isOpen && !this.isProbing) return;
    if (this.isProbing) this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
    this.isProbing = false;
    this.openUntil = this.now() + this.pauseMs;
    const waiting = this.whenOpens;
    this.whenOpens = new AbortController();
    waiting.abort(new BreakerOpen());
  }
}

/** Was the server not reached, or not heard from? */
export const isUnanswered = (error: unknown): error is Error =>
  isMediafluxError(error, 'unreachable') && !(error instanceof AnsweredByStatus) && !(error instanceof TimeLimitPassed);
