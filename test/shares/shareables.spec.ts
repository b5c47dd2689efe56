// Upload shareables: what a token may do in a day, which computers use it, and how it ends.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Api } from '../support/api.js';
import { Instrument, makePlatform, makeShareable, type MadeShareable, startOf } from '../support/instrument.js';
import { Program } from '../support/program.js';
import { until } from '../support/wait.js';

let program: Program;
let platformId: string;
let database: pg.Client;

beforeAll(async () => {
  program = await Program.start();
  platformId = await makePlatform(program);
  database = new pg.Client({ connectionString: program.endpoints.database });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await program.stop();
});

interface Problem {
  type: string;
  detail: string;
  errors: { path: string; message: string }[];
}

interface ShareableView {
  state: string;
  label: string;
  notify: string[];
  uses: number;
  limits: Record<string, unknown>;
  finishesUntil: string | null;
  tokens: {
    lastFour: string;
    lastUsedAt: string | null;
    lastRefusedAt: string | null;
    usedFrom: { host: string; program: string; uses: number }[];
  }[];
}

const instrumentOf = (shareable: MadeShareable): Instrument =>
  new Instrument(program.endpoints.server, shareable.token);
const limited = async (limits: Record<string, unknown>): Promise<[Instrument, MadeShareable]> => {
  const shareable = await makeShareable(program, platformId, { limits });
  return [instrumentOf(shareable), shareable];
};
const shown = (id: string): Promise<ShareableView> =>
  program.admin.expect(200, 'GET', `/api/v1/admin/shareables/${id}`);
const change = (id: string, fields: Record<string, unknown>): Promise<ShareableView> =>
  program.admin.expect(200, 'PATCH', `/api/v1/admin/shareables/${id}`, fields);

describe('the limit of uploads a day', () => {
  it('lets exactly so many through when fifty start at once, and says when to try again', async () => {
    const [instrument, { id }] = await limited({ uploadsPerDay: 7 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => instrument.api.call<Problem>('POST', '/api/v1/uploads', startOf())),
    );
    const started = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 429);
    expect([started.length, refused.length]).toEqual([7, 43]);
    const retryAfter = Number(refused[0]?.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(86_000);
    expect(retryAfter).toBeLessThanOrEqual(86_400);
    expect(refused[0]?.body).toMatchObject({
      type: 'urn:instrument-dispatch:problem:shareable-limit',
      errors: [{ path: 'uploads' }],
    });
    expect((await shown(id)).uses).toBe(7);
    const { limits } = await instrument.api.expect<{ limits: object }>(200, 'GET', '/api/v1/shareable');
    expect(limits).toMatchObject({
      recipients: 50,
      uploadsPerDay: 7,
      recipientsPerDay: null,
      left: { uploads: 0, recipients: null },
    });
    await change(id, { limits: { uploadsPerDay: 8 } });
    await instrument.start();
    expect((await instrument.api.call('POST', '/api/v1/uploads', startOf())).status).toBe(429);
    // A day is the last 24 hours: what is older counts no more.
    await database.query(
      `update upload set created_at = created_at - interval '24 hours' where id = (select id from upload where shareable_id = $1 order by id limit 1)`,
      [id],
    );
    await instrument.start();
    await change(id, { limits: { uploadsPerDay: null } });
    await instrument.start();
  });

  it('does not hold a call back that is repeated with its Idempotency-Key', async () => {
    const [instrument] = await limited({ uploadsPerDay: 1 });
    const key = { 'idempotency-key': 'one' };
    const first = await instrument.api.expect<{ id: string }>(201, 'POST', '/api/v1/uploads', startOf(), key);
    const again = await instrument.api.expect<{ id: string }>(201, 'POST', '/api/v1/uploads', startOf(), key);
    expect(again.id).toBe(first.id);
  });
});

describe('the limit of recipients a day', () => {
  it('counts those of starts, of changes and of corrections, each naming once', async () => {
    const [instrument] = await limited({ recipientsPerDay: 4 });
    const many = { recipients: ['a@example.org', 'b@example.org', 'c@example.org', 'd@example.org', 'e@example.org'] };
    const tooMany = await instrument.api.call<Problem>('POST', '/api/v1/uploads', startOf(many));
    expect(tooMany.status).toBe(422);
    const { id } = await instrument.start({ recipients: ['a@example.org', 'b@example.org'] });
    const patch = (recipients: string[]) =>
      instrument.api.call<Problem>('PATCH', `/api/v1/uploads/${id}`, { recipients });
    expect((await patch(['b@example.org', 'c@example.org'])).status).toBe(200);
    expect((await patch(['a@example.org', 'c@example.org'])).status).toBe(200);
    expect((await patch(['x@example.org', 'y@example.org'])).status).toBe(429);
    expect((await instrument.get(id)).recipients).toEqual(['a@example.org', 'c@example.org']);
    expect((await patch(['d@example.org'])).status).toBe(200);
    await database.query(`update upload set state = 'complete', completed_at = now() where id = $1`, [id]);
    const corrected = await instrument.api.call<Problem>('POST', `/api/v1/uploads/${id}/deliveries`, {
      recipient: 'e@example.org',
    });
    expect([corrected.status, corrected.body.errors[0]?.path]).toEqual([429, 'recipients']);
    const { limits } = await instrument.api.expect<{ limits: { left: object } }>(200, 'GET', '/api/v1/shareable');
    expect(limits.left).toEqual({ uploads: null, recipients: 0 });
  });
});

