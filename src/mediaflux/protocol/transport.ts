// HTTP to one Mediaflux server over kept connections, with limits on how long anything may take.

import { Agent, type Dispatcher } from 'undici';
import { Connections } from './connections.js';
import type { HttpReply } from './http-reply.js';
import { LargeReads } from './large-reads.js';
import { type HttpEnds, ofTimer, type TransportLimits, USUAL_LIMITS, USUAL_READ_BYTES } from './limits.js';
import { transportError } from './network-errors.js';
import { partsOf } from './parts.js';
import { straightContent } from './straight-content.js';
import { StraightPosts } from './straight-posts.js';
import { Gathering, type Into, type WholeReply } from './whole-reply.js';

export class Transport {
  private readonly agent: Dispatcher;
  private readonly connections: Connections;
  private readonly origin: string;
  private readonly basePath: string;
  private readonly reads: LargeReads | undefined;
  private readonly limits: TransportLimits;
  /** Whether large contents may come straight, as far as is known. */
  private mayGetStraight: boolean;
  private readonly straightPosts: StraightPosts;
  /** Whether small contents may go straight, as far as is known. */
  private mayPostStraight: boolean;
  private readonly closing = new AbortController();

  /**
   * @param url the server's base address, as in `https://mediaflux.example.org`
   * @param dispatcherOf makes what sends the requests, where that is not done directly
   */
  constructor(
    readonly url: string,
    limits: Partial<TransportLimits> = {},
    dispatcherOf?: (options: Agent.Options) => Dispatcher,
  ) {
    const address = new URL(url);
    this.origin = address.origin;
    this.basePath = address.pathname.replace(/\/$/, '');
    const all = { ...USUAL_LIMITS, ...limits };
    this.limits = all;
    this.mayGetStraight = dispatcherOf === undefined;
    this.mayPostStraight = this.mayGetStraight;
    this.straightPosts = new StraightPosts(address, all);
    this.connections = new Connections(all.connections, all.connectionWaitMs);
    // Parts are handed on one by one: several that wait for the HTTP client would be copied into one.
    this.reads = all.readBytes > USUAL_READ_BYTES ? new LargeReads(all.readBytes) : undefined;
    const reads = this.reads ? { onread: this.reads.onread(), highWaterMark: 1 } : {};
    const options: Agent.Options = {
      connections: all.connections,
      connect: { timeout: all.connectTimeoutMs, ...reads },
      headersTimeout: all.firstByteTimeoutMs,
      bodyTimeout: all.idleTimeoutMs,
      keepAliveTimeout: 30_000,
      pipelining: 1,
    };
    this.agent = dispatcherOf?.(options) ?? new Agent(options);
  }

  /** @throws MediafluxError unreachable, busy, malformed-reply; and the reason of `ends.signal` */
  post(
    body: string | Buffer | AsyncIterable<Uint8Array>,
    headers: Record<string, string>,
    ends: HttpEnds = {},
  ): Promise<HttpReply> {
    return this.send(
      { method: 'POST', path: '/__mflux_svc__', headers, body: body as Dispatcher.RequestOptions['body'] },
      ends,
    );
  }

  /** @throws MediafluxError as `post` */
  get(path: string, headers: Record<string, string>, ends: HttpEnds = {}): Promise<HttpReply> {
    return this.send({ method: 'GET', path, headers }, ends);
  }

  /** As `get` without headers, of a large content, which comes by a connection of its own. @throws MediafluxError as `post` */
  async getLarge(path: string, ends: HttpEnds = {}): Promise<HttpReply> {
    const reply = this.mayGetStraight ? await this.straight(path, ends) : undefined;
    if (reply) return reply;
    // A server that answers in another way does so always.
    this.mayGetStraight = false;
    return this.get(path, {}, ends);
  }

  /**
   * As `post`, answered when all of the answer is here: for short ones, without what a stream costs.
   * @param into where the body is to lie; left out: where it comes to lie
   */
  postWhole(
    body: string | Buffer | AsyncIterable<Uint8Array>,
    headers: Record<string, string>,
    ends: HttpEnds = {},
    into?: Into,
  ): Promise<WholeReply> {
    return this.sendWhole(
      { method: 'POST', path: '/__mflux_svc__', headers, body: body as Dispatcher.RequestOptions['body'] },
      ends,
      into,
    );
  }

