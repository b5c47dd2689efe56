// The links of one upload to many people, what is done with them from outside, and what an administrator sees of it.

import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import { type Dispatched, dispatchTo, type DispatchedUpload, type Reply, send } from '../support/dispatched.js';
import { Program } from '../support/program.js';

export const SCANNER = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0' };
export const PERSON = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' };

export interface Event {
  id: string;
  method: string;
  phase: string;
  counts: boolean;
  client: string | null;
  doubts: string[];
  scanner?: boolean;
  overruled?: { by: string; note: string | null };
}

export interface Delivery {
  state: string;
  accessedAt: string | null;
  doneAt: string | null;
  methods: Record<string, unknown>;
  events: Event[];
}

export class Links {
  program!: Program;
  database!: pg.Client;
  dispatched!: DispatchedUpload;

  constructor(private readonly names: readonly string[]) {}

  /** The links have been in the people's hands for a day, and the first of them has begun a direct download. */
  async open(): Promise<void> {
    this.program = await Program.start();
    this.dispatched = await dispatchTo(this.program, [...this.names], {
      reminders: { enabled: true, schedule: '0 9 * * 1', minimumAge: 'PT1S' },
    });
    this.database = new pg.Client({ connectionString: this.program.endpoints.database });
    await this.database.connect();
    await this.database.query(`update delivery set handed_over_at = handed_over_at - interval '1 day'`);
    await this.direct(this.names[0] ?? '', PERSON);
  }

  async close(): Promise<void> {
    await this.database.end();
    await this.program.stop();
  }

  of(name: string): Dispatched {
    return this.dispatched.deliveries[name] as Dispatched;
  }

  get(name: string): Promise<Delivery> {
    return this.program.admin.expect<Delivery>(200, 'GET', `/api/v1/admin/deliveries/${this.of(name).id}`);
  }

  ask(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Reply> {
    return send(this.program.endpoints.server, method, path, headers, body);
  }

  direct(name: string, headers: Record<string, string>): Promise<Reply> {
    return this.ask('POST', `/s/${this.of(name).token}/direct`, headers);
  }

  followHidden(name: string, headers: Record<string, string>): Promise<Reply> {
    return this.ask('GET', `/s/${this.of(name).token}/not-for-people`, headers);
  }

  overrule(name: string, eventId: string | undefined, counts: boolean, note?: string): Promise<Delivery> {
    const path = `/api/v1/admin/deliveries/${this.of(name).id}/events/${eventId ?? ''}/overrule`;
    return this.program.admin.expect<Delivery>(200, 'POST', path, { counts, note });
  }

  /** Would a run remind now? */
  async isDue(name: string): Promise<boolean> {
    const path = `/api/v1/admin/platforms/${this.dispatched.platformId}/reminders/preview`;
    const { due } = await this.program.admin.expect<{ due: { items: { deliveryId: string }[] } }>(200, 'GET', path);
    return due.items.some((item) => item.deliveryId === this.of(name).id);
  }
}

/** For the tests of a file. */
export function linksTo(...names: string[]): Links {
  const links = new Links(names);
  beforeAll(() => links.open());
  afterAll(() => links.close());
  return links;
}
