// The dispatch server's REST API, as this program uses it. A server that is away is waited for, with the reason shown.

import { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { Failure } from '../failures.js';
import { type Environment, type Proxy, proxyFor } from '../network/proxies.js';
import { ProxyRefused, refusedBy, throughProxy, wayOf } from '../network/through-proxy.js';
import { Patience, type Tried } from '../patience.js';
import { retryAfterMs } from '../patience.rules.js';
import { PROGRAM } from '../version.js';
import { failureOf, jsonOf, movedTo, problemOf } from './answers.js';
import { connectionTrouble, refusedOnTheWay } from './trouble.js';

export interface ClientOptions {
  server: string;
  /** Of an upload shareable; links carry theirs in the address. */
  token?: string;
  /** How long a server that is away is waited for. */
  giveUpAfterMs: number;
  /** Told why a server is waited for. */
  note(message: string): void;
  signal: AbortSignal;
  /** Names the proxies of the network; left out: there are none. */
  env?: Environment;
}

export interface Credential {
  url: string;
  namespace: string;
  token: string;
  expiresAt: string;
}

/** A folder of its own in Mediaflux to try the connection with, for minutes. */
export interface Trial {
  id: string;
  mediaflux: Credential;
  warnings: string[];
}

/** Of an upload that cannot go on, since its folder is no longer in Mediaflux. */
export const FOLDER_GONE = 'urn:instrument-dispatch:problem:folder-gone';

/** Of a download that the server took for complete, whether the program heard so or not. */
export const DOWNLOAD_COMPLETE = 'urn:instrument-dispatch:problem:download-complete';

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

const PAGE_ITEMS = 1_000;
/** A server that takes longer to answer what is only good to know is away. */
const TELLING_MS = 30_000;

/** Of all clients that go through no proxy, as one connection serves what comes after another. */
const direct = new Agent();

type Headers = Record<string, string | string[] | undefined>;

export class DispatchClient {
  /** How far this computer's clock is ahead of the server's, as its last answer told; the network's time is in it. */
  clockAheadMs = 0;
  /** Through which the server is reached, where it is not reached directly. */
  readonly proxy: Proxy | undefined;
  private readonly patience: Patience;
  private readonly dispatcher: Dispatcher;

  /** @throws Failure the environment names a proxy that is none */
  constructor(readonly options: ClientOptions) {
    this.proxy = proxyFor(options.server, options.env ?? {});
    this.dispatcher = this.proxy ? throughProxy(this.proxy, {}) : direct;
    this.patience = new Patience(options);
  }

  /** The answer's JSON. @param headers made anew for each try, where that is asked for @throws Failure what the server said, with the exit code that fits */
  call<T>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> | (() => Record<string, string>) = {},
  ): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
    return this.patience.until(() => {
      const more = typeof headers === 'function' ? headers() : headers;
      return this.once(method, path, text ?? null, { ...type, ...more }) as Promise<Tried<T>>;
    });
  }

  /** Of a list in pages, in their order; each is asked for while the one before is used. @throws Failure, StillAway */
  async *items<T>(path: string): AsyncGenerator<T> {
    let coming: Promise<Page<T>> | undefined = this.call<Page<T>>('GET', `${path}?limit=${PAGE_ITEMS}`);
    while (coming) {
      const { items, nextCursor }: Page<T> = await coming;
      coming = undefined;
      if (nextCursor !== null) {
        coming = this.call<Page<T>>('GET', `${path}?limit=${PAGE_ITEMS}&cursor=${encodeURIComponent(nextCursor)}`);
        // Told to whoever waits for it; until then it must not end the process.
        coming.catch(() => undefined);
      }
      yield* items;
    }
  }

  /** For what is good to know and not worth a wait: a server that is away is not waited for. @throws Failure, StillAway */
  async tell(path: string, body: unknown): Promise<void> {
    await this.askAtOnce(path, body);
  }

  /** A question that is not worth a wait. @throws Failure what the server said; StillAway */
  askAtOnce<T>(path: string, body: unknown): Promise<T> {
    const type = { 'content-type': 'application/json' };
    return this.patience.until(
      () => this.once('POST', path, JSON.stringify(body), type, { answersWithinMs: TELLING_MS }) as Promise<Tried<T>>,
      { giveUpAfterMs: 0 },
    );
  }

  /** @throws Failure what the server said; StillAway */
  openTrial(client: { program: string; host: string; os: string }): Promise<Trial> {
    return this.call<Trial>('POST', '/api/v1/shareable/trial', { client });
  }

  /** @throws Failure, StillAway: the server takes away what is left by itself */
  async endTrial(id: string): Promise<void> {
    await this.call('DELETE', `/api/v1/shareable/trial/${id}`);
  }

  /**
   * Sends a manifest's lines as a stream, afresh at each try, and answers its id. Undefined: the server tells none, or the
   * answer to an earlier try was lost, so that either may be the one that counts.
   * @throws what the source of the lines threw
   */
  async sendManifest(path: string, parts: () => Iterable<string>): Promise<string | undefined> {
    const type = { 'content-type': 'application/x-ndjson' };
    let tries = 0;
    return this.patience.until(async () => {
      tries += 1;
      const source = new WatchedSource(parts());
      let id: string | undefined;
      const take = (headers: Headers) => void (id = headers['manifest-id']?.toString());
      try {
        const tried = await this.once('PUT', path, Readable.from(source, { objectMode: false }), type, {
          takeHeaders: take,
        });
        return 'value' in tried ? { value: tries === 1 ? id : undefined } : tried;
      } catch (error) {
        throw source.fault ? source.fault.error : error;
      }
    });
  }

  /** Milliseconds from now until an instant that the server told, whatever this computer's clock shows. */
  millisecondsUntil(instant: string): number {
    return Date.parse(instant) - (Date.now() - this.clockAheadMs);
  }

  private async once(
    method: string,
    path: string,
    body: string | Readable | null,
    headers: Record<string, string>,
    { takeHeaders, answersWithinMs }: { takeHeaders?: (headers: Headers) => void; answersWithinMs?: number } = {},
  ): Promise<Tried<unknown>> {
    const { server, token, signal } = this.options;
    const { origin, pathname, search } = new URL(`${server}${path}`);
    let reply: Dispatcher.ResponseData;
    let text: string;
    try {
      reply = await this.dispatcher.request({
        origin,
        path: pathname + search,
        method,
        headers: {
          accept: 'application/json',
          // The server warns of a clock that is off.
          date: new Date().toUTCString(),
          'user-agent': PROGRAM,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body,
        signal,
        ...(answersWithinMs === undefined ? {} : { headersTimeout: answersWithinMs, bodyTimeout: answersWithinMs }),
      });
      text = await reply.body.text();
    } catch (caught) {
      signal.throwIfAborted();
      const error = refusedBy(this.proxy, caught, server) ?? caught;
      if (error instanceof ProxyRefused && error.isPassing) return { away: error.message };
      const trouble = error instanceof Failure ? error : connectionTrouble(error, server, wayOf(this.proxy));
      if (trouble === undefined || trouble instanceof Failure) throw trouble ?? error;
      return trouble;
    }
    const at = Date.parse(String(reply.headers['date']));
    if (!Number.isNaN(at)) this.clockAheadMs = Date.now() - at;
    const status = reply.statusCode;
    takeHeaders?.(reply.headers);
    if (status < 300) return { value: text === '' ? undefined : jsonOf(text, server, reply.headers['content-type']) };
    if (status < 400) throw movedTo(server, status, reply.headers['location']);
    const problem = problemOf(text);
    if (status >= 500 || status === 429 || status === 408)
      return {
        away: problem?.detail ?? `The server ${server} answered ${status}.`,
        status,
        retryAfterMs: retryAfterMs(reply.headers['retry-after'], reply.headers['date'], Date.now()),
      };
    if (!problem) throw refusedOnTheWay(server, status, reply.headers['content-type']);
    throw failureOf(status, problem, path, server);
  }
}

/** Lines on their way; a fault of their source, as of a disk, is none of the server's. */
class WatchedSource implements Iterable<string> {
  fault: { error: unknown } | undefined;

  constructor(private readonly parts: Iterable<string>) {}

  *[Symbol.iterator](): Generator<string> {
    try {
      yield* this.parts;
    } catch (error) {
      this.fault = { error };
      throw error;
    }
  }
}
