// A button that is pressed twice, a form that is sent again: one copy, and whoever pressed sees it.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
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

describe('two copies to one place that failed', () => {
  /** Failed at the same place, with the logon of each ended. */
  async function failedTwice(): Promise<{ to: Dispatched; destination: string; ids: [string, string] }> {
    const to = await stage.dispatch();
    const destination = freshPlace();
    stage.holdAfterFirst();
    const ids: string[] = [];
    for (const _ of [0, 1]) {
      const id = await stage.begin(to, destination);
      await stage.database.query(`update content_copy set state = 'failed', sealed_credential = null where id = $1`, [
        id,
      ]);
      ids.push(id);
    }
    await (await stage.as()).call('secure.identity.token.all.destroy');
    return { to, destination, ids: ids as [string, string] };
  }
  const resume = (to: Dispatched, id: string) => stage.ask(to, RESEARCHER, `/${id}/logon`);

  it('do not both go on: whoever comes second is told which is under way', async () => {
    const { to, destination, ids } = await failedTwice();
    const answers = await Promise.all(ids.map((id) => resume(to, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    const waiting = answers[0]?.status === 409 ? ids[0] : ids[1];
    const running = waiting === ids[0] ? ids[1] : ids[0];
    const refused = await resume(to, waiting);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain(`Another copy of these data to ${destination} is under way`);
    expect(await stage.look(to, waiting)).toMatchObject({ state: 'failed', resumable: false });
    const page = await fetch(`${stage.program.endpoints.server}/s/${to.token}/copy/${waiting}`);
    const text = await page.text();
    expect(text).toContain('Another copy of these data');
    expect(text).toContain(`/s/${to.token}/copy/${running}`);
    expect(text).not.toContain('name="password"');
    // The logon of the one that was refused is ended.
    await stage.tokensBecome(1);
    stage.letGo();
    expect((await stage.ended(to, running)).state).toBe('completed');
    expect(await stage.look(to, waiting)).toMatchObject({ resumable: true });
    expect((await resume(to, waiting)).status).toBe(202);
    expect((await stage.ended(to, waiting)).state).toBe('completed');
    await stage.tokensBecome(0);
  });

  it('do not go on while a new one to the same place is under way', async () => {
    const { to, destination, ids } = await failedTwice();
    const running = await stage.begin(to, destination);
    expect((await resume(to, ids[0])).status).toBe(409);
    stage.letGo();
    expect((await stage.ended(to, running)).state).toBe('completed');
  });
});
