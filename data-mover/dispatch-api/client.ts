// The dispatch server's REST API, as this program uses it. A server that is away is waited for, with the reason shown.

import { Readable } from 'node:stream';
import { request as httpRequest } from 'undici';
import { Failure, noLongerValid } from '../failures.js';
import { Patience, type Tried } from '../patience.js';
import { PROGRAM } from '../version.js';

export interface ClientOptions {
  server: string;
  /** Of an upload shareable; links carry theirs in the address. */
  token?: string;
  /** How long a server that is away is waited for. */
  giveUpAfterMs: number;
  note(message: string): void;
  signal: AbortSignal;
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

interface Problem {
  detail?: string;
  errors?: { path: string; message: string }[];
}

export class DispatchClient {
  /** How far this computer's clock is ahead of the server's, as its last answer told; the network's time is in it. */
  clockAheadMs = 0;
  private readonly patience: Patience;

  constructor(readonly options: ClientOptions) {
    this.patience = new Patience(options);
  }

  /** The answer's JSON. @throws Failure what the server said, with the exit code that fits */
  call<T>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
    return this.patience.until(
      () => this.once(method, path, text ?? null, { ...type, ...headers }) as Promise<Tried<T>>,
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

  /** Sends lines as a stream, afresh at each try. */
  async sendLines(path: string, parts: () => Iterable<string>): Promise<void> {
    const type = { 'content-type': 'application/x-ndjson' };
    await this.patience.until(() => this.once('PUT', path, Readable.from(parts(), { objectMode: false }), type));
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
  ): Promise<Tried<unknown>> {
    const { server, token, signal } = this.options;
    let reply: Awaited<ReturnType<typeof httpRequest>>;
    let text: string;
    try {
      reply = await httpRequest(`${server}${path}`, {
        method: method as 'GET',
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
      });
      text = await reply.body.text();
    } catch (error) {
      signal.throwIfAborted();
      const { code } = error as NodeJS.ErrnoException;
      if (typeof code !== 'string' || error instanceof Failure) throw error;
      return { away: `The server ${server} cannot be reached (${code}).` };
    }
    const at = Date.parse(String(reply.headers['date']));
    if (!Number.isNaN(at)) this.clockAheadMs = Date.now() - at;
    const status = reply.statusCode;
    if (status < 300) return { value: text === '' ? undefined : JSON.parse(text) };
    const problem = problemOf(text);
    if (status >= 500 || status === 429 || status === 408) {
      const after = Number(reply.headers['retry-after']);
      return {
        away: problem.detail ?? `The server answered ${status}.`,
        status,
        ...(after > 0 ? { retryAfterMs: after * 1_000 } : {}),
      };
    }
    throw failureOf(status, problem, path);
  }
}

function problemOf(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function failureOf(status: number, problem: Problem, path: string): Failure {
  const faults = problem.errors?.map((error) => `${error.path} ${error.message}`) ?? [];
  const detail = [problem.detail ?? `The server answered ${status}.`, ...faults].join(' ');
  if (status === 401)
    return noLongerValid(
      problem.detail ?? 'The token is no longer valid here; ask the administrators for a new settings.xml.',
    );
  if (status === 410 || (status === 404 && path.startsWith('/api/v1/shares/'))) return noLongerValid(detail);
  return new Failure(detail, status === 422 ? 2 : 1, undefined, status);
}
