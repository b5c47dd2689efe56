// Keeps calls from a Mediaflux that is away, so that it does not tie up every worker; and from a logon that was refused,
// since repeating a wrong password locks accounts.

import { MediafluxError } from '../protocol/index.js';

const FAILURES_THAT_OPEN = 4;
const OPEN_FOR_MS = 3_000;

export interface BreakerState {
  reachable: boolean;
  /** Calls fail at once, without a try, until a moment has passed; then one at a time finds out. */
  breakerOpen: boolean;
  /** The credentials were refused; nothing is tried until they are changed. */
  refused: boolean;
}

/** What is known of one server by all sessions with it. */
export class Breaker {
  private failures = 0;
  private openUntil = 0;

  /** @param now milliseconds on any clock that runs forward */
  constructor(private readonly now: () => number) {}

  get isReachable(): boolean {
    return this.failures < FAILURES_THAT_OPEN;
  }

  get isOpen(): boolean {
    return this.openUntil > this.now();
  }

  /** Once it has been open, one call goes through for each period, until one succeeds. @throws MediafluxError unreachable */
  letThrough(): void {
    if (this.isOpen)
      throw new MediafluxError(
        'unreachable',
        'Mediaflux could not be reached a moment ago; it is asked again in a few seconds.',
      );
    if (!this.isReachable) this.openUntil = this.now() + OPEN_FOR_MS;
  }

  answered(): void {
    this.failures = 0;
    this.openUntil = 0;
  }

  failed(): void {
    this.failures += 1;
    if (!this.isReachable) this.openUntil = this.now() + OPEN_FOR_MS;
  }
}

/** What is known of one account: whether the server turned it away. */
export class Account {
  private refusal: MediafluxError | undefined;

  get isRefused(): boolean {
    return this.refusal !== undefined;
  }

  /** @throws MediafluxError not-authenticated, as it was told */
  mustNotBeRefused(): void {
    if (this.refusal) throw this.refusal;
  }

  refuse(refusal: MediafluxError): void {
    this.refusal = refusal;
  }
}