describe('the domains of recipients', () => {
  it('are held to by starts, changes and dry checks, each address named', async () => {
    const [instrument, { id }] = await limited({ recipientDomains: ['Example.ORG', '*.example.edu'] });
    expect((await shown(id)).limits).toMatchObject({ recipientDomains: ['example.org', '*.example.edu'] });
    const mixed = startOf({ recipients: ['ada@example.org', 'eve@evil.net', 'bo@lab.example.edu', 'x@xexample.org'] });
    for (const path of ['/api/v1/uploads', '/api/v1/uploads/check']) {
      const refused = await instrument.api.call<Problem>('POST', path, mixed);
      expect(refused.status).toBe(422);
      expect(refused.body.errors.map((fault) => fault.path)).toEqual(['recipients[1]', 'recipients[3]']);
    }
    const upload = await instrument.start({ recipients: ['ada@EXAMPLE.org', 'bo@lab.example.edu'] });
    expect(
      (await instrument.api.call('PATCH', `/api/v1/uploads/${upload.id}`, { recipients: ['eve@evil.net'] })).status,
    ).toBe(422);
  });

  it.each([
    [{ uploadsPerDay: 0 }, 'limits.uploadsPerDay'],
    [{ recipientsPerDay: 1.5 }, 'limits.recipientsPerDay'],
    [{ recipientDomains: [] }, 'limits.recipientDomains'],
    [{ recipientDomains: ['nowhere'] }, 'limits.recipientDomains[0]'],
    [{ downloads: 1 }, 'limits.downloads'],
  ])('and other limits that make no sense are refused by name: %j', async (limits, path) => {
    const answer = await program.admin.call<Problem>('POST', `/api/v1/admin/platforms/${platformId}/shareables`, {
      label: 'PC',
      limits,
    });
    expect([answer.status, answer.body.errors[0]?.path]).toEqual([422, path]);
  });
});

