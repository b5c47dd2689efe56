// What is known of one account: whether the server turned it away. A wrong password that is repeated locks accounts, so
// after a refusal that leaves no doubt nothing is tried until the settings change, and after any other error of a logon
// only now and then.

import { MediafluxError } from '../protocol/index.js';

export type Credentials = { token: string } | { domain: string; user: string; password: string };

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

export class Account {
  private refusal: MediafluxError | undefined;
  private pausedUntil = 0;
  private pauseMs = FIRST_PAUSE_MS;

  /** @param now milliseconds on any clock that runs forward */
  constructor(private readonly now: () => number) {}

  get isRefused(): boolean {
    return this.refusal !== undefined && this.pausedUntil === 0;
  }

  /** Until the next logon may be tried; 0: at once, or never. */
  get pauseLeftMs(): number {
    return Math.max(0, this.pausedUntil - this.now());
  }

  /** @throws MediafluxError not-authenticated, as it was told */
  mayLogOn(): void {
    if (this.refusal && (this.isRefused || this.pauseLeftMs > 0)) throw this.refusal;
  }

  accepted(): void {
    this.refusal = undefined;
    this.pausedUntil = 0;
    this.pauseMs = FIRST_PAUSE_MS;
  }

  /** For good. */
  refused(error?: MediafluxError): MediafluxError {
    this.pausedUntil = 0;
    this.refusal = new MediafluxError(
      'not-authenticated',
      'Mediaflux refuses the logon: the domain, user, password or token is not right, or the token has ended.',
      { service: 'system.logon', version: error?.version, causes: error ? [error.message] : [], cause: error },
    );
    return this.refusal;
  }

  /** For a while that grows: what the server said need not mean the credentials. */
  failed(error: MediafluxError): MediafluxError {
    this.pausedUntil = this.now() + this.pauseMs;
    this.refusal = new MediafluxError(
      'not-authenticated',
      'Mediaflux did not take the logon, and does not say that the credentials are wrong; it is tried again after a pause.',
      { service: 'system.logon', version: error.version, causes: [error.message, ...error.causes], cause: error },
    );
    this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
    return this.refusal;
  }
}
