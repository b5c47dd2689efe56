// What a token may still do once it was revoked or replaced, whatever was under way at that moment.

import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Instrument, type MadeShareable, startOf } from '../support/instrument.js';
import { until } from '../support/wait.js';
import { type Problem, shareablesOf } from './stage.js';

const shareables = shareablesOf();
const { stage } = shareables;

const made = async (): Promise<[Instrument, MadeShareable]> => {
  const shareable = await shareables.make();
  return [shareables.instrumentOf(shareable), shareable];
};
const REVOKED = 'urn:instrument-dispatch:problem:shareable-revoked';

describe('a start that is under way', () => {
  it.each([
    ['the shareable is revoked', 'update upload_shareable set revoked_at = now() where id = $1', REVOKED],
    [
      'the token ends',
      'update upload_shareable_token set valid_until = now() where shareable_id = $1',
      'urn:instrument-dispatch:problem:token-replaced',
    ],
  ])('starts nothing when %s before it is recorded', async (_, end, type) => {
    const [instrument, { id }] = await made();
    const held = await stage.holdRows('select 1 from upload_shareable where id = $1', [id]);
    // Its token has been judged when it comes to take its number.
    const starting = instrument.api.call<Problem>('POST', '/api/v1/uploads', startOf());
    await held.areWaitedFor();
    await held.query(end, [id]);
    await held.release();
    const answer = await starting;
    expect([answer.status, answer.body.type]).toEqual([401, type]);
    expect(answer.body.detail).toContain('desk@example.org');
    expect(await stage.program.admin.expect(200, 'GET', `/api/v1/admin/shareables/${id}`)).toMatchObject({ uses: 0 });
  });
});

it('a trial that is under way gets no credential when the shareable is revoked before it is recorded', async () => {
  const [instrument, { id }] = await made();
  const held = await stage.holdRows('select 1 from upload_shareable where id = $1', [id]);
  const opening = instrument.api.call<Problem>('POST', '/api/v1/shareable/trial', {
    client: { program: 'data-mover/1.0.0', host: 'scope1', os: 'linux' },
  });
  await held.areWaitedFor();
  await held.query('update upload_shareable set revoked_at = now() where id = $1', [id]);
  await held.release();
  const answer = await opening;
  expect([answer.status, answer.body.type]).toEqual([401, REVOKED]);
});

