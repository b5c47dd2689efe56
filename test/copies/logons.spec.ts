// Logons for copies: before the choice of a destination, what stays of them, and how often they may be tried.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { CopyStage, OWN_PROJECT, RESEARCHER } from '../support/copies.js';
import type { Dispatched } from '../support/dispatched.js';
import { until } from '../support/wait.js';

interface Logon {
  logon: string;
  expiresAt: string;
  projects: string[];
  isWhole: boolean;
}

let stage: CopyStage;
let serial = 0;
const freshPlace = (): string => `${OWN_PROJECT}/logon-${serial++}`;

beforeAll(async () => {
  stage = await CopyStage.open({ LOG_LEVEL: 'trace' });
});
beforeEach(() => stage.emulator.faults.forgetCalls());
afterEach(async () => {
  stage.letGo();
  await stage.forgiveLogons();
});
afterAll(() => stage.close());

const logOn = (delivery: Dispatched, body: Record<string, unknown> = RESEARCHER): Promise<Logon> =>
  stage.api.expect<Logon>(201, 'POST', stage.path(delivery, '/logons'), body);
const keptLogons = async (): Promise<string[]> =>
  (await stage.database.query<{ kept: string }>('select copy_logon::text as kept from copy_logon')).rows.map(
    ({ kept }) => kept,
  );