  /**
   * As `postWhole`, of a request that may be made twice, with its body in memory, whose answer is short: on connections on
   * which the next leaves as soon as an answer is here.
   */
  async postSmall(body: Buffer, headers: Record<string, string>, ends: HttpEnds = {}): Promise<WholeReply> {
    const reply = this.mayPostStraight ? await this.straightPost(body, headers, ends) : undefined;
    if (reply) return reply;
    // A server that answers in another way does so always.
    this.mayPostStraight = false;
    return this.postWhole(body, headers, ends);
  }

  /** As `get`, answered when all of the answer is here. */
  getWhole(path: string, headers: Record<string, string>, ends: HttpEnds = {}): Promise<WholeReply> {
    return this.sendWhole({ method: 'GET', path, headers }, ends);
  }

  /**
   * A part of an answer that nobody looks at any more: its memory may be read into again. To be called once for a part, or
   * not at all.
   */
  giveBack(part: Uint8Array): void {
    this.reads?.giveBack(part);
  }

  /** The body of a whole answer that nobody looks at any more, as `giveBack`. */
  giveBackWhole(body: Uint8Array): void {
    this.reads?.giveBackReadsOf([body]);
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.straightPosts.close();
    await this.agent.destroy();
  }

  /** @returns what gives it back */
  private freeConnection({ signal, whileWaiting }: HttpEnds): Promise<() => void> {
    return this.connections.take([signal, whileWaiting].filter((end) => end !== undefined));
  }

  private async straight(path: string, ends: HttpEnds): Promise<HttpReply | undefined> {
    const { signal } = ends;
    const closed = await this.freeConnection(ends);
    try {
      const { limits, reads } = this;
      const { signal: closing } = this.closing;
      const options = { ...limits, reads, signal, closing, closed };
      return await straightContent(new URL(this.url), this.basePath + path, options);
    } catch (error) {
      closed();
      throw transportError(error, signal);
    }
  }

  private async straightPost(
    body: Buffer,
    headers: Record<string, string>,
    ends: HttpEnds,
  ): Promise<WholeReply | undefined> {
    const giveBack = await this.freeConnection(ends);
    try {
      return await this.straightPosts.post(`${this.basePath}/__mflux_svc__`, headers, body, ends);
    } catch (error) {
      throw transportError(error, ends.signal);
    } finally {
      giveBack();
    }
  }

  private async send(options: Omit<Dispatcher.RequestOptions, 'origin'>, ends: HttpEnds): Promise<HttpReply> {
    const { signal } = ends;
    const giveBack = await this.freeConnection(ends);
    try {
      const reply = await this.agent.request({
        ...options,
        origin: this.origin,
        path: this.basePath + options.path,
        ...(signal ? { signal } : {}),
        ...headersTimeout(ends),
      });
      reply.body.once('close', giveBack);
      const { body } = reply;
      const parts = { [Symbol.asyncIterator]: () => partsOf(body), dump: () => body.dump() };
      return { status: reply.statusCode, headers: reply.headers, body: parts };
    } catch (error) {
      giveBack();
      throw transportError(error, signal);
    }
  }

  private async sendWhole(options: Dispatcher.DispatchOptions, ends: HttpEnds, into?: Into): Promise<WholeReply> {
    const { signal } = ends;
    const giveBack = await this.freeConnection(ends);
    let gathering: Gathering | undefined;
    try {
      return await new Promise<WholeReply>((resolve, reject) => {
        const copied = (parts: readonly Buffer[]) => this.reads?.giveBackReadsOf(parts);
        gathering = new Gathering(resolve, reject, signal, copied, into);
        const path = this.basePath + options.path;
        this.agent.dispatch({ ...options, origin: this.origin, path, ...headersTimeout(ends) }, gathering);
      });
    } catch (error) {
      throw transportError(error, signal);
    } finally {
      gathering?.end();
      giveBack();
    }
  }
}

const headersTimeout = ({ answerWithinMs }: HttpEnds): { headersTimeout?: number } =>
  answerWithinMs === undefined ? {} : { headersTimeout: ofTimer(answerWithinMs) };
