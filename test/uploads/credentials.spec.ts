// Credentials of uploads: none comes into being for an upload that has ended, none outlives what its shareable may still
// do, and where the folder or the platform's namespace is gone the answer says so.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { platformWith, PROJECT } from '../support/api.js';
import {
  Instrument,
  makePlatform,
  makeShareable,
  type MadeShareable,
  Sender,
  startOf,
  type StartedUpload,
} from '../support/instrument.js';
import { RawClient } from '../support/raw-client.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

let manager: RawClient;

const stage = stageOf({ env: PROMPT });
beforeAll(async () => {
  manager = new RawClient(stage.emulator.url, { domain: 'system', user: 'manager', password: 'manager' });
  await manager.logon();
});

interface Problem {
  type: string;
  detail: string;
}
interface Renewed extends Problem {
  mediaflux: StartedUpload['mediaflux'] & { expiresAt: string };
}

const shareableOf = async (fields: Record<string, unknown> = {}): Promise<[Instrument, MadeShareable]> => {
  const shareable = await makeShareable(stage.program, await makePlatform(stage.program, fields));
  return [new Instrument(stage.server, shareable.token), shareable];
};
const renew = (instrument: Instrument, id: string) =>
  instrument.api.call<Renewed>('POST', `/api/v1/uploads/${id}/credential`);
const problem = (code: string): string => `urn:instrument-dispatch:problem:${code}`;
const wanted = async (uploadId: string): Promise<number> => {
  const found = await stage.database.query<{ count: number }>(
    `select count(*)::int as count
       from mediaflux_credential
      where upload_id = $1 and destroyed_at is null and destroy_requested_at is null`,
    [uploadId],
  );
  return found.rows[0]?.count ?? Number.NaN;
};

describe('a credential that is asked for while the upload ends', () => {
  it.each([
    ['given up', `state = 'abandoned', abandoned_at = now()`],
    ['completed by its client', `state = 'verifying', lease_until = now() + interval '1 day'`],
    ['complete', `state = 'complete', completed_at = now(), dispatched_at = now()`],
  ])('is refused, and none is left: %s', async (_, ended) => {
    const [instrument] = await shareableOf();
    const { id } = await instrument.start();
    // Its state has been read when it comes to note that the folder is there.
    await stage.database.query('update upload set folder_opened_at = null where id = $1', [id]);
    const held = await stage.holdRows('select 1 from upload where id = $1', [id]);
    const renewing = renew(instrument, id);
    await held.areWaitedFor();
    await held.query(`update upload set ${ended} where id = $1`, [id]);
    await held.query('update mediaflux_credential set destroy_requested_at = now() where upload_id = $1', [id]);
    await held.release();
    const answer = await renewing;
    expect([answer.status, answer.body.type]).toEqual([409, problem('upload-state')]);
    expect(await wanted(id)).toBe(0);
  });

  it('is there for an upload that goes on', async () => {
    const [instrument] = await shareableOf();
    const { id } = await instrument.start();
    await stage.database.query('update upload set folder_opened_at = null where id = $1', [id]);
    const held = await stage.holdRows('select 1 from upload where id = $1', [id]);
    const renewing = renew(instrument, id);
    await held.areWaitedFor();
    await held.release();
    const answer = await renewing;
    expect(answer.status).toBe(200);
    const sender = new Sender(answer.body.mediaflux);
    await sender.send('a', 'a');
    await sender.close();
  });

  it('is not given by a repeated start either, which answers how the upload stands', async () => {
    const [instrument] = await shareableOf();
    const key = { 'idempotency-key': 'again' };
    const { id } = await instrument.api.expect<StartedUpload>(201, 'POST', '/api/v1/uploads', startOf(), key);
    await instrument.api.expect(204, 'DELETE', `/api/v1/uploads/${id}`);
    const again = await instrument.api.expect<StartedUpload>(201, 'POST', '/api/v1/uploads', startOf(), key);
    expect(again).toMatchObject({ id, state: 'abandoned', mediaflux: null });
    expect(await wanted(id)).toBe(0);
  });
});

