// A session with one server as one account, for any number of calls at once: renewed once when it has run out, never
// repeated with credentials that were refused, and given up for a moment when the server cannot be reached.

import {
  type ContentSource,
  executeCall,
  type Into,
  type PacketContent,
  type ServiceCall,
  type Transport,
  type XmlElement,
} from '../protocol/index.js';
import { Account, type Credentials } from './account.js';
import { Attempts, type CallOptions } from './attempts.js';
import { Breaker } from './breaker.js';
import { type Came, Exchange } from './exchange.js';
import { Logon } from './logon.js';
import { Secrets } from './secrets.js';

export interface SessionOptions {
  transport: Transport;
  credentials: Credentials;
  /** Milliseconds on any clock that runs forward. */
  now?: () => number;
  /** From 0 to below 1; spreads repeats. */
  random?: () => number;
}

export interface SessionState {
  reachable: boolean;
  /** Calls fail at once, without a try, until a moment has passed; then one at a time finds out. */
  breakerOpen: boolean;
  /** The credentials were refused; nothing is tried until they are changed. */
  refused: boolean;
  /** Until a logon is tried again that failed in words which may not mean the credentials; 0 otherwise. */
  logonPauseMs: number;
}

/** The one session that something lives in, as an iterator does. @throws MediafluxError session-expired: it is lost */
export interface SameSession {
  call(service: string, args: readonly XmlElement[], options?: CallOptions): Promise<XmlElement>;
  /**
   * Each child of a large `result` told to `take`, once all of the answer is here.
   * @param options `came` is told of the answer, and waited for, before any of it is read
   */
  tell(
    service: string,
    args: readonly XmlElement[],
    take: (item: XmlElement) => void,
    options?: CallOptions & { came?: Came },
  ): Promise<void>;
}

const LOGOFF_LIMIT_MS = 2_000;

export class MediafluxSession {
  private readonly breaker: Breaker;
  private readonly account: Account;
  private readonly exchange: Exchange;
  private readonly logon: Logon;
  private readonly attempts: Attempts;

  constructor(
    private readonly options: SessionOptions,
    known: { breaker?: Breaker; account?: Account } = {},
  ) {
    const now = options.now ?? (() => performance.now());
    const secrets = new Secrets(options.credentials);
    this.breaker = known.breaker ?? new Breaker(now);
    this.account = known.account ?? new Account(now);
    this.exchange = new Exchange(options.transport, this.breaker);
    this.logon = new Logon(options.credentials, this.account, secrets, (args) =>
      this.exchange.result({ service: 'system.logon', args }, undefined),
    );
    this.attempts = new Attempts(this.breaker, this.logon, secrets, options.random ?? Math.random);
  }

  get state(): SessionState {
    return {
      reachable: this.breaker.isReachable,
      breakerOpen: this.breaker.isOpen,
      refused: this.account.isRefused,
      logonPauseMs: this.account.pauseLeftMs,
    };
  }

  /** A session of its own on the same server: as the same account, which is refused once for all, or as another. */
  another(credentials?: Credentials): MediafluxSession {
    return credentials
      ? new MediafluxSession({ ...this.options, credentials }, { breaker: this.breaker })
      : new MediafluxSession(this.options, { breaker: this.breaker, account: this.account });
  }

  /** The `result` of one call. @throws MediafluxError */
  call(service: string, args: readonly XmlElement[] = [], options: CallOptions = {}): Promise<XmlElement> {
    return this.attempts.run(service, options, (key) => this.exchange.result({ service, args }, key, options));
  }

  /** A call whose answer names something that lives in the session, and that session to go on with. */
  begin(
    service: string,
    args: readonly XmlElement[],
    options: CallOptions = {},
  ): Promise<{ result: XmlElement; within: SameSession }> {
    return this.attempts.run(service, options, async (key) => ({
      result: await this.exchange.result({ service, args }, key, options),
      within: this.same(key),
    }));
  }

