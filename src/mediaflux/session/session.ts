// One logon for any number of calls at once: renewed once when it has run out, never repeated with credentials that
// were refused (accounts get locked), and given up for a moment when the server cannot be reached.

import { setTimeout as delay } from 'node:timers/promises';
import {
  type ContentSource,
  executeCall,
  type HttpReply,
  isMediafluxError,
  MediafluxError,
  multipartBody,
  PACKET_TYPE,
  type PacketContent,
  packetRequest,
  readItems,
  readPacketReply,
  readXml,
  requestDocument,
  resultOf,
  type ServiceCall,
  Transport,
  transportError,
  textAt,
  xml,
  type XmlElement,
} from '../protocol/index.js';

import { Account, Breaker, type BreakerState } from './breaker.js';

export type Credentials = { token: string } | { domain: string; user: string; password: string };

export interface SessionOptions {
  transport: Transport;
  credentials: Credentials;
  /** Milliseconds on any clock that runs forward. */
  now?: () => number;
  /** From 0 to below 1; spreads repeats. */
  random?: () => number;
}

export interface CallOptions {
  /** The call may be made twice without harm; only such calls are repeated after a broken connection. */
  repeatable?: boolean;
  signal?: AbortSignal | undefined;
}

const TRIES = 3;

export class MediafluxSession {
  private key: Promise<string> | undefined;
  private readonly breaker: Breaker;
  private readonly account: Account;
  private readonly random: () => number;

  constructor(
    private readonly options: SessionOptions,
    known: { breaker?: Breaker; account?: Account } = {},
  ) {
    this.breaker = known.breaker ?? new Breaker(options.now ?? (() => performance.now()));
    this.account = known.account ?? new Account();
    this.random = options.random ?? Math.random;
  }