describe('a credential of a revoked shareable', () => {
  it('ends with the time in which uploads may finish, and with it the uploads that were not', async () => {
    const [instrument, shareable] = await shareableOf();
    const [upload, sent] = [await instrument.start(), await instrument.start()];
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${shareable.id}/revoke`, {
      stopRunning: false,
    });
    const age = (hours: number) =>
      stage.database.query(
        `update upload_shareable set revoked_at = now() - make_interval(hours => $2) where id = $1`,
        [shareable.id, hours],
      );
    await age(23);
    const { status, body } = await renew(instrument, upload.id);
    const view = await stage.program.admin.expect<{ finishesUntil: string }>(
      200,
      'GET',
      `/api/v1/admin/shareables/${shareable.id}`,
    );
    expect(status).toBe(200);
    const end = Date.parse(view.finishesUntil);
    expect(Date.parse(body.mediaflux.expiresAt)).toBe(end - (end % 1_000));
    // All was sent in time: it is verified to its end, however long that takes.
    await stage.database.query(
      `update upload set state = 'verifying', lease_until = now() + interval '1 day' where id = $1`,
      [sent.id],
    );
    await age(25);
    const stateOf = (id: string) =>
      stage.program.admin
        .expect<{ state: string }>(200, 'GET', `/api/v1/admin/uploads/${id}`)
        .then(({ state }) => state);
    await until(
      'the upload being ended',
      async () => ((await stateOf(upload.id)) === 'abandoned' ? true : undefined),
      60_000,
    );
    expect(await stateOf(sent.id)).toBe('verifying');
    await until('its credentials being destroyed', async () => ((await wanted(upload.id)) === 0 ? true : undefined));
    const sender = new Sender(body.mediaflux);
    await expect(sender.send('late', 'late')).rejects.toMatchObject({ name: 'MediafluxError' });
    await sender.close();
  });
});

describe('a folder that is gone from Mediaflux', () => {
  it.each(['open', 'mismatch'])('is told as such, with what to do: %s', async (state) => {
    const [instrument] = await shareableOf();
    const { id, mediaflux } = await instrument.start();
    await stage.database.query('update upload set state = $2 where id = $1', [id, state]);
    await manager.call('asset.namespace.destroy', `<namespace>${mediaflux.namespace}</namespace>`);
    const { status, body } = await renew(instrument, id);
    expect([status, body.type]).toEqual([409, problem('folder-gone')]);
    expect(body.detail).toContain('Start a new one');
  });
});

describe("a platform's namespace that is gone from Mediaflux", () => {
  const namespace = `${PROJECT}/scopes`;
  const exists = async (path: string): Promise<boolean> =>
    (await manager.call('asset.namespace.exists', `<namespace>${path}</namespace>`)).includes('>true<');

  it('is never made again by a start, which says what is missing and goes on once it is back', async () => {
    await manager.call('asset.namespace.create', `<namespace>${namespace}</namespace>`);
    const { id } = await stage.program.admin.expect<{ id: string }>(
      201,
      'POST',
      '/api/v1/admin/platforms',
      platformWith({ namespace }),
    );
    const { token } = await makeShareable(stage.program, id);
    const instrument = new Instrument(stage.server, token);
    const running = await instrument.start();
    await manager.call('asset.namespace.destroy', `<namespace>${namespace}</namespace>`);
    const key = { 'idempotency-key': 'gone' };
    const refused = await instrument.api.call<Problem>('POST', '/api/v1/uploads', startOf(), key);
    expect([refused.status, refused.body.type]).toEqual([409, problem('platform-namespace')]);
    expect(refused.body.detail).toContain(namespace);
    const renewed = await renew(instrument, running.id);
    expect([renewed.status, renewed.body.type]).toEqual([409, problem('platform-namespace')]);
    expect(await exists(namespace)).toBe(false);
    await manager.call('asset.namespace.create', `<namespace>${namespace}</namespace>`);
    const started = await instrument.api.expect<StartedUpload>(201, 'POST', '/api/v1/uploads', startOf(), key);
    expect(await exists(started.mediaflux.namespace)).toBe(true);
  });
});
