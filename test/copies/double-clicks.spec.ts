// A button that is pressed twice, a form that is sent again: one copy, and whoever pressed sees it.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { CopyStage, OWN_PROJECT, RESEARCHER } from '../support/copies.js';
import type { Dispatched } from '../support/dispatched.js';
import { until } from '../support/wait.js';

let stage: CopyStage;
let serial = 0;
const freshPlace = (): string => `${OWN_PROJECT}/twice-${serial++}`;

beforeAll(async () => {
  stage = await CopyStage.open({ SWEEP_INTERVAL: 'PT1S' });
});
afterEach(async () => {
  stage.letGo();
  await stage.forgiveLogons();
});
afterAll(() => stage.close());

async function press(to: Dispatched, rest: string, fields: Record<string, string>, cookie = '') {
  const reply = await fetch(`${stage.program.endpoints.server}/s/${to.token}/copy${rest}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', cookie },
    body: new URLSearchParams(fields),
  });
  const [kept = ''] = (reply.headers.get('set-cookie') ?? '').split(';');
  return { status: reply.status, at: reply.headers.get('location'), cookie: kept };
}

const copiesOf = async ({ id }: Dispatched): Promise<string[]> =>
  (await stage.database.query<{ id: string }>('select id from content_copy where delivery_id = $1', [id])).rows.map(
    (copy) => copy.id,
  );
const requestsOf = async ({ id }: Dispatched): Promise<number> =>
  (await stage.database.query(`select 1 from access_event where delivery_id = $1 and phase = 'requested'`, [id]))
    .rowCount ?? 0;

it('the last button starts one copy, and every press of it leads there', async () => {
  const to = await stage.dispatch();
  const { cookie } = await press(to, '', RESEARCHER);
  const destination = freshPlace();
  const start = () => press(to, '/start', { destination }, cookie);
  const answers = [...(await Promise.all([start(), start(), start()])), await start()];
  const copies = await copiesOf(to);
  expect(copies).toHaveLength(1);
  expect(answers.map(({ status, at }) => ({ status, at }))).toEqual(
    answers.map(() => ({ status: 303, at: `/s/${to.token}/copy/${copies[0] ?? ''}` })),
  );
  expect(await requestsOf(to)).toBe(1);
  // Nothing else begins with that logon.
  expect((await press(to, '/start', { destination: freshPlace() }, cookie)).status).toBe(422);
  expect((await stage.ended(to, copies[0] ?? '')).state).toBe('completed');
  await stage.tokensBecome(0);
});

it('the form that holds all starts one copy, and leaves the token of one logon at most', async () => {
  const to = await stage.dispatch();
  const destination = freshPlace();
  stage.holdAfterFirst();
  const send = () => press(to, '', { ...RESEARCHER, destination });
  const answers = [...(await Promise.all([send(), send()])), await send()];
  const copies = await copiesOf(to);
  expect(copies).toHaveLength(1);
  expect(answers.map(({ at }) => at)).toEqual(answers.map(() => `/s/${to.token}/copy/${copies[0] ?? ''}`));
  await stage.tokensBecome(1);
  // Another place is another copy, and so is the same place behind another link.
  expect((await press(to, '', { ...RESEARCHER, destination: freshPlace() })).status).toBe(303);
  expect(await copiesOf(to)).toHaveLength(2);
  const other = await stage.dispatch();
  expect((await press(other, '', { ...RESEARCHER, destination })).status).toBe(303);
  expect(await copiesOf(other)).toHaveLength(1);
  stage.letGo();
  await until('the first copy to end', async () =>
    (await stage.look(to, copies[0] ?? '')).state === 'completed' ? true : undefined,
  );
});

it('programs that begin a copy which is under way are told that one’s id, also when they say it again later', async () => {
  const to = await stage.dispatch();
  const destination = freshPlace();
  const ask = async (key: string) => {
    const reply = await fetch(`${stage.program.endpoints.server}${stage.path(to)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ ...RESEARCHER, destination }),
    });
    return ((await reply.json()) as { id: string }).id;
  };
  stage.holdAfterFirst();
  const first = await ask('a');
  expect(await ask('b')).toBe(first);
  stage.letGo();
  await stage.ended(to, first);
  expect(await ask('b')).toBe(first);
  // Once it has ended, who asks anew begins anew.
  const anew = await ask('c');
  expect(anew).not.toBe(first);
  expect((await stage.ended(to, anew)).state).toBe('completed');
});