describe('a shareable', () => {
  it('can be changed field by field, and the audit names no address', async () => {
    const { id } = await makeShareable(program, platformId, {
      notify: ['ops@example.org'],
      limits: { uploadsPerDay: 5, recipientDomains: ['example.org'] },
    });
    await change(id, { label: 'Scope 2', notify: ['desk@example.org', 'ops@example.org'] });
    const after = await change(id, { limits: { uploadsPerDay: 6 } });
    expect(after).toMatchObject({
      label: 'Scope 2',
      notify: ['desk@example.org', 'ops@example.org'],
      limits: { uploadsPerDay: 6, recipientsPerDay: null, recipientDomains: ['example.org'] },
    });
    const audit = await database.query<{ entry: string }>(
      `select before::text || after::text as entry from audit_entry where subject_id = $1 and action = 'shareable.changed'`,
      [id],
    );
    expect(audit.rows).toHaveLength(2);
    for (const { entry } of audit.rows) expect(entry).not.toContain('@');
    expect((await program.admin.call('PATCH', `/api/v1/admin/shareables/${id}`, { number: 9 })).status).toBe(422);
  });

  it('shows after a rotation which computers still have the old token, and that it was refused later', async () => {
    const old = await makeShareable(program, platformId);
    const from = (host: string, program: string) => ({ client: { host, program, os: 'linux' } });
    await instrumentOf(old).start(from('scope1', 'data-mover/1.0.0'));
    await instrumentOf(old).start(from('scope2', 'data-mover/0.9.0'));
    await instrumentOf(old).api.expect(
      200,
      'POST',
      '/api/v1/uploads/check',
      startOf(from('scope2', 'data-mover/0.9.0')),
    );
    const fresh = await program.admin.expect<MadeShareable>(200, 'POST', `/api/v1/admin/shareables/${old.id}/rotate`, {
      overlap: 'PT2S',
    });
    await instrumentOf(fresh).start(from('scope1', 'data-mover/1.0.1'));
    const { tokens } = await shown(old.id);
    expect(tokens.map(({ lastFour }) => lastFour)).toEqual([old.token.slice(-4), fresh.token.slice(-4)]);
    expect(tokens[0]?.usedFrom).toMatchObject([
      { host: 'scope2', program: 'data-mover/0.9.0', uses: 2 },
      { host: 'scope1', program: 'data-mover/1.0.0', uses: 1 },
    ]);
    expect(tokens[1]?.usedFrom).toMatchObject([{ host: 'scope1', program: 'data-mover/1.0.1', uses: 1 }]);
    expect(tokens[0]?.lastRefusedAt).toBeNull();
    const refusal = await until('the old token to end', async () => {
      const answer = await instrumentOf(old).api.call<Problem>('GET', '/api/v1/shareable');
      return answer.status === 401 ? answer.body : undefined;
    });
    expect(refusal.type).toContain('token-replaced');
    expect(refusal.detail).toContain('desk@example.org');
    expect((await shown(old.id)).tokens[0]?.lastRefusedAt).not.toBeNull();
  });

  it('never shows a token, nor keeps one', async () => {
    const made = await makeShareable(program, platformId);
    const list = JSON.stringify(
      await program.admin.expect(200, 'GET', `/api/v1/admin/platforms/${platformId}/shareables?limit=1000`),
    );
    expect(list).not.toContain(made.token);
    const kept = await database.query<{ found: boolean }>(
      `select exists (select 1 from upload_shareable_token t where t::text like '%' || $1 || '%') as found`,
      [made.token],
    );
    expect(kept.rows[0]?.found).toBe(false);
    expect(Buffer.from(made.token, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
  });

  it('says that it is revoked and whom to ask, lets what runs finish, and with stopRunning ends it', async () => {
    const shareable = await makeShareable(program, platformId);
    const instrument = instrumentOf(shareable);
    const { id } = await instrument.start();
    const revoke = (stopRunning: boolean): Promise<ShareableView> =>
      program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${shareable.id}/revoke`, { stopRunning });
    expect(await revoke(false)).toMatchObject({ state: 'revoked', finishesUntil: expect.any(String) });
    for (const [method, path] of [
      ['POST', '/api/v1/uploads'],
      ['POST', '/api/v1/uploads/check'],
      ['GET', '/api/v1/shareable'],
    ] as const) {
      const refused = await instrument.api.call<Problem>(method, path, method === 'POST' ? startOf() : undefined);
      expect([path, refused.status, refused.body.type]).toEqual([
        path,
        401,
        'urn:instrument-dispatch:problem:shareable-revoked',
      ]);
      expect(refused.body.detail).toContain('desk@example.org');
    }
    await instrument.api.expect(200, 'POST', `/api/v1/uploads/${id}/credential`);
    expect(await revoke(true)).toMatchObject({ state: 'revoked', finishesUntil: null });
    const stopped = await instrument.api.call<Problem>('POST', `/api/v1/uploads/${id}/credential`);
    expect([stopped.status, stopped.body.type]).toEqual([401, 'urn:instrument-dispatch:problem:shareable-revoked']);
    const upload = await program.admin.expect<{ state: string }>(200, 'GET', `/api/v1/admin/uploads/${id}`);
    expect(upload.state).toBe('abandoned');
    // One that nobody ever had is told nothing.
    const unknown = await new Api(program.endpoints.server, 'x'.repeat(43)).call<Problem>('GET', '/api/v1/shareable');
    expect([unknown.status, unknown.body.type]).toEqual([401, 'urn:instrument-dispatch:problem:key-needed']);
  });

  it('that is stopped holds what was not dispatched yet, until an administrator sends it', async () => {
    const [stopped, other] = [await makeShareable(program, platformId), await makeShareable(program, platformId)];
    const held = await instrumentOf(stopped).start({ recipients: ['held@example.org'] });
    const control = await instrumentOf(other).start({ recipients: ['control@example.org'] });
    await program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${stopped.id}/revoke`, { stopRunning: true });
    // As if both had been completed a moment before and not dispatched yet.
    await database.query(
      `update upload
          set state = 'complete', completed_at = now(), abandoned_at = null, manifest_id = gen_random_uuid()
        where id in ($1, $2)`,
      [held.id, control.id],
    );
    await program.mailbox.next('control@example.org', /your data/);
    const undispatched = await database.query<{ id: string }>(
      `select id from upload where state = 'complete' and dispatched_at is null and id in ($1, $2)`,
      [held.id, control.id],
    );
    expect(undispatched.rows).toEqual([{ id: held.id }]);
    expect(await program.mailbox.to('held@example.org')).toEqual([]);
    await program.admin.expect(201, 'POST', `/api/v1/admin/uploads/${held.id}/deliveries`, {
      recipient: 'held@example.org',
    });
    await program.mailbox.next('held@example.org', /your data/);
  });
});