  /**
   * Several calls in one `service.execute`; with `content`, for the first that takes some: bytes to send, or the ticket of
   * an IO job that holds them already.
   */
  execute(
    calls: readonly ServiceCall[],
    content?: ContentSource | { inputTicket: string },
    options: CallOptions = {},
  ): Promise<XmlElement> {
    if (content && 'open' in content) return this.upload(executeCall(calls), content, options);
    const { service, args } = executeCall(calls, content?.inputTicket);
    return this.call(service, args, options);
  }

  /** One call with content. @throws MediafluxError, and what the source of the content threw, as it is */
  upload(call: ServiceCall, content: ContentSource, options: CallOptions = {}): Promise<XmlElement> {
    return this.attempts.run(call.service, options, (key) => this.exchange.resultOfUpload(call, content, key, options));
  }

  /**
   * What `take` makes of each child of the element at `itemsAt` (names from the root, as in `response/reply/result`), for an
   * answer of any length of which little is kept. Read whole within the call, and so repeated whole where it may be.
   * @throws MediafluxError
   */
  gather<T>(
    service: string,
    args: readonly XmlElement[],
    itemsAt: string,
    take: (item: XmlElement) => readonly T[],
    options: CallOptions = {},
  ): Promise<T[]> {
    return this.attempts.run(service, options, (key) =>
      this.exchange.gather({ service, args }, itemsAt, take, key, options.signal),
    );
  }

  /**
   * One call whose reply brings a content, in the packet form (reference 1.6, 5.3). Its body must be read or left.
   * @throws MediafluxError
   */
  contentOf(service: string, args: readonly XmlElement[], options: CallOptions = {}): Promise<PacketContent> {
    return this.attempts.run(service, { repeatable: true, ...options }, (key) =>
      this.exchange.packetContent({ service, args }, key, options.signal),
    );
  }

  /** The same of a short content, all of it at once, where the caller wants it. @throws MediafluxError */
  wholeContentOf(service: string, args: readonly XmlElement[], into: Into, options: CallOptions = {}): Promise<Buffer> {
    return this.attempts.run(service, { repeatable: true, ...options }, (key) =>
      this.exchange.wholePacketContent({ service, args }, key, into, options),
    );
  }

  /** `GET content.mfjp` of an asset (reference 5.1). It must be read or left. @throws MediafluxError */
  content(
    assetId: string,
    { isLarge, ...options }: CallOptions & { isLarge?: boolean } = {},
  ): Promise<AsyncIterableIterator<Buffer>> {
    return this.attempts.run('content.mfjp', { repeatable: true, ...options }, (key) =>
      this.exchange.content(assetId, key, options.signal, isLarge),
    );
  }

  /** The same of a small content, all of it at once. @throws MediafluxError */
  wholeContent(assetId: string, options: CallOptions = {}): Promise<Buffer> {
    return this.attempts.run('content.mfjp', { repeatable: true, ...options }, (key) =>
      this.exchange.wholeContent(assetId, key, options.signal),
    );
  }

  /** `system.logoff`, if there is a session; within two seconds. @throws MediafluxError it could not be told */
  async logoff(): Promise<void> {
    const limit = AbortSignal.timeout(LOGOFF_LIMIT_MS);
    const key = await this.logon.giveUp(limit);
    if (key === undefined) return;
    try {
      await this.exchange.result({ service: 'system.logoff', args: [] }, key, { signal: limit });
    } catch (error) {
      throw this.attempts.leaving(error, limit, 'system.logoff');
    }
  }

  private same(key: string): SameSession {
    return {
      call: (service, args, options = {}) =>
        this.attempts.run(service, options, () => this.exchange.result({ service, args }, key, options), key),
      tell: (service, args, take, options = {}) =>
        this.attempts.run(service, options, () => this.exchange.tell({ service, args }, take, key, options), key),
    };
  }
}
