// How often a call is made: again with a new session where the old one is over, again after a pause where it is safe to
// repeat, and not at all while the breaker is open.

import { setTimeout as delay } from 'node:timers/promises';
import { ConnectFailed, isMediafluxError, MediafluxError, NoConnectionFree, SourceFault } from '../protocol/index.js';
import { type Breaker, BreakerOpen, isUnanswered } from './breaker.js';
import { typedError } from './http-answers.js';
import type { Logon } from './logon.js';
import type { Secrets } from './secrets.js';

export interface CallOptions {
  /**
   * The call may be made twice without harm; only such calls are repeated after a broken connection or a server that is
   * busy. Others only where there was no connection at all: on a kept connection that breaks, nothing tells whether the
   * server has taken the call.
   */
  repeatable?: boolean;
  signal?: AbortSignal | undefined;
  /** For the answer of each try to begin, where the usual is too short. */
  answerWithinMs?: number | undefined;
}

const TRIES = 3;

export class Attempts {
  private readonly told = new WeakSet<Error>();

  /** @param random from 0 to below 1; spreads repeats */
  constructor(
    private readonly breaker: Breaker,
    private readonly logon: Logon,
    private readonly secrets: Secrets,
    private readonly random: () => number,
  ) {}

  /**
   * @param within the key of the session that alone will do, for what lives in it
   * @throws MediafluxError with the service named and no secret in it; what the source of a content threw; the reason of
   * the caller's signal
   */
  async run<T>(service: string, options: CallOptions, work: (key: string) => Promise<T>, within?: string): Promise<T> {
    const { signal } = options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await (within === undefined ? this.once(signal, work) : this.onceWithin(within, work));
      } catch (error) {
        const isLast = attempt === TRIES || this.breaker.isOpen || signal?.aborted === true;
        if (isLast || !isWorthRepeating(error, options)) {
          this.tellBreaker(error);
          throw this.leaving(error, signal, service);
        }
        await this.pause(attempt, signal, service);
      }
    }
  }

  /** The form in which an error leaves a session. */
  leaving(error: unknown, signal: AbortSignal | undefined, service: string): unknown {
    if (error instanceof SourceFault) return error.cause;
    if (error instanceof BreakerOpen) return new MediafluxError('unreachable', error.message, { service });
    return this.secrets.maskIn(typedError(error, signal, service));
  }

  private async once<T>(signal: AbortSignal | undefined, work: (key: string) => Promise<T>): Promise<T> {
    const ends = [this.breaker.opening, ...(signal ? [signal] : [])];
    this.logon.mayLogOn();
    this.breaker.letThrough();
    const key = await this.logon.key(ends);
    try {
      return await work(key);
    } catch (error) {
      if (!isMediafluxError(error, 'session-expired')) throw error;
      this.logon.isOver(key);
      return work(await this.logon.key(ends));
    }
  }

  private async onceWithin<T>(key: string, work: (key: string) => Promise<T>): Promise<T> {
    this.breaker.letThrough();
    try {
      return await work(key);
    } catch (error) {
      if (!isMediafluxError(error, 'session-expired')) throw error;
      this.logon.isOver(key);
      throw new MediafluxError(
        'session-expired',
        'The session in Mediaflux ended, and what it held was lost with it: begin again.',
        { service: error.service, version: error.version, cause: error },
      );
    }
  }

  /** Once for a call, and once for a logon that many calls waited for. */
  private tellBreaker(error: unknown): void {
    if (!isUnanswered(error) || this.told.has(error)) return;
    this.told.add(error);
    this.breaker.note(error);
  }

  private async pause(attempt: number, signal: AbortSignal | undefined, service: string): Promise<void> {
    try {
      await delay(pauseBeforeRepeatMs(attempt, this.random()), undefined, { signal });
    } catch (error) {
      throw this.leaving(error, signal, service);
    }
  }
}

/** About 100 ms after the first try, 400 after the second: from half of that to one and a half. */
export const pauseBeforeRepeatMs = (attempt: number, random: number): number =>
  100 * 4 ** (attempt - 1) * (0.5 + random);

function isWorthRepeating(error: unknown, options: CallOptions): boolean {
  if (error instanceof NoConnectionFree) return false;
  if (error instanceof ConnectFailed) return true;
  return options.repeatable === true && isMediafluxError(error, 'unreachable', 'busy');
}
