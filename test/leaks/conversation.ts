// The people of the journey, what they ask, and what each of them was given, kept to be searched.

import { join } from 'node:path';
import { dataMover } from '../support/program.js';
import type { Text } from './secrets.js';
import type { Stage } from './stage.js';

/** Local parts are names that stand nowhere else. */
export const PEOPLE = {
  anna: 'Anna.Quillfeather+lab@uni-one.example',
  bertrand: 'bertrand.mossgrove@uni-two.example',
  refused: 'cordula.wrongham@uni-three.example',
  emil: 'emil.rightfield@uni-three.example',
  ops: 'ops.watchtower@facility.example',
  operator: 'oscar.pipettier@facility.example',
} as const;
export type Person = keyof typeof PEOPLE;
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** @throws SyntaxError it is none */
  json<T>(): T;
}

export class Conversation {
  /** By whom it was given to: an answer each, with its head. */
  readonly given = new Map<string, Text[]>();
  /** Of the last upload, by address. */
  readonly deliveries = new Map<string, { id: string; token: string; unsubscribe: string }>();

  constructor(readonly stage: Stage) {
    for (const [name, address] of Object.entries(PEOPLE)) {
      stage.secrets.add('address', `the address of ${name}`, address, name);
      // The key under which the address is found, without the case that some mail servers tell apart.
      stage.secrets.add('address', `the name of ${name}`, address.split(/[+@]/)[0] ?? '', name);
    }
  }

  get server(): string {
    return this.stage.program.endpoints.server;
  }

  /** One request, of which `who` keeps the answer. */
  async ask(
    who: string,
    method: string,
    path: string,
    options: { body?: string | Uint8Array<ArrayBuffer>; key?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { body, key, headers = {} } = options;
    const reply = await fetch(`${this.server}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await reply.text();
    const head = [...reply.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    this.keep(who, `${method} ${this.masked(path)} (${reply.status})`, `${head}\n\n${text}`);
    return { status: reply.status, headers: reply.headers, text, json: <T>() => JSON.parse(text) as T };
  }

  /** @throws Error another status than `expected` */
  async must(
    expected: number,
    who: string,
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Answer> {
    const answer = await this.ask(who, method, path, {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(key === undefined ? {} : { key }),
    });
    if (answer.status !== expected)
      throw new Error(`${method} ${path} answered ${answer.status} instead of ${expected}: ${answer.text}`);
    return answer;
  }

  admin(expected: number, method: string, path: string, body?: unknown): Promise<Answer> {
    return this.must(expected, 'administrator', method, `/api/v1/admin${path}`, body, this.stage.adminKey);
  }

  keep(who: string, where: string, text: string): void {
    const kept = this.given.get(who) ?? [];
    kept.push({ where, text });
    this.given.set(who, kept);
  }

  of(name: Person): { id: string; token: string; unsubscribe: string } {
    const delivery = this.deliveries.get(PEOPLE[name]);
    if (!delivery) throw new Error(`Nothing was dispatched to ${name}.`);
    return delivery;
  }

  /** The Data Mover's output and log files are kept for it. */
  async mover(...args: string[]): Promise<void> {
    const finished = await dataMover(args, join(this.stage.work, 'state'));
    this.keep('data-mover', `output of ${args[0] ?? ''}`, `${finished.stdout}\n${finished.stderr}`);
    if (finished.code !== 0) throw new Error(`data-mover ${args[0] ?? ''}: ${finished.stdout}${finished.stderr}`);
  }

  /** Every link there is, of every delivery and generation. */
  async learnLinks(): Promise<void> {
    const { rows } = await this.stage.rows.database.query<{ id: string; generation: number; address: string }>(
      `select d.id, d.link_generation as generation, p.address
         from delivery d
         join person p on p.id = d.person_id
        order by d.created_at, d.id`,
    );
    for (const { id, generation, address } of rows) {
      const owner = Object.entries(PEOPLE).find(([, known]) => known === address)?.[0];
      for (let number = 0; number <= generation; number += 1) {
        const [token, unsubscribe] = [
          this.stage.tokenOf('share', id, number),
          this.stage.tokenOf('unsubscribe', id, number),
        ];
        this.stage.secrets.add('link', `a link of ${owner ?? 'nobody'}`, token, owner);
        this.stage.secrets.add('link', `an unsubscribe link of ${owner ?? 'nobody'}`, unsubscribe, owner);
        this.deliveries.set(address, { id, token, unsubscribe });
      }
    }
  }

  /** Tokens in addresses are what was asked, not what was answered. */
  private masked(path: string): string {
    return path.replace(/[\w-]{30,}/g, '…');
  }
}
