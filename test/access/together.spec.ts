// Requests that come at the same moment share statements: each gets what is theirs, and one never stops another.

import { beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import { send } from '../support/dispatched.js';
import { makePlatform } from '../support/instrument.js';
import { addDeliveries, keyIdOf, tokenOf } from '../support/many-deliveries.js';
import { stageOf } from '../support/stage.js';

const stage = stageOf({ env: { TRUST_PROXY: 'true' } });

const SCANNER = { 'user-agent': 'scanner', 'x-forwarded-for': '10.9.9.9' };

let platformId: string;
let keyId: string;

beforeAll(async () => {
  platformId = await makePlatform(stage.program);
  keyId = keyIdOf(stage.program.secretKey);
});

const ask = (method: 'GET' | 'POST', path: string, headers: Record<string, string> = {}) =>
  send(stage.server, method, path, headers);

const rowsOf = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<Row[]> =>
  (await stage.database.query<Row>(sql, values)).rows;

it('shows everybody their own data, whatever others come for at the same moment', async () => {
  const ids = await addDeliveries(stage.database, platformId, keyId, 60);
  await stage.database.query(`update upload set folder = 'data-of-' || id where folder not like 'data-of-%'`);
  const [revoked = '', gone = ''] = ids;
  await stage.database.query('update delivery set revoked_at = now() where id = $1', [revoked]);
  await stage.database.query('update delivery set gone_at = now() where id = $1', [gone]);
  const folders = new Map(
    (
      await rowsOf<{ id: string; folder: string }>(
        'select d.id, u.folder from delivery d join upload u on u.id = d.upload_id where d.id = any($1)',
        [ids],
      )
    ).map(({ id, folder }) => [id, folder]),
  );
  const answers = await Promise.all([
    ...ids.map((id) => ask('GET', `/s/${tokenOf(id)}`)),
    ...ids.slice(2, 8).map((id) => ask('GET', `/s/${tokenOf(id)}-unknown`)),
    // The other link of the same deliveries, which opens no page.
    ...ids.slice(2, 8).map((id) => ask('GET', `/s/${tokenOf(id).replace('made-', 'made-unsubscribe-')}`)),
  ]);
  const told = answers.map(({ status, body }) => ({
    status,
    folders: [...new Set(body.match(/data-of-[0-9a-f-]{36}/g))],
  }));
  expect(told).toEqual([
    ...ids.map((id) =>
      id === revoked || id === gone ? { status: 410, folders: [] } : { status: 200, folders: [folders.get(id)] },
    ),
    ...[...ids.slice(2, 8), ...ids.slice(2, 8)].map(() => ({ status: 404, folders: [] })),
  ]);
  const views = await rowsOf<{ delivery_id: string; views: number }>(
    `select delivery_id, count(*)::int as views
       from access_event
      where delivery_id = any($1)
        and at > now() - interval '1 hour'
      group by delivery_id`,
    [ids],
  );
  expect(new Map(views.map((one) => [one.delivery_id, one.views]))).toEqual(new Map(ids.slice(2).map((id) => [id, 1])));
});

it('takes what people say at the same moment of each for itself, and from a scanner among them nothing', async () => {
  const ids = await addDeliveries(stage.database, platformId, keyId, 30);
  const [scanned = '', ...others] = ids;
  expect(await ask('GET', `/s/${tokenOf(scanned)}/not-for-people`, SCANNER)).toMatchObject({ status: 200 });
  await Promise.all([
    ask('POST', `/s/${tokenOf(scanned)}/done`, SCANNER),
    ...others.map((id, index) => ask('POST', `/s/${tokenOf(id)}/done`, { 'x-forwarded-for': `10.8.0.${index}` })),
  ]);
  const marked = await rowsOf<{ id: string; taken: string; isMarked: boolean }>(
    `select d.id, e.details ->> 'taken' as taken, d.done_at is not null as "isMarked"
       from delivery d
       join access_event e on e.delivery_id = d.id and e.phase = 'done'
      where d.id = any($1)`,
    [ids],
  );
  expect(marked).toHaveLength(30);
  expect(new Set(marked)).toEqual(
    new Set(ids.map((id) => ({ id, taken: String(id !== scanned), isMarked: id !== scanned }))),
  );
});

it('holds to what was said last of one delivery, however many say the opposite at the same moment', async () => {
  const ids = await addDeliveries(stage.database, platformId, keyId, 4);
  await Promise.all(
    ids.flatMap((id) =>
      ['done', 'undone', 'done', 'undone', 'undone', 'done', 'undone'].map((said, index) =>
        ask('POST', `/s/${tokenOf(id)}/${said}`, { 'x-forwarded-for': `10.7.0.${index}` }),
      ),
    ),
  );
  const said = await rowsOf<{ events: number; last: string; isMarked: boolean }>(
    `select count(*)::int as events, (array_agg(e.phase order by e.id desc))[1] as last, bool_and(d.done_at is not null) as "isMarked"
       from delivery d
       join access_event e on e.delivery_id = d.id and e.phase in ('done', 'undone')
      where d.id = any($1)
      group by d.id`,
    [ids],
  );
  expect(said).toHaveLength(4);
  for (const { events, last, isMarked } of said)
    expect({ events, isMarked }).toEqual({ events: 7, isMarked: last === 'done' });
});
