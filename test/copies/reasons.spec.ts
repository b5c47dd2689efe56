// Every reason for which a copy does not start or does not complete, against the emulator: told so that a person can act
// on it, and what they then do works.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PROJECT } from '../support/api.js';
import { CopyStage, OWN_PROJECT, RESEARCHER } from '../support/copies.js';
import type { Dispatched } from '../support/dispatched.js';
import { textIn } from '../support/raw-client.js';
import { until } from '../support/wait.js';

let stage: CopyStage;
let serial = 0;
const freshPlace = (): string => `${OWN_PROJECT}/place-${serial++}`;

beforeAll(async () => {
  stage = await CopyStage.open();
});
beforeEach(() => stage.emulator.faults.forgetCalls());
afterEach(async () => {
  stage.letGo();
  await stage.forgiveLogons();
});
afterAll(() => stage.close());

const resume = (delivery: Dispatched, id: string, body: Record<string, unknown> = RESEARCHER) =>
  stage.ask(delivery, body, `/${id}/logon`);
const expireAgo = ({ id }: Dispatched, ago: string) =>
  stage.database.query('update delivery set expires_at = now() - $2::interval where id = $1', [id, ago]);

describe('a copy is not begun', () => {
  it('with a wrong password, and is with the right one', async () => {
    const delivery = await stage.dispatch();
    const destination = freshPlace();
    const refused = await stage.ask(delivery, { ...RESEARCHER, password: 'wrong', destination });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
      { path: 'password', message: expect.stringMatching(/domain, user or password is wrong/) },
    ]);
    expect((await stage.ended(delivery, await stage.begin(delivery, destination))).state).toBe('completed');
  });

  it('with a password where Mediaflux wants a second factor, and is with an identity token', async () => {
    const delivery = await stage.dispatch();
    const destination = freshPlace();
    const action = { error: 'Authentication failure: a second factor is required for this account' };
    stage.emulator.faults.set({ service: 'system.logon', times: 1, action });
    const refused = await stage.ask(delivery, { ...RESEARCHER, destination });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([
      { path: 'password', message: expect.stringMatching(/wants a second factor.*identity token/) },
    ]);
    const made = await (
      await stage.as()
    ).call('secure.identity.token.create', '<role type="user">demo:researcher</role><to>now+1day</to>');
    const token = textIn(made, 'token');
    const copy = await stage.ended(delivery, await stage.begin(delivery, destination, { token }));
    expect(copy.state).toBe('completed');
    // It is the user's own, and is not destroyed.
    expect((await stage.ask(delivery, { token }, '/logons')).status).toBe(201);
  });

  it('with a token that Mediaflux does not know', async () => {
    const delivery = await stage.dispatch();
    const refused = await stage.ask(delivery, { token: 'nonsense', destination: freshPlace() });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual([{ path: 'token', message: expect.stringMatching(/wrong or has ended/) }]);
  });

  it.each([
    [
      'the account may only read',
      { ...RESEARCHER, user: 'operator', password: 'operator' },
      PROJECT,
      /may not write in/,
    ],
    ['the account may not write in the parent', RESEARCHER, '/projects/mine', /may not write in \/projects/],
    ['the parent is unknown', RESEARCHER, `${OWN_PROJECT}/a/b/c`, /sees no namespace .*\/a\/b/],
    ['the path leads up', RESEARCHER, `${OWN_PROJECT}/../x`, /./],
  ])('where %s, and no token is left', async (_, logon, destination, message) => {
    const delivery = await stage.dispatch();
    const refused = await stage.ask(delivery, { ...logon, destination });
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toMatch(message);
    const described = await (await stage.as(logon)).call('secure.identity.token.describe');
    expect(described).not.toContain('instrument-dispatch copy');
  });
});

it('a copy is not begun into the data themselves, which others fetch too', async () => {
  const delivery = await stage.dispatch();
  const { rows } = await stage.database.query<{ namespace: string }>(
    'select data_namespace as namespace from upload u join delivery d on d.upload_id = u.id where d.id = $1',
    [delivery.id],
  );
  const own = rows[0]?.namespace ?? '';
  const manager = { domain: 'system', user: 'manager', password: 'manager' };
  for (const destination of [own, `${own}/into`]) {
    const refused = await stage.ask(delivery, { ...manager, destination });
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toContain(`${destination} belongs to these data themselves`);
  }
  const id = await stage.begin(delivery, `${own}-beside`, manager);
  expect((await stage.ended(delivery, id)).state).toBe('completed');
});

