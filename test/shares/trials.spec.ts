// Trials of a connection: what is given out reaches one folder and nothing else, counts as no upload, and is gone when it
// ends, whoever crashes when.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { createNamespace, destroyNamespace } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Api, PROJECT } from '../support/api.js';
import { Instrument, makePlatform, makeShareable, type MadeShareable, Sender } from '../support/instrument.js';
import { NO_TRACES, type ShareTraces, tracesOf } from '../support/share-traces.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

interface Trial {
  id: string;
  mediaflux: { url: string; namespace: string; token: string; expiresAt: string };
  clientClockSkewSeconds: number | null;
  warnings: string[];
}

interface Problem {
  type: string;
  detail: string;
}

let platformId: string;

const stage = stageOf({ env: PROMPT });
beforeAll(async () => {
  platformId = await makePlatform(stage.program);
});

const TRIALS = '/api/v1/shareable/trial';
const CLIENT = { program: 'data-mover/1.0.0', host: 'scope1', os: 'linux' };

const apiOf = (shareable: MadeShareable): Api => new Api(stage.server, shareable.token);
const freshApi = async (): Promise<Api> => apiOf(await makeShareable(stage.program, platformId));
const open = (api: Api, headers?: Record<string, string>): Promise<Trial> =>
  api.expect<Trial>(201, 'POST', TRIALS, { client: CLIENT }, headers);
const traces = ({ id, mediaflux: { namespace } }: Trial): Promise<ShareTraces> =>
  tracesOf(stage.emulator.url, { id, namespace });
const leavesNothing = (trial: Trial): Promise<true> =>
  until(
    'Mediaflux holding nothing of the trial',
    async () => {
      const { namespace, role } = await traces(trial);
      return namespace || role ? undefined : true;
    },
    60_000,
  );
/** As after the minutes that a credential lives. */
const expire = (shareId: string) =>
  stage.database.query(`update mediaflux_credential set expires_at = now() - interval '1 second' where share_id = $1`, [
    shareId,
  ]);
const withService = async (work: (session: MediafluxSession) => Promise<unknown>): Promise<void> => {
  const transport = new Transport(stage.emulator.url);
  await work(
    new MediafluxSession({ transport, credentials: { domain: 'service', user: 'dispatch', password: 'dispatch' } }),
  );
  await transport.close();
};