describe('a revoked shareable', () => {
  it('sends what it began to nobody new: not by a change, not by a correction', async () => {
    const [instrument, { id }] = await made();
    const [running, complete] = [
      await instrument.start({ recipients: ['ada@example.org', 'bea@example.org'] }),
      await instrument.start({ recipients: ['wrong@example.org'] }),
    ];
    await stage.database.query(
      `update upload set state = 'complete', completed_at = now(), manifest_id = gen_random_uuid() where id = $1`,
      [complete.id],
    );
    await shareables.revoke(id);
    const change = (recipients: string[]) =>
      instrument.api.call<Problem>('PATCH', `/api/v1/uploads/${running.id}`, { recipients });
    const refusals = [
      await change(['ada@example.org', 'eve@example.org']),
      await instrument.api.call<Problem>('POST', `/api/v1/uploads/${complete.id}/deliveries`, {
        recipient: 'eve@example.org',
      }),
    ];
    expect(refusals.map(({ status, body }) => [status, body.type])).toEqual([
      [401, REVOKED],
      [401, REVOKED],
    ]);
    // Fewer than it began with, and ending a wrong link, do no harm.
    expect((await change(['ada@example.org'])).status).toBe(200);
    const delivery = await until('the delivery', async () => (await instrument.get(complete.id)).deliveries[0]);
    await instrument.api.expect(200, 'POST', `/api/v1/uploads/${complete.id}/deliveries/${delivery.id}/revoke`);
    expect((await instrument.get(running.id)).recipients).toEqual(['ada@example.org']);
  });

  it('that is stopped later holds the mails that wait by then', async () => {
    const [instrument, { id }] = await made();
    const { id: uploadId } = await instrument.start({ recipients: ['held@example.org'] });
    await shareables.revoke(id);
    await stage.database.query(
      `update upload
          set state = 'complete', completed_at = now(), dispatched_at = now(), manifest_id = gen_random_uuid()
        where id = $1`,
      [uploadId],
    );
    // A delivery made after the revocation, whose mail waits for the mail server.
    const [deliveryId, mailId] = [randomUUID(), randomUUID()];
    await stage.database.query(
      `insert into delivery (id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id)
       select $1, u.id, u.platform_id, r.person_id, 0, 'P30D', 'x'
         from upload u
         join upload_recipient r on r.upload_id = u.id
        where u.id = $2`,
      [deliveryId, uploadId],
    );
    await stage.database.query(
      `insert into mail_outbox (id, kind, subject_id, person_id, message_id, dedupe_key, at_most_once, next_attempt_at)
       select $1, 'dispatch', d.id, d.person_id, '<held@test>', 'held', false, now() + interval '1 day'
         from delivery d
        where d.id = $2`,
      [mailId, deliveryId],
    );
    await shareables.revoke(id, true);
    await stage.database.query('update mail_outbox set next_attempt_at = now() where id = $1', [mailId]);
    const mail = await until('the mail being judged', async () => {
      const found = await stage.database.query<{ state: string; reason: string }>(
        `select state, reason from mail_outbox where id = $1 and state not in ('pending', 'sending')`,
        [mailId],
      );
      return found.rows[0];
    });
    expect(mail).toEqual({ state: 'skipped', reason: 'held' });
  });

  it('that is stopped while its upload is dispatched holds the mails of it', async () => {
    const [instrument, { id }] = await made();
    const { id: uploadId } = await instrument.start({ recipients: ['race@example.org'] });
    const held = await stage.holdRows('select 1 from upload_shareable where id = $1', [id]);
    await stage.database.query(
      `update upload set state = 'complete', completed_at = now(), manifest_id = gen_random_uuid() where id = $1`,
      [uploadId],
    );
    // The dispatch is at the shareable, which is stopped before it comes to it.
    await held.areWaitedFor();
    await held.query('update upload_shareable set revoked_at = now(), stopped_at = clock_timestamp() where id = $1', [
      id,
    ]);
    await held.release();
    const control = await made();
    const { id: controlId } = await control[0].start({ recipients: ['control@example.org'] });
    await stage.database.query(
      `update upload set state = 'complete', completed_at = now(), manifest_id = gen_random_uuid() where id = $1`,
      [controlId],
    );
    await stage.program.mailbox.next('control@example.org', /your data/);
    expect(await stage.program.mailbox.to('race@example.org')).toEqual([]);
  });
});

describe('a create that is repeated', () => {
  const create = (key: string) =>
    stage.program.admin.call<MadeShareable & Problem>(
      'POST',
      `/api/v1/admin/platforms/${shareables.platformId}/shareables`,
      { label: 'PC' },
      { 'idempotency-key': key },
    );
  const isGood = async ({ token }: MadeShareable): Promise<boolean> =>
    (await new Instrument(stage.server, token).api.call('GET', '/api/v1/shareable')).status === 200;

  it('answers the same shareable with a fresh token in place of one that was lost', async () => {
    const lost = (await create('lost')).body;
    const fresh = (await create('lost')).body;
    expect(fresh.id).toBe(lost.id);
    expect(fresh.token).not.toBe(lost.token);
    expect([await isGood(lost), await isGood(fresh)]).toEqual([false, true]);
  });

  it('leaves a token that has come with a computer', async () => {
    const used = (await create('used')).body;
    expect(await isGood(used)).toBe(true);
    const fresh = (await create('used')).body;
    expect([await isGood(used), await isGood(fresh)]).toEqual([true, true]);
  });

  it('gives no token for a shareable that was revoked or rotated since, and says so', async () => {
    const revoked = (await create('revoked')).body;
    await shareables.revoke(revoked.id);
    const rotated = (await create('rotated')).body;
    const next = await stage.program.admin.expect<MadeShareable>(
      200,
      'POST',
      `/api/v1/admin/shareables/${rotated.id}/rotate`,
      { overlap: 'P1D' },
    );
    const answers = [await create('revoked'), await create('rotated')];
    expect(answers.map(({ status }) => status)).toEqual([409, 409]);
    expect(answers[0]?.body.detail).toContain('revoked');
    expect(answers[1]?.body.detail).toContain('rotate');
    expect(await isGood(next)).toBe(true);
  });
});