describe('a copy that cannot go on says why', () => {
  it('where the logon has ended meanwhile: after another one it goes on where it stood', async () => {
    const delivery = await stage.dispatch();
    const destination = freshPlace();
    stage.holdAfterFirst();
    const id = await stage.begin(delivery, destination);
    await stage.isHeld(delivery, id);
    await (await stage.as()).call('secure.identity.token.all.destroy');
    stage.letGo();
    const failed = await stage.ended(delivery, id);
    expect(failed).toMatchObject({ state: 'failed', resumable: true });
    expect(failed.reason).toMatch(/logon ended.*Log on again, and the copy goes on where it stood/);

    const refused = await resume(delivery, id, { ...RESEARCHER, password: 'wrong' });
    expect(refused.status).toBe(422);
    expect((await stage.look(delivery, id)).state).toBe('failed');
    expect((await resume(delivery, id)).status).toBe(202);
    const done = await stage.ended(delivery, id);
    expect(done).toMatchObject({ state: 'completed', files: 2 });
    expect(done.reason).toBeUndefined();
    expect(await stage.held(destination)).toEqual({ 'a.txt': 'a v1', 'b.txt': 'bb v1' });
    await stage.tokensBecome(0);
    const { events, state } = await stage.program.admin.expect<{ events: { phase: string }[]; state: string }>(
      200,
      'GET',
      `/api/v1/admin/deliveries/${delivery.id}`,
    );
    expect(events.map(({ phase }) => phase)).toEqual(['requested', 'failed', 'requested', 'completed']);
    expect(state).toBe('accessed');
    expect((await resume(delivery, id)).status).toBe(409);
  });

  it('where its token cannot be opened any more: after another logon it goes on', async () => {
    const delivery = await stage.dispatch();
    stage.holdAfterFirst();
    const id = await stage.begin(delivery, freshPlace());
    await stage.isHeld(delivery, id);
    await stage.database.query(
      `update content_copy
          set sealed_credential = set_byte(sealed_credential, 40, 255 - get_byte(sealed_credential, 40))
        where id = $1`,
      [id],
    );
    stage.letGo();
    await stage.killAndStart();
    const failed = await stage.ended(delivery, id);
    expect(failed).toMatchObject({ state: 'failed', resumable: true });
    expect(failed.reason).toMatch(/Log on again/);
    expect((await resume(delivery, id)).status).toBe(202);
    expect((await stage.ended(delivery, id)).state).toBe('completed');
    await (await stage.as()).call('secure.identity.token.all.destroy');
  });

  it('where the right to write was taken away; given back, it goes on', async () => {
    const delivery = await stage.dispatch();
    const destination = freshPlace();
    stage.holdAfterFirst();
    const id = await stage.begin(delivery, destination);
    await stage.isHeld(delivery, id);
    const manager = await stage.manager();
    const entry = (access: string) =>
      `<namespace>${destination}</namespace><acl><actor type="user">demo:researcher</actor><access>${access}</access></acl>`;
    const reading = '<namespace>access</namespace><asset>access</asset><asset-content>access</asset-content>';
    await manager.call('asset.namespace.acl.set', entry(reading));
    stage.letGo();
    const failed = await stage.ended(delivery, id);
    expect(failed).toMatchObject({ state: 'failed', resumable: true });
    expect(failed.reason).toMatch(/may not write there/);
    const refused = await resume(delivery, id);
    expect(refused.status).toBe(422);
    expect(refused.body.errors?.[0]).toMatchObject({ path: 'destination' });
    await manager.call(
      'asset.namespace.acl.set',
      entry(
        `${reading}<namespace>create</namespace><asset>create</asset><asset>modify</asset><asset-content>modify</asset-content>`,
      ),
    );
    expect((await resume(delivery, id)).status).toBe(202);
    expect((await stage.ended(delivery, id)).state).toBe('completed');
  });

  it('where the quota is used up; with room made, it goes on', async () => {
    const delivery = await stage.dispatch();
    const destination = freshPlace();
    const researcher = await stage.as();
    await researcher.call(
      'asset.namespace.create',
      `<namespace>${destination}</namespace><quota><allocation>4</allocation></quota>`,
    );
    const create = `<namespace>${destination}</namespace><name>old.txt</name>`;
    await researcher.upload(researcher.request('asset.create', create), 'oo');
    const id = await stage.begin(delivery, destination);
    const failed = await stage.ended(delivery, id);
    expect(failed).toMatchObject({ state: 'failed', files: 1, resumable: true });
    expect(failed.reason).toMatch(/quota of the destination is used up\. Make room/);
    await researcher.call('asset.destroy', `<id>path=${destination}/old.txt</id>`);
    expect((await resume(delivery, id)).status).toBe(202);
    expect((await stage.ended(delivery, id)).state).toBe('completed');
    expect(await stage.held(destination)).toEqual({ 'a.txt': 'a v1', 'b.txt': 'bb v1' });
  });

  it('where something else is there already; nothing is overwritten, and with it out of the way it goes on', async () => {
    const delivery = await stage.dispatch();
    const destination = freshPlace();
    const researcher = await stage.as();
    await researcher.call('asset.namespace.create', `<namespace>${destination}</namespace>`);
    const create = `<namespace>${destination}</namespace><name>b.txt</name>`;
    await researcher.upload(researcher.request('asset.create', create), 'mine');
    const id = await stage.begin(delivery, destination);
    const failed = await stage.ended(delivery, id);
    expect(failed).toMatchObject({ state: 'failed', resumable: true });
    expect(failed.reason).toContain(`${destination}/b.txt is there already and differs`);
    expect(await stage.held(destination)).toEqual({ 'a.txt': 'a v1', 'b.txt': 'mine v1' });
    await researcher.call('asset.destroy', `<id>path=${destination}/b.txt</id>`);
    expect((await resume(delivery, id)).status).toBe(202);
    expect((await stage.ended(delivery, id)).state).toBe('completed');
  });

  it('where the link was revoked meanwhile, for good', async () => {
    const delivery = await stage.dispatch();
    stage.holdAfterFirst();
    const id = await stage.begin(delivery, freshPlace());
    await stage.isHeld(delivery, id);
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/revoke`);
    stage.letGo();
    const ended = await until('the copy to end', async () => {
      const { rows } = await stage.database.query<{ state: string; reason: string; sealed_credential: unknown }>(
        'select state, reason, sealed_credential from content_copy where id = $1',
        [id],
      );
      return rows[0]?.state === 'failed' ? rows[0] : undefined;
    });
    expect(ended.reason).toMatch(/link was ended by the platform/);
    expect(ended.sealed_credential).toBeNull();
    await stage.tokensBecome(0);
    expect((await stage.ask(delivery, RESEARCHER, `/${id}/logon`)).status).toBe(410);
  });

  it('where the link expired more than a week ago, for good', async () => {
    const delivery = await stage.dispatch();
    stage.holdAfterFirst();
    const id = await stage.begin(delivery, freshPlace());
    await stage.isHeld(delivery, id);
    await expireAgo(delivery, '7 days 1 minute');
    stage.letGo();
    const failed = await stage.ended(delivery, id);
    expect(failed).toMatchObject({ state: 'failed', resumable: false });
    expect(failed.reason).toMatch(/expired more than a week ago/);
    expect((await resume(delivery, id)).status).toBe(409);
  });
});

describe('after its link has expired', () => {
  it('a copy that was under way completes, and no other begins', async () => {
    const delivery = await stage.dispatch();
    stage.holdAfterFirst();
    const id = await stage.begin(delivery, freshPlace());
    await stage.isHeld(delivery, id);
    await expireAgo(delivery, '1 hour');
    stage.letGo();
    expect((await stage.ended(delivery, id)).state).toBe('completed');
    expect((await stage.ask(delivery, { ...RESEARCHER, destination: freshPlace() })).status).toBe(410);
  });

  it('one that broke off goes on after a new logon, while it was moving within the last day', async () => {
    const delivery = await stage.dispatch();
    stage.holdAfterFirst();
    const id = await stage.begin(delivery, freshPlace());
    await stage.isHeld(delivery, id);
    await (await stage.as()).call('secure.identity.token.all.destroy');
    stage.letGo();
    expect((await stage.ended(delivery, id)).resumable).toBe(true);
    await expireAgo(delivery, '2 days');
    await stage.database.query(`update content_copy set last_progress_at = now() - interval '25 hours' where id = $1`, [
      id,
    ]);
    expect(await stage.look(delivery, id)).toMatchObject({ state: 'failed', resumable: false });
    const late = await resume(delivery, id);
    expect(late.status).toBe(409);
    expect(late.body.detail).toMatch(/time in which this copy could go on is over/);
    await stage.database.query(`update content_copy set last_progress_at = now() - interval '23 hours' where id = $1`, [
      id,
    ]);
    expect((await resume(delivery, id)).status).toBe(202);
    expect((await stage.ended(delivery, id)).state).toBe('completed');
  });
});

it('what Mediaflux refuses the service is not told as the user’s fault: the copy waits and goes on', async () => {
  const delivery = await stage.dispatch();
  const action = {
    error: "user 'service:dispatch' (id=3) not granted ACCESS to service 'asset.query'",
    errorClass: 'arc.mf.server.actor.ExNotAuthorized',
  };
  stage.emulator.faults.set({ service: 'asset.query', times: 1, action });
  const id = await stage.begin(delivery, freshPlace());
  expect((await stage.ended(delivery, id)).state).toBe('completed');
});

it('a copy that was killed goes on by itself, and writes nothing twice', async () => {
  const delivery = await stage.dispatch({}, { 'a.txt': 'a', 'b/c.txt': 'cc', 'd.txt': 'ddd' });
  const destination = freshPlace();
  stage.holdAfterFirst();
  const id = await stage.begin(delivery, destination);
  await stage.isHeld(delivery, id);
  await stage.killAndStart();
  stage.letGo();
  expect(await stage.ended(delivery, id)).toMatchObject({ state: 'completed', files: 3 });
  expect(await stage.held(destination)).toEqual({ 'a.txt': 'a v1', 'b/c.txt': 'cc v1', 'd.txt': 'ddd v1' });
  await stage.tokensBecome(0);
});