  get state(): BreakerState {
    return {
      reachable: this.breaker.isReachable,
      breakerOpen: this.breaker.isOpen,
      refused: this.account.isRefused,
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
    return this.withSession(options, (key) => this.post({ service, args }, key, options.signal));
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
    if (content && 'open' in content) {
      const call = executeCall(calls);
      return this.withSession(options, (key) => this.postContent(call, content, key, options.signal));
    }
    const call = executeCall(calls, content?.inputTicket);
    return this.withSession(options, (key) => this.post(call, key, options.signal));
  }

  /** One call with content. */
  upload(call: ServiceCall, content: ContentSource, options: CallOptions = {}): Promise<XmlElement> {
    return this.withSession(options, (key) => this.postContent(call, content, key, options.signal));
  }

  /** The children of a large `result`, one by one. @throws MediafluxError also in the middle */
  async *items(service: string, args: readonly XmlElement[], options: CallOptions = {}): AsyncGenerator<XmlElement> {
    const reply = await this.withSession(options, async (key) => {
      const http = await this.options.transport.post(
        requestDocument({ service, args }, key),
        XML_HEADERS,
        options.signal,
      );
      mustBeOk(http, service);
      // A first look is needed to see a session that has run out before anything is handed on.
      const reader = readItems(http.body, 'response/reply/result');
      const first = await reader.next();
      if (first.done) resultOf(first.value, service);
      return { reader, first };
    });
    if (reply.first.done) return;
    yield reply.first.value;
    for (;;) {
      const next = await reply.reader.next().catch((error: unknown) => {
        throw transportError(error, options.signal);
      });
      if (next.done) {
        resultOf(next.value, service);
        return;
      }
      yield next.value;
    }
  }

  /** One call whose reply brings a content, in the packet form (reference 1.6, 5.3). @throws MediafluxError */
  contentOf(service: string, args: readonly XmlElement[], options: CallOptions = {}): Promise<PacketContent> {
    return this.withSession({ repeatable: true, ...options }, async (key) => {
      const body = packetRequest(requestDocument({ service, args }, key, 1));
      const reply = await this.options.transport.post(body, { 'content-type': PACKET_TYPE }, options.signal);
      mustBeOk(reply, service);
      const { document, content } = await readPacketReply(reply.body).catch((error: unknown) => {
        throw transportError(error, options.signal);
      });
      resultOf(readXml(document), service);
      if (!content)
        throw new MediafluxError('malformed-reply', 'Mediaflux answered without the content that was asked for.', {
          service,
        });
      return content;
    });
  }

  /** `GET content.mfjp` of an asset (reference 5.1). The body must be read or dumped. @throws MediafluxError */
  content(assetId: string, options: CallOptions = {}): Promise<HttpReply> {
    return this.withSession({ repeatable: true, ...options }, async (key) => {
      const query = new URLSearchParams({ _skey: key, id: assetId });
      const reply = await this.options.transport.get(`/mflux/content.mfjp?${query.toString()}`, {}, options.signal);
      if (reply.status === 200) return reply;
      const text = await bodyText(reply);
      if (/session is not valid/i.test(text) || reply.status === 401)
        throw new MediafluxError('session-expired', 'The session is over.');
      throw new MediafluxError(
        reply.status === 403 ? 'not-permitted' : reply.status === 404 ? 'not-found' : 'service-error',
        `Mediaflux answered ${reply.status} for the content of asset ${assetId}.`,
      );
    });
  }

  /** Ends the session in Mediaflux, if there is one. */
  async logoff(): Promise<void> {
    const key = await this.key?.catch(() => undefined);
    this.key = undefined;
    if (key !== undefined) await this.post({ service: 'system.logoff', args: [] }, key, AbortSignal.timeout(2_000));
  }

  private async withSession<T>(options: CallOptions, work: (key: string) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(options, work);
      } catch (error) {
        const isWorthIt =
          options.repeatable === true && attempt < TRIES && isMediafluxError(error, 'unreachable', 'busy');
        if (!isWorthIt || this.breaker.isOpen) throw error;
        await delay((100 << (2 * (attempt - 1))) * (0.5 + this.random()), undefined, { signal: options.signal });
      }
    }
  }

  private async once<T>(options: CallOptions, work: (key: string) => Promise<T>): Promise<T> {
    this.breaker.letThrough();
    try {
      const key = this.logon();
      let answer: T;
      try {
        answer = await work(await key);
      } catch (error) {
        if (!isMediafluxError(error, 'session-expired')) throw error;
        // The first of many calls that find the session over makes the new one; the others wait for it.
        if (this.key === key) this.key = undefined;
        answer = await work(await this.logon());
      }
      this.breaker.answered();
      return answer;
    } catch (error) {
      const known = transportError(error, options.signal);
      if (isMediafluxError(known, 'unreachable')) this.breaker.failed();
      else if (isMediafluxError(known)) this.breaker.answered();
      throw known;
    }
  }

  private logon(): Promise<string> {
    this.account.mustNotBeRefused();
    if (!this.key) {
      const key = this.openSession();
      this.key = key;
      key.catch(() => {
        if (this.key === key) this.key = undefined;
      });
    }
    return this.key;
  }

  private async openSession(): Promise<string> {
    const { credentials } = this.options;
    const args =
      'token' in credentials
        ? [xml('token', credentials.token)]
        : [xml('domain', credentials.domain), xml('user', credentials.user), xml('password', credentials.password)];
    try {
      const result = await this.post({ service: 'system.logon', args }, undefined, undefined);
      const key = textAt(result, 'session')?.trim();
      if (key === undefined || key === '') throw refusedLogon();
      return key;
    } catch (error) {
      // Whatever a server says to a logon that it answers at all, the credentials will not be better the next time.
      if (
        isMediafluxError(error, 'not-authenticated', 'service-error', 'not-permitted', 'not-found', 'invalid-arguments')
      ) {
        const refusal = refusedLogon(error);
        this.account.refuse(refusal);
        throw refusal;
      }
      throw error;
    }
  }

  private async post(call: ServiceCall, key: string | undefined, signal: AbortSignal | undefined): Promise<XmlElement> {
    const reply = await this.options.transport.post(requestDocument(call, key), XML_HEADERS, signal);
    return this.result(reply, call.service, signal);
  }

  private async postContent(
    call: ServiceCall,
    content: ContentSource,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<XmlElement> {
    const body = multipartBody(requestDocument(call, key), content);
    const headers = { 'content-type': body.contentType, 'content-length': String(body.contentLength) };
    return this.result(
      await this.options.transport.post(await smallInOne(body), headers, signal),
      call.service,
      signal,
    );
  }

  private async result(reply: HttpReply, service: string, signal: AbortSignal | undefined): Promise<XmlElement> {
    mustBeOk(reply, service);
    try {
      const reader = readItems(reply.body, undefined);
      for (;;) {
        const next = await reader.next();
        if (next.done) return resultOf(next.value, service);
      }
    } catch (error) {
      throw transportError(error, signal);
    }
  }
}

const XML_HEADERS = { 'content-type': 'text/xml; charset=utf-8' };
const SMALL_BODY = 256 * 1024;

/** A small body goes out in one write, which saves a round trip of packets for each file. */
async function smallInOne(body: ReturnType<typeof multipartBody>): Promise<Buffer | AsyncIterable<Uint8Array>> {
  if (body.contentLength > SMALL_BODY) return body.stream();
  const parts: Uint8Array[] = [];
  for await (const part of body.stream()) parts.push(part);
  return Buffer.concat(parts);
}

function mustBeOk(reply: HttpReply, service: string): void {
  if (reply.status === 200) return;
  void reply.body.dump();
  const kind =
    reply.status === 503 || reply.status === 429 ? 'busy' : reply.status >= 500 ? 'unreachable' : 'malformed-reply';
  throw new MediafluxError(kind, `Mediaflux answered with HTTP status ${reply.status}.`, { service });
}

async function bodyText(reply: HttpReply): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of reply.body) if (parts.length < 64) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

const refusedLogon = (cause?: unknown) =>
  new MediafluxError(
    'not-authenticated',
    'Mediaflux refuses the logon: the domain, user, password or token is not right, or the token has ended.',
    {
      service: 'system.logon',
      cause,
    },
  );