describe('a logon before the destination is chosen', () => {
  it('tells the projects in which the user may write, and starts one copy', async () => {
    const delivery = await stage.dispatch();
    const { logon, expiresAt, projects, isWhole } = await logOn(delivery);
    expect({ projects, isWhole }).toEqual({ projects: [OWN_PROJECT], isWhole: true });
    const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(5);
    expect(minutes).toBeLessThanOrEqual(15);
    const destination = freshPlace();
    const unknown = await stage.ask(delivery, { logon, destination: `${destination}/deeper/still` });
    expect(unknown.body.errors?.[0]).toMatchObject({ path: 'destination' });
    const id = await stage.begin(delivery, destination, { logon });
    expect((await stage.ended(delivery, id)).state).toBe('completed');
    const again = await stage.ask(delivery, { logon, destination: freshPlace() });
    expect(again.status).toBe(422);
    expect(again.body.errors).toEqual([{ path: 'logon', message: expect.stringMatching(/log on again/) }]);
    await stage.tokensBecome(0);
  });

  it('tells none to who may write nowhere', async () => {
    const { projects } = await logOn(await stage.dispatch(), {
      domain: 'demo',
      user: 'operator',
      password: 'operator',
    });
    expect(projects).toEqual([]);
  });

  it('opens nothing behind another link', async () => {
    const [own, other] = [await stage.dispatch(), await stage.dispatch()];
    const { logon } = await logOn(own);
    const refused = await stage.ask(other, { logon, destination: freshPlace() });
    expect(refused.status).toBe(422);
    expect(refused.body.errors?.[0]).toMatchObject({ path: 'logon' });
    expect((await stage.ended(own, await stage.begin(own, freshPlace(), { logon }))).state).toBe('completed');
  });

  it('stays in no log, and in the database only sealed', async () => {
    const { logon } = await logOn(await stage.dispatch(), { ...RESEARCHER });
    const kept = (await keptLogons()).join('\n');
    expect(kept).not.toBe('');
    expect(kept).not.toContain(logon);
    expect(kept).not.toContain('researcher');
    expect(stage.program.output).not.toContain(logon);
    expect(stage.program.output).not.toContain('"password"');
  });

  it('unused ends after a quarter of an hour, in Mediaflux too', async () => {
    const delivery = await stage.dispatch();
    await stage.database.query('delete from copy_logon');
    const before = await stage.tokens();
    const { logon } = await logOn(delivery);
    expect(await stage.tokens()).toBe(before + 1);
    await stage.database.query('update copy_logon set expires_at = now()');
    expect((await stage.ask(delivery, { logon, destination: freshPlace() })).status).toBe(422);
    await until('the logon being forgotten', async () => ((await keptLogons()).length === 0 ? true : undefined));
    await stage.tokensBecome(before);
  });

  it('that cannot be opened any more holds up the end of no other, and is told of by its number alone', async () => {
    const delivery = await stage.dispatch();
    await stage.database.query('delete from copy_logon');
    const before = await stage.tokens();
    // Of another copy of the program, whose key is not known here; one that was changed; and an ordinary one after both.
    const [foreign, changed] = [await logOn(delivery), await logOn(delivery)];
    const handle = ({ logon }: Logon) => createHash('sha256').update(logon).digest();
    const break_ = (logon: Logon, at: number) =>
      stage.database.query(
        `update copy_logon set sealed_credential = set_byte(sealed_credential, $2, 255 - get_byte(sealed_credential, $2))
          where handle_sha256 = $1`,
        [handle(logon), at],
      );
    await break_(foreign, 0);
    await break_(changed, 40);
    for (const { logon } of [foreign, changed]) {
      const answer = await stage.ask(delivery, { logon, destination: freshPlace() });
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toEqual([{ path: 'logon', message: expect.stringMatching(/log on again/) }]);
    }
    await logOn(delivery);
    await stage.database.query(`update copy_logon set expires_at = now() - interval '1 hour'`);
    await stage.database.query(`update copy_logon set expires_at = now() where handle_sha256 <> all($1)`, [
      [handle(foreign), handle(changed)],
    ]);
    await until('all but what another copy of the program may end', async () => {
      const { rows } = await stage.database.query<{ handle: Buffer }>('select handle_sha256 as handle from copy_logon');
      return (rows.length === 1 && rows[0]?.handle.equals(handle(foreign))) || undefined;
    });
    // The one that could be opened was destroyed; of the others the tokens end by themselves, and within a week their rows go.
    await stage.tokensBecome(before + 2);
    expect(stage.program.output).toMatch(/Tokens that were kept for copies cannot be opened any more/);
    await stage.database.query(`update copy_logon set expires_at = now() - interval '8 days'`);
    await until('its row being forgotten', async () => ((await keptLogons()).length === 0 ? true : undefined));
    await (await stage.as()).call('secure.identity.token.all.destroy');
  });

  it('ends with the link', async () => {
    const delivery = await stage.dispatch();
    await logOn(delivery);
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/revoke`);
    await until('the logon being forgotten', async () => {
      const { rowCount } = await stage.database.query('select 1 from copy_logon where delivery_id = $1', [delivery.id]);
      return rowCount === 0 ? true : undefined;
    });
  });
});

describe('tries', () => {
  const wrong = (delivery: Dispatched, index: number, account: Record<string, string> = {}) =>
    stage.ask(delivery, { ...RESEARCHER, ...account, password: `wrong ${index}` }, '/logons');

  it('of one account, however many come at once and by however many links, reach Mediaflux three times', async () => {
    const links = [await stage.dispatch(), await stage.dispatch()];
    const before = stage.callsOf('system.logon');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => wrong(links[index % 2] as Dispatched, index)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([422, 422, 422, ...Array<number>(9).fill(429)]);
    const tooMany = answers.find(({ status }) => status === 429);
    expect(Number(tooMany?.headers.get('retry-after'))).toBeGreaterThan(60);
    expect(tooMany?.body.detail).toMatch(/to keep it from being locked/);
    expect(stage.callsOf('system.logon') - before).toBe(3);
    // Nor in other letters, nor with the right password, nor in one step: who has the link may be guessing still.
    const one = links[0] as Dispatched;
    expect((await wrong(one, 13, { user: 'RESEARCHER' })).status).toBe(429);
    expect((await stage.ask(one, RESEARCHER, '/logons')).status).toBe(429);
    expect((await stage.ask(one, { ...RESEARCHER, destination: freshPlace() })).status).toBe(429);
    expect(stage.callsOf('system.logon') - before).toBe(3);
    // Another account is not kept out.
    expect((await stage.ask(one, { domain: 'demo', user: 'operator', password: 'operator' }, '/logons')).status).toBe(
      201,
    );
  });

  it('that succeed are not counted, nor those that Mediaflux did not answer', async () => {
    const delivery = await stage.dispatch();
    stage.emulator.faults.set({ service: 'system.logon', times: 3, action: { error: 'server in maintenance mode' } });
    expect((await stage.ask(delivery, RESEARCHER, '/logons')).status).toBe(503);
    for (let round = 0; round < 5; round += 1) await logOn(delivery);
    expect((await wrong(delivery, 1)).status).toBe(422);
    await logOn(delivery);
  });

  it('through one link on many accounts end after ten', async () => {
    const [delivery, other] = [await stage.dispatch(), await stage.dispatch()];
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1)
      statuses.push((await wrong(delivery, index, { user: `somebody-${index}` })).status);
    expect(statuses).toEqual([...Array<number>(10).fill(422), 429, 429]);
    await logOn(other);
  });
});

describe('a platform that forbids passwords for copies', () => {
  it('takes tokens only, by every way, and says so', async () => {
    const delivery = await stage.dispatch({ copyPasswords: false });
    const before = stage.callsOf('system.logon');
    for (const refused of [
      await stage.ask(delivery, { ...RESEARCHER, destination: freshPlace() }),
      await stage.ask(delivery, RESEARCHER, '/logons'),
    ]) {
      expect(refused.status).toBe(422);
      expect(refused.body.errors).toEqual([{ path: 'password', message: expect.stringMatching(/takes no passwords/) }]);
    }
    expect(stage.callsOf('system.logon')).toBe(before);
    const token = /<token [^>]*>([^<]+)</.exec(
      await (await stage.as()).call('secure.identity.token.create', '<role type="user">demo:researcher</role>'),
    )?.[1];
    const copy = await stage.ended(delivery, await stage.begin(delivery, freshPlace(), { token }));
    expect(copy.state).toBe('completed');
    // Mediaflux takes a token in the place of a password too.
    const disguised = { domain: 'token', user: 'anybody', password: token };
    expect((await stage.ask(delivery, disguised, '/logons')).status).toBe(201);
    expect(await stage.api.expect(200, 'GET', `/api/v1/shares/${delivery.token}`)).toMatchObject({
      copyPasswords: false,
    });
  });

  it('is one as soon as it is changed, and no longer when it is changed back', async () => {
    const delivery = await stage.dispatch();
    await logOn(delivery);
    const { rows } = await stage.database.query<{ platform_id: string }>(
      'select platform_id from delivery where id = $1',
      [delivery.id],
    );
    const platform = `/api/v1/admin/platforms/${rows[0]?.platform_id ?? ''}`;
    expect(await stage.program.admin.expect(200, 'GET', platform)).toMatchObject({ copyPasswords: true });
    await stage.program.admin.expect(200, 'PATCH', platform, { copyPasswords: false });
    expect((await stage.ask(delivery, RESEARCHER, '/logons')).status).toBe(422);
    await stage.program.admin.expect(200, 'PATCH', platform, { copyPasswords: true });
    await logOn(delivery);
  });
});

it('the API’s document tells of logons, of copies, and of the platform’s choice', async () => {
  const document = await stage.api.expect<{ paths: Record<string, unknown>; components: { schemas: object } }>(
    200,
    'GET',
    '/api/openapi.json',
  );
  const copies = '/api/v1/shares/{token}/copies';
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([copies, `${copies}/logons`, `${copies}/{id}`, `${copies}/{id}/logon`]),
  );
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(['UserCredentials', 'StartCopy', 'CopyLogon', 'Copy']),
  );
  expect(JSON.stringify(document.components.schemas)).toContain('copyPasswords');
});

describe('a copy that is asked for again with its Idempotency-Key', () => {
  const ask = async (delivery: Dispatched, body: object, key: string) => {
    const reply = await fetch(`${stage.program.endpoints.server}${stage.path(delivery)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ ...RESEARCHER, ...body }),
    });
    return { status: reply.status, body: (await reply.json()) as { id?: string; type?: string } };
  };

  it('is one copy, also where both ask at the same moment, and leaves one token at most', async () => {
    const delivery = await stage.dispatch();
    const destination = freshPlace();
    const tokens = await stage.tokens();
    const both = await Promise.all([ask(delivery, { destination }, 'k-1'), ask(delivery, { destination }, 'k-1')]);
    const again = await ask(delivery, { destination }, 'k-1');
    expect([...both, again].map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set([...both, again].map(({ body }) => body.id)).size).toBe(1);
    expect((await stage.ended(delivery, again.body.id ?? '')).state).toBe('completed');
    await stage.tokensBecome(tokens);
  });

  it('is refused with another destination, and begun after a logon that was refused', async () => {
    const delivery = await stage.dispatch();
    const destination = freshPlace();
    expect((await ask(delivery, { destination, password: 'wrong' }, 'k-2')).status).toBe(422);
    expect((await ask(delivery, { destination }, 'k-2')).status).toBe(202);
    const other = await ask(delivery, { destination: freshPlace() }, 'k-2');
    expect(other.body.type).toBe('urn:instrument-dispatch:problem:idempotency-key-reused');
  });
});
