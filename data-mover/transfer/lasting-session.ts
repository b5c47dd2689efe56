// A session in Mediaflux that lasts as long as its transfer: its credential is renewed before it ends, and a Mediaflux that is
// away is waited for.

import { isMediafluxError, type Transport } from '../../src/mediaflux/protocol/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import type { Credential } from '../dispatch-api/client.js';
import type { Proxy } from '../network/proxies.js';
import { ProxyRefused, refusedBy, wayOf } from '../network/through-proxy.js';
import { Patience, type PatienceOptions, type Tried } from '../patience.js';
import { awayOf, permanentTrouble } from './mediaflux-trouble.js';

export interface LastingSessionOptions extends PatienceOptions {
  renew(): Promise<Credential>;
  /** From now until an instant of the server's. */
  millisecondsUntil(instant: string): number;
  /** Milliseconds of a clock that nobody sets; the usual one if left out. */
  now?: () => number;
}

/** One file that is refused for a reason of its own has the server asked; the next ones soon after it have not. */
const ASKED_AGAIN_AFTER_MS = 30_000;

export class LastingSession {
  private readonly patience: Patience;
  private session: MediafluxSession;
  private renewAt: number;
  private renewing: Promise<void> | undefined;
  private readonly now: () => number;
  /** When it was last asked whether the transfer goes on. */
  private askedAt = -Infinity;

  constructor(
    private credential: Credential,
    private readonly transport: Transport,
    private readonly proxy: Proxy | undefined,
    private readonly options: LastingSessionOptions,
  ) {
    this.now = options.now ?? (() => performance.now());
    this.patience = new Patience(options);
    this.session = this.sessionOf(credential);
    this.renewAt = this.renewalOf(credential);
  }

  get namespace(): string {
    return this.credential.namespace;
  }

  async logoff(): Promise<void> {
    // A credential that has ended has no session left to end.
    await this.session.logoff().catch((error: unknown) => {
      if (!isMediafluxError(error) && !(error instanceof DOMException) && !(error instanceof ProxyRefused)) throw error;
    });
  }

  /** @throws Failure what will not pass; the reason of `signal`; what `work` throws */
  with<T>(work: (session: MediafluxSession) => Promise<T>, signal: AbortSignal): Promise<T> {
    const tried = async (): Promise<Tried<T>> => {
      try {
        return { value: await this.withRenewal(work, signal) };
      } catch (caught) {
        signal.throwIfAborted();
        const error = refusedBy(this.proxy, caught, this.credential.url) ?? caught;
        if (error instanceof ProxyRefused && error.isPassing) return { away: error.message };
        const permanent = permanentTrouble(error, this.credential.url, wayOf(this.proxy));
        if (permanent) throw permanent;
        if (isMediafluxError(error, 'unreachable', 'busy')) return awayOf(error, wayOf(this.proxy));
        throw error;
      }
    };
    return this.patience.until(tried, { signal });
  }

  /**
   * One file may take longer than any number of credentials live: whenever one has come to its end, the work goes on with
   * the next. One that is refused before that is replaced once.
   */
  private async withRenewal<T>(work: (session: MediafluxSession) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.now() >= this.renewAt) await this.renewOnce(this.session);
    for (let refusedEarly = 0; ;) {
      const { session, renewAt } = this;
      try {
        return await work(session);
      } catch (error) {
        signal.throwIfAborted();
        if (!this.mayMeanTheCredential(error)) throw error;
        refusedEarly = this.now() < renewAt ? refusedEarly + 1 : 0;
        if (refusedEarly > 1) throw error;
        await this.renewOnce(session);
      }
    }
  }

  /**
   * A session may outlive its token and the rights that were taken away, and be told only that it may not: whether the
   * upload goes on the dispatch server knows. For a while after its answer a Mediaflux that refuses means what it says; a
   * transfer of days may be stopped at any time after that.
   */
  private mayMeanTheCredential(error: unknown): boolean {
    if (isMediafluxError(error, 'not-authenticated', 'session-expired')) return true;
    if (!isMediafluxError(error, 'not-permitted', 'not-found')) return false;
    const now = this.now();
    if (now < this.askedAt + ASKED_AGAIN_AFTER_MS) return false;
    this.askedAt = now;
    return true;
  }

  /** The first of many that find the credential at its end asks for the next; the others wait for it. */
  private renewOnce(stale: MediafluxSession): Promise<void> {
    if (this.session !== stale) return Promise.resolve();
    this.renewing ??= this.options
      .renew()
      .then((credential) => {
        this.credential = credential;
        this.renewAt = this.renewalOf(credential);
        this.session = this.sessionOf(credential);
      })
      .finally(() => {
        this.renewing = undefined;
      });
    return this.renewing;
  }

  /** When the last quarter of its life begins. */
  private renewalOf(credential: Credential): number {
    return this.now() + Math.max(1_000, this.options.millisecondsUntil(credential.expiresAt) * 0.75);
  }

  private sessionOf(credential: Credential): MediafluxSession {
    return new MediafluxSession({ transport: this.transport, credentials: { token: credential.token } });
  }
}