describe('a trial', () => {
  it('gives a folder that says what it is, and a credential for minutes that reaches nothing else', async () => {
    const api = await freshApi();
    const before = Date.now();
    const trial = await open(api);
    const { namespace, expiresAt } = trial.mediaflux;
    expect(namespace).toBe(`${PROJECT}/data-mover-check-${trial.id}`);
    const lifeMs = Date.parse(expiresAt) - before;
    expect(lifeMs).toBeGreaterThan(60_000);
    expect(lifeMs).toBeLessThanOrEqual(10 * 60_000);
    expect(trial.warnings).toEqual([]);
    const sender = new Sender(trial.mediaflux);
    await sender.send('probe', 'hello');
    await sender.destroy('probe');
    await sender.close();
    const outside = new Sender({ ...trial.mediaflux, namespace: PROJECT });
    await expect(outside.send('probe', 'hello')).rejects.toMatchObject({ name: 'MediafluxError' });
    await outside.close();
    const other = await open(api);
    const neighbour = new Sender({ ...trial.mediaflux, namespace: other.mediaflux.namespace });
    await expect(neighbour.send('probe', 'hello')).rejects.toMatchObject({ name: 'MediafluxError' });
    await neighbour.close();
    await api.expect(204, 'DELETE', `${TRIALS}/${other.id}`);
    await api.expect(204, 'DELETE', `${TRIALS}/${trial.id}`);
  });

  it('ends with its credential, its role and its folder with all in it, and can be ended again', async () => {
    const api = await freshApi();
    const trial = await open(api);
    const sender = new Sender(trial.mediaflux);
    await sender.send('left', 'left behind');
    expect(await traces(trial)).toEqual({ namespace: true, role: true });
    await api.expect(204, 'DELETE', `${TRIALS}/${trial.id}`);
    expect(await traces(trial)).toEqual(NO_TRACES);
    await expect(sender.send('late', 'late')).rejects.toMatchObject({ name: 'MediafluxError' });
    await sender.close();
    const fresh = new Sender(trial.mediaflux);
    await expect(fresh.send('late', 'late')).rejects.toMatchObject({ kind: 'not-authenticated' });
    await fresh.close();
    await api.expect(204, 'DELETE', `${TRIALS}/${trial.id}`);
  });

  it('is nobody else’s to end', async () => {
    const trial = await open(await freshApi());
    const stranger = await freshApi();
    await stranger.expect(404, 'DELETE', `${TRIALS}/${trial.id}`);
    await stranger.expect(404, 'DELETE', `${TRIALS}/${randomUUID()}`);
    await stranger.expect(404, 'DELETE', `${TRIALS}/x`);
    expect(await traces(trial)).toEqual({ namespace: true, role: true });
  });

  it('uses no number up and counts as no upload, and the token is seen to be used by its computer', async () => {
    const shareable = await makeShareable(stage.program, platformId, { limits: { uploadsPerDay: 1 } });
    const trial = await open(apiOf(shareable));
    await apiOf(shareable).expect(204, 'DELETE', `${TRIALS}/${trial.id}`);
    const view = await stage.program.admin.expect<{ uses: number; tokens: { usedFrom: object[] }[] }>(
      200,
      'GET',
      `/api/v1/admin/shareables/${shareable.id}`,
    );
    expect(view.uses).toBe(0);
    expect(view.tokens[0]?.usedFrom).toMatchObject([{ host: CLIENT.host, program: CLIENT.program, uses: 1 }]);
    const uploads = await stage.program.admin.expect<{ items: unknown[] }>(
      200,
      'GET',
      `/api/v1/admin/uploads?text=${trial.id}`,
    );
    expect(uploads.items).toEqual([]);
    const upload = await new Instrument(stage.server, shareable.token).start();
    expect(upload.folder).toContain(`-${shareable.number}-1`);
  });

  it('may be asked for without a body, and tells of a clock that is off', async () => {
    const api = await freshApi();
    expect((await api.expect<Trial>(201, 'POST', TRIALS)).clientClockSkewSeconds).toBeNull();
    const clientTime = new Date(Date.now() + 7_200_000).toISOString();
    const late = await api.expect<Trial>(201, 'POST', TRIALS, { clientTime });
    expect(late.warnings).toEqual([expect.stringMatching(/2 hours ahead/)]);
    expect(late.clientClockSkewSeconds).toBeGreaterThan(7_100);
    await api.expect(422, 'POST', TRIALS, { namespace: PROJECT });
  });

  it('is the same, with a fresh token, where the call is repeated with its key, until it has ended', async () => {
    const api = await freshApi();
    const headers = { 'idempotency-key': randomUUID() };
    const [first, again] = [await open(api, headers), await open(api, headers)];
    expect(again.id).toBe(first.id);
    expect(again.mediaflux.namespace).toBe(first.mediaflux.namespace);
    expect(again.mediaflux.token).not.toBe(first.mediaflux.token);
    await api.expect(204, 'DELETE', `${TRIALS}/${first.id}`);
    for (const { mediaflux } of [first, again]) {
      const sender = new Sender(mediaflux);
      await expect(sender.send('late', 'late')).rejects.toMatchObject({ kind: 'not-authenticated' });
      await sender.close();
    }
    await api.expect(409, 'POST', TRIALS, { client: CLIENT }, headers);
    expect(await traces(first)).toEqual(NO_TRACES);
  });

  it('is published with its answer', async () => {
    interface Document {
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    }
    const document = await new Api(stage.server).expect<Document>(200, 'GET', '/api/openapi.json');
    const made = JSON.stringify(document.paths[TRIALS]?.['post']?.responses['201']);
    expect(made).toContain('Trial');
    expect(Object.keys(document.paths[`${TRIALS}/{id}`]?.['delete']?.responses ?? {})).toEqual(['204', 'default']);
  });
});

