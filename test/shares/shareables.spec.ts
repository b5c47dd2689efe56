// Upload shareables: which computers use it, and how it ends.

import { describe, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { type MadeShareable, startOf } from '../support/instrument.js';
import { until } from '../support/wait.js';
import { type Problem, shareablesOf, type ShareableView } from './stage.js';

const shareables = shareablesOf();
const { stage } = shareables;

describe('a shareable', () => {
  it('can be changed field by field, and the audit names no address', async () => {
    const { id } = await shareables.make({
      notify: ['ops@example.org'],
      limits: { uploadsPerDay: 5, recipientDomains: ['example.org'] },
    });
    await shareables.change(id, { label: 'Scope 2', notify: ['desk@example.org', 'ops@example.org'] });
    const after = await shareables.change(id, { limits: { uploadsPerDay: 6 } });
    expect(after).toMatchObject({
      label: 'Scope 2',
      notify: ['desk@example.org', 'ops@example.org'],
      limits: { uploadsPerDay: 6, recipientsPerDay: null, recipientDomains: ['example.org'] },
    });
    const audit = await stage.database.query<{ entry: string }>(
      `select before::text || after::text as entry from audit_entry where subject_id = $1 and action = 'shareable.changed'`,
      [id],
    );
    expect(audit.rows).toHaveLength(2);
    for (const { entry } of audit.rows) expect(entry).not.toContain('@');
    expect((await stage.program.admin.call('PATCH', `/api/v1/admin/shareables/${id}`, { number: 9 })).status).toBe(422);
  });

  it('shows after a rotation which computers still have the old token, and that it was refused later', async () => {
    const old = await shareables.make();
    const from = (host: string, program: string) => ({ client: { host, program, os: 'linux' } });
    await shareables.instrumentOf(old).start(from('scope1', 'data-mover/1.0.0'));
    await shareables.instrumentOf(old).start(from('scope2', 'data-mover/0.9.0'));
    await shareables
      .instrumentOf(old)
      .api.expect(200, 'POST', '/api/v1/uploads/check', startOf(from('scope2', 'data-mover/0.9.0')));
    const fresh = await stage.program.admin.expect<MadeShareable>(
      200,
      'POST',
      `/api/v1/admin/shareables/${old.id}/rotate`,
      {
        overlap: 'PT2S',
      },
    );
    await shareables.instrumentOf(fresh).start(from('scope1', 'data-mover/1.0.1'));
    const { tokens } = await shareables.shown(old.id);
    expect(tokens.map(({ lastFour }) => lastFour)).toEqual([old.token.slice(-4), fresh.token.slice(-4)]);
    expect(tokens[0]?.usedFrom).toMatchObject([
      { host: 'scope2', program: 'data-mover/0.9.0', uses: 2 },
      { host: 'scope1', program: 'data-mover/1.0.0', uses: 1 },
    ]);
    expect(tokens[1]?.usedFrom).toMatchObject([{ host: 'scope1', program: 'data-mover/1.0.1', uses: 1 }]);
    expect(tokens[0]?.lastRefusedAt).toBeNull();
    const refusal = await until('the old token to end', async () => {
      const answer = await shareables.instrumentOf(old).api.call<Problem>('GET', '/api/v1/shareable');
      return answer.status === 401 ? answer.body : undefined;
    });
    expect(refusal.type).toContain('token-replaced');
    expect(refusal.detail).toContain('desk@example.org');
    expect((await shareables.shown(old.id)).tokens[0]?.lastRefusedAt).not.toBeNull();
  });

  it('never shows a token, nor keeps one', async () => {
    const made = await shareables.make();
    const list = JSON.stringify(
      await stage.program.admin.expect(
        200,
        'GET',
        `/api/v1/admin/platforms/${shareables.platformId}/shareables?limit=1000`,
      ),
    );
    expect(list).not.toContain(made.token);
    const kept = await stage.database.query<{ found: boolean }>(
      `select exists (select 1 from upload_shareable_token t where t::text like '%' || $1 || '%') as found`,
      [made.token],
    );
    expect(kept.rows[0]?.found).toBe(false);
    expect(Buffer.from(made.token, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
  });

  it('says that it is revoked and whom to ask, lets what runs finish, and with stopRunning ends it', async () => {
    const shareable = await shareables.make();
    const instrument = shareables.instrumentOf(shareable);
    const { id } = await instrument.start();
    const revoke = (stopRunning: boolean): Promise<ShareableView> =>
      stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${shareable.id}/revoke`, { stopRunning });
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
    const upload = await stage.program.admin.expect<{ state: string }>(200, 'GET', `/api/v1/admin/uploads/${id}`);
    expect(upload.state).toBe('abandoned');
    // One that nobody ever had is told nothing.
    const unknown = await new Api(stage.server, 'x'.repeat(43)).call<Problem>('GET', '/api/v1/shareable');
    expect([unknown.status, unknown.body.type]).toEqual([401, 'urn:instrument-dispatch:problem:key-needed']);
  });

  it('that is stopped holds what was not dispatched yet, until an administrator sends it', async () => {
    const [stopped, other] = [await shareables.make(), await shareables.make()];
    const held = await shareables.instrumentOf(stopped).start({ recipients: ['held@example.org'] });
    const control = await shareables.instrumentOf(other).start({ recipients: ['control@example.org'] });
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${stopped.id}/revoke`, {
      stopRunning: true,
    });
    // As if both had been completed a moment before and not dispatched yet.
    await stage.database.query(
      `update upload
          set state = 'complete', completed_at = now(), abandoned_at = null, manifest_id = gen_random_uuid()
        where id in ($1, $2)`,
      [held.id, control.id],
    );
    await stage.program.mailbox.next('control@example.org', /your data/);
    const undispatched = await stage.database.query<{ id: string }>(
      `select id from upload where state = 'complete' and dispatched_at is null and id in ($1, $2)`,
      [held.id, control.id],
    );
    expect(undispatched.rows).toEqual([{ id: held.id }]);
    expect(await stage.program.mailbox.to('held@example.org')).toEqual([]);
    await stage.program.admin.expect(201, 'POST', `/api/v1/admin/uploads/${held.id}/deliveries`, {
      recipient: 'held@example.org',
    });
    await stage.program.mailbox.next('held@example.org', /your data/);
  });
});
