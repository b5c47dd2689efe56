// Calls that make something are answered with what the first one made when their Idempotency-Key comes again, and keys
// are not kept for ever.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { earlierResult, forgetOldCalls } from '../../src/http/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { Instrument, type MadeShareable, makePlatform, makeShareable } from '../support/instrument.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

const stage = stageOf();
const admin = () => stage.program.admin;

describe('a run of reminders by hand', () => {
  interface Run {
    id: string;
    slot: string;
    trigger: string;
    state: string;
    warnings: string[];
  }
  const begin = (platformId: string, key?: string) =>
    admin().expect<Run>(
      201,
      'POST',
      `/api/v1/admin/platforms/${platformId}/reminder-runs`,
      undefined,
      key === undefined ? {} : { 'idempotency-key': key },
    );
  const runsOf = async (platformId: string) =>
    (await admin().expect<{ items: Run[] }>(200, 'GET', `/api/v1/admin/platforms/${platformId}/reminder-runs`)).items;

  it('is one however often its key comes, and another for another key, another platform, or none', async () => {
    const [one, other] = [await makePlatform(stage.program), await makePlatform(stage.program)];
    const at = await Promise.all(['k', 'k', 'k'].map((key) => begin(one, key)));
    expect(new Set(at.map(({ id, slot }) => `${id} ${slot}`)).size).toBe(1);
    await until('the run being over', async () => (await runsOf(one))[0]?.state === 'finished' || undefined);
    expect(await begin(one, 'k')).toMatchObject({
      id: at[0]?.id,
      state: 'finished',
      trigger: 'by-hand',
      warnings: ['Reminders of this platform are off. This run reminds all the same; no other comes by itself.'],
    });
    expect(await runsOf(one)).toHaveLength(1);
    const ids = [
      (await begin(one, 'l')).id,
      (await begin(one)).id,
      (await begin(one)).id,
      (await begin(other, 'k')).id,
    ];
    expect(new Set([...ids, at[0]?.id]).size).toBe(5);
  });
});

describe('a rotation of a shareable’s token', () => {
  const rotate = (id: string, body: Record<string, unknown>, key: string) =>
    admin().call<MadeShareable & { settingsXml: string }>('POST', `/api/v1/admin/shareables/${id}/rotate`, body, {
      'idempotency-key': key,
    });
  const works = async ({ token }: { token: string }) =>
    (await new Instrument(stage.server, token).api.call('GET', '/api/v1/shareable')).status === 200;
  const rotations = async (id: string) =>
    (
      await admin().expect<{ items: { action: string }[] }>(200, 'GET', `/api/v1/admin/audit?subject=${id}`)
    ).items.filter(({ action }) => action === 'shareable.rotated').length;

  it('is one however often its key comes; each answer has a fresh token, and the overlap is not cut short', async () => {
    const old = await makeShareable(stage.program, await makePlatform(stage.program));
    const lost = (await rotate(old.id, { overlap: 'P1D' }, 'r')).body;
    const fresh = (await rotate(old.id, { overlap: 'P1D' }, 'r')).body;
    expect(fresh.id).toBe(old.id);
    expect(fresh.token).not.toBe(lost.token);
    expect(fresh.settingsXml).toContain(fresh.token);
    expect([await works(old), await works(lost), await works(fresh)]).toEqual([true, false, true]);
    expect(await rotations(old.id)).toBe(1);
    // One that a computer has come with since goes on.
    const third = (await rotate(old.id, { overlap: 'P1D' }, 'r')).body;
    expect([await works(fresh), await works(third)]).toEqual([true, true]);
    expect((await rotate(old.id, { overlap: 'P2D' }, 'r')).status).toBe(422);
  });

  it('that was followed by another one, or a revocation, gives no token any more', async () => {
    const old = await makeShareable(stage.program, await makePlatform(stage.program));
    await rotate(old.id, {}, 'first');
    const second = (await rotate(old.id, {}, 'second')).body;
    expect((await rotate(old.id, {}, 'first')).status).toBe(409);
    expect(await works(second)).toBe(true);
    expect(await rotations(old.id)).toBe(2);
    await admin().expect(200, 'POST', `/api/v1/admin/shareables/${old.id}/revoke`, {});
    expect((await rotate(old.id, {}, 'second')).status).toBe(409);
  });
});

describe('the keys', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.close());

  it('are kept for 30 days, and removed in portions', async () => {
    const tx = database.dataSource.manager;
    const [old, young] = ['0196a000-0000-7000-8000-000000000001', '0196a000-0000-7000-8000-000000000002'];
    await earlierResult(tx, { scope: 's', key: 'old', request: {} }, old);
    await tx.query(
      `insert into idempotency_key (scope, key, request_sha256, subject_id, created_at)
       select 'many', n::text, '', $1::uuid, now() - interval '31 days' from generate_series(1, 6000) n`,
      [old],
    );
    await tx.query(`update idempotency_key set created_at = now() - interval '30 days 1 minute'`);
    await earlierResult(tx, { scope: 's', key: 'young', request: {} }, young);
    await tx.query(
      `update idempotency_key set created_at = now() - interval '29 days 23 hours' where subject_id = $1`,
      [young],
    );
    await forgetOldCalls(tx, new Date(), new AbortController().signal);
    expect(await tx.query('select scope, subject_id from idempotency_key')).toEqual([
      { scope: 's', subject_id: young },
    ]);
  });
});
