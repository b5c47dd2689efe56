// HTTP to one Mediaflux server over kept connections, with limits on how long anything may take.

import { Agent, type Dispatcher } from 'undici';
import { MediafluxError } from './errors.js';

export interface TransportLimits {
  connections: number;
  connectTimeoutMs: number;
  /** Until the answer begins. */
  firstByteTimeoutMs: number;
  /** Between two parts of an answer. */
  idleTimeoutMs: number;
}

const USUAL_LIMITS: TransportLimits = {
  connections: 16,
  connectTimeoutMs: 5_000,
  firstByteTimeoutMs: 120_000,
  idleTimeoutMs: 60_000,
};

export interface HttpReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: AsyncIterable<Buffer> & { dump(): Promise<void> };
}

export class Transport {
  private readonly agent: Agent;
  private readonly origin: string;
  private readonly basePath: string;

  /** @param url the server's base address, as in `https://mediaflux.example.org` */
  constructor(
    readonly url: string,
    limits: Partial<TransportLimits> = {},
  ) {
    const address = new URL(url);
    this.origin = address.origin;
    this.basePath = address.pathname.replace(/\/$/, '');
    const all = { ...USUAL_LIMITS, ...limits };
    this.agent = new Agent({
      connections: all.connections,
      connect: { timeout: all.connectTimeoutMs },
      headersTimeout: all.firstByteTimeoutMs,
      bodyTimeout: all.idleTimeoutMs,
      keepAliveTimeout: 30_000,
      pipelining: 1,
    });
  }

  post(
    body: string | Buffer | AsyncIterable<Uint8Array>,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<HttpReply> {
    return this.send(
      { method: 'POST', path: '/__mflux_svc__', headers, body: body as Dispatcher.RequestOptions['body'] },
      signal,
    );
  }

  get(path: string, headers: Record<string, string>, signal?: AbortSignal): Promise<HttpReply> {
    return this.send({ method: 'GET', path, headers }, signal);
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async send(
    options: Omit<Dispatcher.RequestOptions, 'origin'>,
    signal: AbortSignal | undefined,
  ): Promise<HttpReply> {
    try {
      const reply = await this.agent.request({
        ...options,
        origin: this.origin,
        path: this.basePath + options.path,
        ...(signal ? { signal } : {}),
      });
      return { status: reply.statusCode, headers: reply.headers, body: reply.body };
    } catch (error) {
      throw transportError(error, signal);
    }
  }
}

/** What a failed connection means; an abort of ours and errors that are no network's stay what they are. */
export function transportError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  // One of its forms has no code, so the name decides.
  if ((error as { name?: unknown } | null)?.name === 'HTTPParserError')
    return new MediafluxError('malformed-reply', 'What answers at the address of Mediaflux does not speak HTTP.', {
      cause: error,
    });
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error;
  if (/^(E[A-Z]+|UND_ERR_[A-Z_]+|UNABLE_TO_[A-Z_]+|[A-Z_]*CERT[A-Z_]*)$/.test(code)) {
    return new MediafluxError('unreachable', `Mediaflux cannot be reached (${code}).`, { cause: error });
  }
  return error;
}
