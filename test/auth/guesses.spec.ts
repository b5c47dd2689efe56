// What guessing links costs, and that it costs nobody else: networks are told by the address that the proxy names.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { type Dispatched, dispatchTo, type Reply, send } from '../support/dispatched.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

let live: Dispatched;
let ended: Dispatched;

const stage = stageOf({ env: { TRUST_PROXY: 'true' } });
beforeAll(async () => {
  const { deliveries } = await dispatchTo(stage.program, ['ada', 'bob']);
  if (!deliveries['ada'] || !deliveries['bob']) throw new Error('Nothing was dispatched.');
  live = deliveries['ada'];
  ended = deliveries['bob'];
  await stage.database.query(`update delivery set expires_at = now() - interval '1 minute' where id = $1`, [ended.id]);
});

const open = (token: string, address: string, path = ''): Promise<Reply> =>
  send(stage.server, 'GET', `/s/${token}${path}`, { 'x-forwarded-for': address });
const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));
/** Uses up what a network may guess in a minute. */
async function useUp(addressOf: (index: number) => string, guesses = 60): Promise<void> {
  const statuses = [];
  for (let made = 0; made < guesses; made += 20)
    statuses.push(
      ...(await times(Math.min(20, guesses - made), async (index) => {
        return (await open(randomUUID(), addressOf(made + index))).status;
      })),
    );
  expect(new Set(statuses)).toEqual(new Set([404]));
}

describe('unknown links', () => {
  it('are answered with 429 and Retry-After after sixty in a minute from one network', async () => {
    await useUp(() => '192.0.2.1');
    const refused = await open(randomUUID(), '192.0.2.1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await open(randomUUID(), '192.0.2.2')).status).toBe(404);
  });

  it('of one IPv6 network are counted together, whatever their addresses', async () => {
    await useUp((index) => `2001:db8:0:1::${(index + 1).toString(16)}`);
    expect((await open(randomUUID(), '2001:db8:0:1:ffff::1')).status).toBe(429);
    expect((await open(randomUUID(), '2001:db8:0:2::1')).status).toBe(404);
  });

  it('never keep the people behind the same address from their own links, live or ended', async () => {
    await useUp(() => '192.0.2.3');
    expect((await open(randomUUID(), '192.0.2.3')).status).toBe(429);
    const opened = await times(50, async () => (await open(live.token, '192.0.2.3')).status);
    expect(new Set(opened)).toEqual(new Set([200]));
    expect((await open(ended.token, '192.0.2.3')).status).toBe(410);
  });

  it('beyond what a network may guess use up nothing of what all may', async () => {
    const inAll = async (): Promise<number> =>
      (
        await stage.database.query<{ points: number }>(
          `select coalesce(sum(points), 0)::int as points from rate_limit where key like 'unknown_link_all:%' and expire > extract(epoch from now()) * 1000`,
        )
      ).rows[0]?.points ?? 0;
    await open(randomUUID(), '192.0.2.4');
    // The minute of all, which began with the first guess of this file, must not end in the middle.
    await stage.database.query(`update rate_limit set expire = expire + 600000 where key like 'unknown_link_all:%'`);
    await useUp(() => '192.0.2.4', 59);
    await open(randomUUID(), '192.0.2.4');
    const before = await inAll();
    expect(before).toBeGreaterThanOrEqual(60);
    await times(40, () => open(randomUUID(), '192.0.2.4'));
    expect(await inAll()).toBeLessThanOrEqual(before);
  });

  it('that come hundreds at once are turned away without waiting, while a known link is answered', async () => {
    const guesses = times(300, () => open(randomUUID(), '192.0.2.5'));
    const known = await times(20, () => open(live.token, '192.0.2.5'));
    expect(new Set(known.map(({ status }) => status))).toEqual(new Set([200]));
    const replies = await guesses;
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([404, 429]));
    for (const { status, headers } of replies)
      if (status === 429) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });
});

it('are counted by a hash that nobody finds who has not the key', async () => {
  await open(randomUUID(), '192.0.2.77');
  const { rows } = await stage.database.query<{ key: string }>('select key from rate_limit');
  expect(rows.length).toBeGreaterThan(0);
  const plain = createHash('sha256').update('192.0.2.77').digest();
  for (const { key } of rows)
    for (const shown of ['192.0.2.77', plain.toString('base64url'), plain.toString('hex'), plain.toString('base64')])
      expect(key).not.toContain(shown);
});

it('what was counted more than an hour ago is forgotten, and what counts is kept', async () => {
  const counted = async (): Promise<string[]> =>
    (await stage.database.query<{ key: string }>('select key from rate_limit order by key')).rows.map(({ key }) => key);
  await open(randomUUID(), '192.0.2.9');
  const counting = await counted();
  await stage.database.query(
    `insert into rate_limit (key, points, expire) values ('unknown_link:old', 1, (extract(epoch from now()) - 3601) * 1000)`,
  );
  expect(await counted()).toHaveLength(counting.length + 1);
  // It is looked after at each start, and every ten minutes.
  await stage.restartServer();
  await until('the sweep', async () => ((await counted()).includes('unknown_link:old') ? undefined : true));
  expect(await counted()).toEqual(counting);
});

describe('a link that has ended', () => {
  it('is answered with 429 and Retry-After after 240 in a minute from one network, elsewhere with 410', async () => {
    const statuses = [];
    for (let round = 0; round < 6; round += 1)
      statuses.push(...(await times(40, async () => (await open(ended.token, '198.51.100.1')).status)));
    expect(new Set(statuses)).toEqual(new Set([410]));
    for (const path of ['', '/more-time']) {
      const method = path === '' ? 'GET' : 'POST';
      const refused = await send(stage.server, method, `/s/${ended.token}${path}`, {
        'x-forwarded-for': '198.51.100.1',
      });
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await open(ended.token, '198.51.100.2')).status).toBe(410);
    expect((await open(live.token, '198.51.100.1')).status).toBe(200);
  });
});