describe('a trial is refused', () => {
  it('without a token that is good, and one that runs may still be ended', async () => {
    await new Api(stage.server, 'x'.repeat(43)).expect(401, 'POST', TRIALS, {});
    const shareable = await makeShareable(stage.program, platformId);
    const api = apiOf(shareable);
    const trial = await open(api);
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${shareable.id}/revoke`, {});
    const refused = await api.expect<Problem>(401, 'POST', TRIALS, {});
    expect(refused.detail).toMatch(/revoked.*desk@example\.org/);
    await api.expect(204, 'DELETE', `${TRIALS}/${trial.id}`);
    expect(await traces(trial)).toEqual(NO_TRACES);
  });

  it('after the shareable was stopped, and one that runs ends then', async () => {
    const shareable = await makeShareable(stage.program, platformId);
    const trial = await open(apiOf(shareable));
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${shareable.id}/revoke`, {
      stopRunning: true,
    });
    expect(await traces(trial)).toEqual(NO_TRACES);
    await apiOf(shareable).expect(401, 'POST', TRIALS, {});
    await apiOf(shareable).expect(401, 'DELETE', `${TRIALS}/${trial.id}`);
  });

  it('while four of the shareable run, however many come at once, and no longer', async () => {
    const api = await freshApi();
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.call<Trial>('POST', TRIALS, {})));
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 429);
    expect([made.length, refused.length]).toEqual([4, 4]);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    await (await freshApi()).expect(201, 'POST', TRIALS, {});
    await api.expect(204, 'DELETE', `${TRIALS}/${made[0]?.body.id ?? ''}`);
    await api.expect(201, 'POST', TRIALS, {});
    await api.expect(429, 'POST', TRIALS, {});
  });

  it('after sixty in an hour, until the oldest is an hour old', async () => {
    const shareable = await makeShareable(stage.program, platformId);
    await stage.database.query(
      `insert into mediaflux_credential
         (id, share_id, purpose, trial_shareable_id, namespace, expires_at, destroyed_at, created_at)
       select gen_random_uuid(), gen_random_uuid(), 'trial', $1, '/x', now(), now(), now() - make_interval(mins => 59)
         from generate_series(1, 60)`,
      [shareable.id],
    );
    const refused = await apiOf(shareable).call<Problem>('POST', TRIALS, {});
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    await stage.database.query(
      `update mediaflux_credential set created_at = now() - interval '61 minutes' where trial_shareable_id = $1`,
      [shareable.id],
    );
    await apiOf(shareable).expect(201, 'POST', TRIALS, {});
  });

  it('with 503 and a time to wait while Mediaflux is away, and nothing of it stays', async () => {
    const shareable = await makeShareable(stage.program, platformId);
    // All goes well until the token is to be made.
    stage.faults.set({ service: 'secure.identity.token.create', action: { status: 503 } });
    const refused = await apiOf(shareable).call<Problem>('POST', TRIALS, {});
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const { rows } = await stage.database.query<{ share_id: string; namespace: string }>(
      'select share_id, namespace from mediaflux_credential where trial_shareable_id = $1',
      [shareable.id],
    );
    expect(rows).toHaveLength(1);
    const [{ share_id: id, namespace } = { share_id: '', namespace: '' }] = rows;
    await until('nothing being left', async () => {
      const { namespace: folder, role } = await tracesOf(stage.emulator.url, { id, namespace });
      return folder || role ? undefined : true;
    });
  });

  it('in plain words where the platform’s namespace is gone', async () => {
    const namespace = `${PROJECT}/moved`;
    await withService((session) => createNamespace(session, namespace));
    const shareable = await makeShareable(stage.program, await makePlatform(stage.program, { namespace }));
    await withService((session) => destroyNamespace(session, namespace));
    const refused = await apiOf(shareable).expect<Problem>(409, 'POST', TRIALS, {});
    expect(refused.detail).toContain(`no namespace ${namespace}`);
  });
});

