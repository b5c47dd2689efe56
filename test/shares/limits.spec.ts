// What a shareable's token may do in a day: uploads, recipients, recipients' domains.

import { describe, expect, it } from '@jest/globals';
import { type Instrument, type MadeShareable, startOf } from '../support/instrument.js';
import { type Problem, shareablesOf } from './stage.js';

const shareables = shareablesOf();
const { stage } = shareables;

const limited = async (limits: Record<string, unknown>): Promise<[Instrument, MadeShareable]> => {
  const shareable = await shareables.make({ limits });
  return [shareables.instrumentOf(shareable), shareable];
};
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
    expect((await shareables.shown(id)).uses).toBe(7);
    const { limits } = await instrument.api.expect<{ limits: object }>(200, 'GET', '/api/v1/shareable');
    expect(limits).toMatchObject({
      recipients: 50,
      uploadsPerDay: 7,
      recipientsPerDay: null,
      left: { uploads: 0, recipients: null },
    });
    await shareables.change(id, { limits: { uploadsPerDay: 8 } });
    await instrument.start();
    expect((await instrument.api.call('POST', '/api/v1/uploads', startOf())).status).toBe(429);
    // A day is the last 24 hours: what is older counts no more.
    await stage.database.query(
      `update upload set start_tried_at = start_tried_at - interval '24 hours' where id = (select id from upload where shareable_id = $1 order by id limit 1)`,
      [id],
    );
    await instrument.start();
    await shareables.change(id, { limits: { uploadsPerDay: null } });
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
    await stage.database.query(`update upload set state = 'complete', completed_at = now() where id = $1`, [id]);
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
    expect((await shareables.shown(id)).limits).toMatchObject({ recipientDomains: ['example.org', '*.example.edu'] });
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
    const answer = await stage.program.admin.call<Problem>(
      'POST',
      `/api/v1/admin/platforms/${shareables.platformId}/shareables`,
      {
        label: 'PC',
        limits,
      },
    );
    expect([answer.status, answer.body.errors[0]?.path]).toEqual([422, path]);
  });
});
