// The dispatch server's REST API, as this program uses it. A server that is away is waited for, with the reason shown.

import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { request as httpRequest } from 'undici';
import { Failure, noLongerValid } from '../failures.js';

export interface ClientOptions {
  server: string;
  /** Of an upload shareable; links carry theirs in the address. */
  token?: string;
  /** How long a server that is away is waited for. */
  waitMs: number;
  note(message: string): void;
  signal: AbortSignal;
}

export interface Credential {
  url: string;
  namespace: string;
  token: string;
  expiresAt: string;
}

interface Problem {
  detail?: string;
  errors?: { path: string; message: string }[];
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export class DispatchClient {
  constructor(private readonly options: ClientOptions) {}

  /** The answer's JSON. @throws Failure what the server said, with the exit code that fits */
  async call<T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
    return this.patiently(method, path, () => text ?? null, { ...type, ...headers });
  }

  /** Sends lines as a stream, afresh at each try. */
  sendLines(path: string, lines: () => AsyncIterable<string>): Promise<void> {
    return this.patiently('PUT', path, () => Readable.from(lines(), { objectMode: false }), {
      'content-type': 'application/x-ndjson',
    });
  }

  private async patiently<T>(
    method: string,
    path: string,
    body: () => string | Readable | null,
    headers: Record<string, string>,
  ): Promise<T> {
    const until = performance.now() + this.options.waitMs;
    let isTold = false;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const answer = await this.once(method, path, body(), headers);
      if (!('away' in answer)) return answer.value as T;
      if (performance.now() + pause > until) throw new Failure(`${answer.away} Run the same command again to go on.`);
      if (!isTold) this.options.note(`${answer.away} Waiting for it …`);
      isTold = true;
      await delay(Math.max(pause, (answer.retryAfterSeconds ?? 0) * 1000), undefined, { signal: this.options.signal });
    }
  }

  private async once(
    method: string,
    path: string,
    body: string | Readable | null,
    headers: Record<string, string>,
  ): Promise<{ value: unknown } | { away: string; retryAfterSeconds?: number }> {
    const { server, token, signal } = this.options;
    let reply: Awaited<ReturnType<typeof httpRequest>>;
    try {
      reply = await httpRequest(`${server}${path}`, {
        method: method as 'GET',
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      const { code } = error as NodeJS.ErrnoException;
      if (typeof code !== 'string') throw error;
      return { away: `The server ${server} cannot be reached (${code}).` };
    }
    const text = await reply.body.text();
    const status = reply.statusCode;
    if (status < 300) return { value: text === '' ? undefined : JSON.parse(text) };
    const problem = problemOf(text);
    if (status >= 500 || status === 429) {
      const after = Number(reply.headers['retry-after']);
      return {
        away: problem.detail ?? `The server answered ${status}.`,
        ...(after > 0 ? { retryAfterSeconds: after } : {}),
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
  const detail = problem.detail ?? `The server answered ${status}.`;
  if (status === 401)
    return noLongerValid('The token is no longer valid here; ask the administrators for a new settings.xml.');
  if (status === 410 || (status === 404 && path.startsWith('/api/v1/shares/'))) return noLongerValid(detail);
  return new Failure(detail, status === 422 ? 2 : 1);
}