describe('what a crash leaves of a trial', () => {
  it('of the client is swept after its end, with what it sent', async () => {
    const trial = await open(await freshApi());
    const sender = new Sender(trial.mediaflux);
    await sender.send('half/done', 'half');
    await sender.close();
    await expire(trial.id);
    await leavesNothing(trial);
    await until('its credential being recorded as destroyed', async () => {
      const { rows } = await stage.database.query(
        'select 1 from mediaflux_credential where share_id = $1 and destroyed_at is null',
        [trial.id],
      );
      return rows.length === 0 ? true : undefined;
    });
  });

  it('of the server, killed while it makes it, is swept by the next', async () => {
    const shareable = await makeShareable(stage.program, platformId);
    const isBeingMade = stage.hold('secure.identity.token.create');
    const opening = apiOf(shareable)
      .call('POST', TRIALS, {})
      .catch((error: unknown) => error);
    await isBeingMade();
    const { rows } = await stage.database.query<{ share_id: string; namespace: string }>(
      'select share_id, namespace from mediaflux_credential where trial_shareable_id = $1',
      [shareable.id],
    );
    const [{ share_id: id, namespace } = { share_id: '', namespace: '' }] = rows;
    expect(await tracesOf(stage.emulator.url, { id, namespace })).toEqual({ namespace: true, role: true });
    await stage.program.kill();
    await opening;
    stage.faults.clear();
    await stage.startServer();
    await expire(id);
    await leavesNothing({ id, mediaflux: { namespace } } as Trial);
  });
});

describe('the end of a share', () => {
  it('that breaks off in the middle stands in the record, and is finished by the sweep', async () => {
    const instrument = new Instrument(stage.server, (await makeShareable(stage.program, platformId)).token);
    const upload = await instrument.start();
    const share = { id: upload.id, namespace: upload.mediaflux.namespace };
    expect(await tracesOf(stage.emulator.url, share)).toEqual({ namespace: true, role: true });
    // The token is destroyed, and then Mediaflux is away for as long as the call is tried.
    stage.faults.set({ service: 'authorization.role.destroy', times: 3, action: { status: 503 } });
    await instrument.api.expect(204, 'DELETE', `/api/v1/uploads/${upload.id}`);
    await until(
      'the role being gone, and the data not',
      async () => {
        const found = await tracesOf(stage.emulator.url, share);
        return found.namespace && !found.role ? true : undefined;
      },
      60_000,
    );
  });

  it('that Mediaflux refuses does not hold up the others', async () => {
    const api = await freshApi();
    const [refused, other] = [await open(api), await open(api)];
    // Once for the call, and once for the sweep, which comes upon it first.
    stage.faults.set({
      service: 'asset.namespace.destroy',
      times: 2,
      action: { error: `user 'service:dispatch' not granted DESTROY to namespace` },
    });
    await api.expect(503, 'DELETE', `${TRIALS}/${refused.id}`);
    await expire(other.id);
    await leavesNothing(other);
    expect((await traces(refused)).namespace).toBe(true);
    const { rows } = await stage.database.query<{ tried: boolean }>(
      'select end_tried_at is not null as tried from mediaflux_credential where share_id = $1 and destroyed_at is null',
      [refused.id],
    );
    expect(rows).toEqual([{ tried: true }]);
    // Ten minutes later.
    await stage.database.query(
      `update mediaflux_credential set end_tried_at = now() - interval '11 minutes' where share_id = $1`,
      [refused.id],
    );
    await leavesNothing(refused);
  });
});
