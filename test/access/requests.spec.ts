// Every kind of request behind a link, against every state of its token: what is answered, what is recorded, what counts.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Dispatched, dispatchTo, type Reply, send } from '../support/dispatched.js';
import { stageOf } from '../support/stage.js';
import { HIDDEN, type Row, ROWS, type Step } from './request-rows.js';

// Guesses are limited by network: rows about an unknown token come from one each.
const stage = stageOf({ env: { TRUST_PROXY: 'true' } });
let live: Dispatched;
const ended: Record<string, Dispatched> = {};

interface Event {
  id: string;
  method: string;
  phase: string;
  counts: boolean;
  doubts: string[];
}

beforeAll(async () => {
  const names = ['live', 'expired', 'revoked', 'gone', 'replaced'];
  const { deliveries } = await dispatchTo(stage.program, names, { methods: ['data-mover', 'direct', 'copy'] });
  live = deliveries['live'] as Dispatched;
  for (const name of names.slice(1)) ended[name] = deliveries[name] as Dispatched;
  // The mails went out a day ago, so that none of this is soon after it.
  await stage.database.query(`update delivery set handed_over_at = handed_over_at - interval '1 day'`);
  await stage.database.query(`update delivery set expires_at = now() where id = any($1)`, [
    [ended['expired']?.id, ended['replaced']?.id],
  ]);
  await stage.database.query(`update delivery set gone_at = now() where id = $1`, [ended['gone']?.id]);
  await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${ended['revoked']?.id ?? ''}/revoke`);
  const extend = `/api/v1/admin/deliveries/${ended['replaced']?.id ?? ''}/extend`;
  await stage.program.admin.expect(200, 'POST', extend, { linkLifetime: 'P7D' });
});

const events = async (delivery: Dispatched): Promise<Event[]> =>
  (await stage.program.admin.expect<{ events: Event[] }>(200, 'GET', `/api/v1/admin/deliveries/${delivery.id}`)).events;

const play = (to: Pick<Dispatched, 'token' | 'unsubscribe'>, { method, path, headers, body }: Step, agent: string) => {
  const start = { S: `/s/${to.token}`, U: `/u/${to.unsubscribe}`, A: `/api/v1/shares/${to.token}` };
  const address = path.replace(/^[SUA]/, (letter) => start[letter as 'S']);
  return send(stage.server, method, address, { 'user-agent': agent, ...headers }, body);
};

/** Each row comes from a program of its own, so that no row's history is another's. */
const agentOf = (row: Row): string => `row ${ROWS.indexOf(row)}`;

describe('a live link', () => {
  it.each(ROWS.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    const before = new Set((await events(live)).map(({ id }) => id));
    let reply: Reply | undefined;
    for (const one of row.steps) reply = await play(live, one, agentOf(row));
    expect(reply?.status).toBe(row.live);
    const made = (await events(live)).filter(({ id }) => !before.has(id));
    expect(made.map(({ method, phase, counts }) => `${counts ? '+' : ''}${method} ${phase}`)).toEqual(row.recorded);
    const last = made.findLast(({ phase }) => phase !== 'viewed');
    expect(last?.doubts ?? []).toEqual(row.doubts ?? []);
    if (reply?.status === 405) expect(reply.headers.allow).toBe('POST');
  });

  it('leaves what was said and accessed as if the scanners had not been there', async () => {
    const scanned = (await dispatchTo(stage.program, ['scanned'])).deliveries['scanned'] as Dispatched;
    for (const row of ROWS.filter(({ steps }) =>
      steps.some(({ path, headers }) => path === HIDDEN && !headers?.['sec-purpose']),
    )) {
      if (row.recorded.some((event) => event.startsWith('+')) || row.name.includes('reminders')) continue;
      for (const one of row.steps) if (!one.path.startsWith('U')) await play(scanned, one, agentOf(row));
    }
    const found = await stage.program.admin.expect<Record<string, unknown>>(
      200,
      'GET',
      `/api/v1/admin/deliveries/${scanned.id}`,
    );
    expect(found).toMatchObject({ state: 'open', accessedAt: null, doneAt: null, methods: { direct: null } });
  });
});

describe('a link that has ended', () => {
  it.each(['expired', 'revoked', 'gone', 'replaced'])(
    '%s: answers 410 to everything with whom to ask, and records nothing',
    async (state) => {
      const delivery = ended[state] as Dispatched;
      const answers: [string, number][] = [];
      for (const row of ROWS) {
        let reply: Reply | undefined;
        for (const one of row.steps) {
          reply = await play(delivery, one, agentOf(row));
          if (reply.status === 410 && one.method !== 'HEAD') expect(reply.body).toContain('desk@example.org');
        }
        answers.push([row.name, reply?.status ?? 0]);
      }
      expect(answers).toEqual(ROWS.map((row) => [row.name, row.ended ?? 410]));
      expect(await events(delivery)).toEqual([]);
    },
  );
});

describe('an unknown token', () => {
  it('is answered 404 to everything, and nothing is recorded', async () => {
    const count = async (): Promise<unknown> => (await stage.database.query('select count(*) from access_event')).rows;
    const before = await count();
    const unknown = { token: 'x'.repeat(43), unsubscribe: 'y'.repeat(43) };
    const answers = await Promise.all(
      ROWS.map(async (row, index) => {
        const last = row.steps.at(-1) as Step;
        const headers = { ...last.headers, 'x-forwarded-for': `198.51.100.${index + 1}` };
        return [row.name, (await play(unknown, { ...last, headers }, agentOf(row))).status];
      }),
    );
    expect(answers).toEqual(ROWS.map((row) => [row.name, 404]));
    expect(await count()).toEqual(before);
  });
});
