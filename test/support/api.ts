// Calls of the REST API in tests and in the demonstration. Each answer must be as the API's document says.

import { join } from 'node:path';
import { DescribedAnswers, readApiDocument } from './described-answers.js';

const here = import.meta.dirname;
const isBuilt = here.endsWith(join('dist', 'test', 'support'));
let described: DescribedAnswers | undefined;

export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

export class Api {
  constructor(
    private readonly server: string,
    private readonly key?: string,
  ) {}

  /** @throws Error it is not answered as `docs/openapi.json` says */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const reply = await fetch(`${this.server}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(this.key === undefined ? {} : { authorization: `Bearer ${this.key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const type = reply.headers.get('content-type') ?? '';
    const answered = (type.includes('json') ? JSON.parse(text) : text) as T;
    described ??= new DescribedAnswers(readApiDocument(join(here, ...(isBuilt ? ['..', '..', '..'] : ['..', '..']))));
    const faults = described.faults(method, path, { status: reply.status, type, body: answered });
    if (faults.length > 0)
      throw new Error(`${method} ${path} did not answer as docs/openapi.json says:\n${faults.join('\n')}\n${text}`);
    return { status: reply.status, body: answered, headers: reply.headers };
  }

  /** @throws Error another status than `expected`, with what was answered */
  async expect<T = Record<string, unknown>>(
    expected: number,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T> {
    const answer = await this.call<T>(method, path, body, headers);
    if (answer.status !== expected)
      throw new Error(
        `${method} ${path} answered ${answer.status} instead of ${expected}: ${JSON.stringify(answer.body)}`,
      );
    return answer.body;
  }
}

export const PROJECT = '/projects/proj-microscopy-1128.4.15';

/** A platform's settings with only what matters written out. */
export const platformWith = (fields: Record<string, unknown> = {}) => ({
  name: 'Microscopy',
  namespace: PROJECT,
  timeZone: 'Australia/Melbourne',
  linkLifetime: 'P30D',
  methods: ['data-mover', 'direct', 'copy'],
  contact: { name: 'Microscopy desk', email: 'desk@example.org' },
  ...fields,
});
