// What programs say of downloads with the Data Mover, at the same moment, again, and of very many files.

import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Api, type Answer } from '../support/api.js';
import { type Dispatched, type DispatchedUpload, dispatchTo } from '../support/dispatched.js';
import { HeldRows } from '../support/held-rows.js';
import { stageOf } from '../support/stage.js';

interface Download {
  id: string;
  mediaflux: { token: string };
}
interface Seen {
  state: string;
  methods: Record<string, unknown>;
  events: { phase: string; counts: boolean }[];
}

const stage = stageOf();
let serial = 0;
const dispatch = async (platform: Record<string, unknown> = {}): Promise<Dispatched & DispatchedUpload> => {
  const name = `fetcher${serial++}`;
  const upload = await dispatchTo(stage.program, [name], platform);
  return { ...upload, ...(upload.deliveries[name] as Dispatched) };
};
const api = (): Api => new Api(stage.server);
const downloads = ({ token }: Dispatched, path = ''): string => `/api/v1/shares/${token}/downloads${path}`;
const start = (to: Dispatched, key?: string): Promise<Answer<Download>> =>
  api().call('POST', downloads(to), undefined, key === undefined ? {} : { 'idempotency-key': key });
const begin = async (to: Dispatched): Promise<string> => (await start(to)).body.id;
const complete = (to: Dispatched, id: string, paths: string[]) =>
  api().call('POST', downloads(to, `/${id}/complete`), { whole: false, paths });
const fetched = (to: Dispatched, id: string, paths: string[]) =>
  api().call('POST', downloads(to, `/${id}/fetched`), { paths });
const seen = (to: Dispatched): Promise<Seen> =>
  stage.program.admin.expect<Seen>(200, 'GET', `/api/v1/admin/deliveries/${to.id}`);

/** Lets whoever comes to the end of a download stand still where its event is to be recorded. */
const holdEvents = (): Promise<HeldRows> =>
  HeldRows.holdTable(stage.program.endpoints.database, 'access_event', 'share row exclusive');

describe('parts of the whole', () => {
  it('count, where only the whole does, when the last two are completed at the same moment', async () => {
    const to = await dispatch({ partialCounts: false });
    const [one, two] = [await begin(to), await begin(to)];
    const held = await holdEvents();
    const completing = [complete(to, one, ['a.txt']), complete(to, two, ['b.txt'])];
    await held.isAnyWaiting(2);
    await held.release();
    expect((await Promise.all(completing)).map(({ status }) => status)).toEqual([204, 204]);
    const { state, events } = await seen(to);
    expect(state).toBe('accessed');
    // Whichever is recorded last counts; that is not always the one that was asked last.
    const completed = events.filter(({ phase }) => phase === 'completed');
    expect(completed.map(({ counts }) => counts).sort()).toEqual([false, true]);
  });

  it('do not count there while a file is missing', async () => {
    const to = await dispatch({ partialCounts: false });
    await complete(to, await begin(to), ['a.txt']);
    await complete(to, await begin(to), ['a.txt']);
    expect(await seen(to)).toMatchObject({ state: 'open', methods: { 'data-mover': { files: 1, ofFiles: 2 } } });
  });

  it('are told in several calls where their paths are too many for one', async () => {
    const to = await dispatch({ partialCounts: false });
    const id = await begin(to);
    expect((await fetched(to, id, ['a.txt'])).status).toBe(204);
    expect((await fetched(to, id, ['a.txt'])).status).toBe(204);
    expect(await seen(to)).toMatchObject({ state: 'open', methods: { 'data-mover': { phase: 'started', files: 1 } } });
    expect((await complete(to, id, ['b.txt'])).status).toBe(204);
    expect(await seen(to)).toMatchObject({ state: 'accessed', methods: { 'data-mover': { files: 2 } } });
    // Afterwards nothing is added any more, and saying it is no error.
    expect((await fetched(to, id, ['b.txt'])).status).toBe(204);
    expect((await fetched(to, await begin(to), ['c.txt'])).status).toBe(422);
  });

  it('may have as many paths as the API says, however long the body', async () => {
    const to = await dispatch();
    const strange = Array.from({ length: 50_000 }, (_, number) => `a/folder/of/a/usual/name/plane-${number}.tif`);
    const answer = await complete(to, await begin(to), ['a.txt', ...strange]);
    expect(answer).toMatchObject({ status: 422, body: { detail: '50000 of the paths are no files of these data.' } });
    expect((await seen(to)).state).toBe('open');
  });
});

describe('a download', () => {
  it('is completed or refused, and ended with its delivery, when a revocation comes at the same moment', async () => {
    const to = await dispatch();
    const id = await begin(to);
    const held = await holdEvents();
    const completing = api().call('POST', downloads(to, `/${id}/complete`), { whole: true, files: 2, bytes: 3 });
    await held.areWaitedFor(1);
    const revoking = stage.program.admin.call('POST', `/api/v1/admin/deliveries/${to.id}/revoke`);
    await held.isAnyWaiting(2);
    await held.release();
    expect([(await completing).status, (await revoking).status]).toEqual([204, 200]);
    expect(await seen(to)).toMatchObject({ state: 'revoked', methods: { 'data-mover': { phase: 'completed' } } });
  });

  it('is the same one, with a fresh credential, when its Idempotency-Key comes again', async () => {
    const to = await dispatch();
    const [first, again] = [await start(to, 'one'), await start(to, 'one')];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.id).toBe(first.body.id);
    expect(again.body.mediaflux.token).not.toBe(first.body.mediaflux.token);
    expect((await seen(to)).events.map(({ phase }) => phase)).toEqual(['started']);
    expect((await start(to, 'two')).body.id).not.toBe(first.body.id);
    await api().expect(204, 'POST', downloads(to, `/${first.body.id}/complete`), { whole: true, files: 2, bytes: 3 });
    expect(await start(to, 'one')).toMatchObject({
      status: 409,
      body: { type: 'urn:instrument-dispatch:problem:download-complete' },
    });
  });

  it('that could not begin begins when its Idempotency-Key comes again', async () => {
    const to = await dispatch();
    stage.faults.set({ service: 'secure.identity.token.create', action: { status: 503 } });
    expect((await start(to, 'away')).status).toBe(503);
    stage.faults.clear();
    expect((await start(to, 'away')).status).toBe(201);
    expect((await seen(to)).events.map(({ phase }) => phase)).toEqual(['started']);
  });
});

it('keeps neither an Idempotency-Key nor a hash by which an address in the request could be found again', async () => {
  const { uploadId } = await dispatch();
  const [recipient, key] = ['rosalind@example.org', 'reshare for rosalind@example.org'];
  const path = `/api/v1/admin/uploads/${uploadId}/deliveries`;
  const reshare = () =>
    stage.program.admin.expect<{ id: string }>(201, 'POST', path, { recipient }, { 'idempotency-key': key });
  const { id } = await reshare();
  expect((await reshare()).id).toBe(id);
  const { rows } = await stage.database.query<{ key: string; request_sha256: Buffer }>(
    'select key, request_sha256 from idempotency_key where subject_id = $1',
    [id],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.key).not.toContain('rosalind');
  const plain = createHash('sha256').update(JSON.stringify({ recipient })).digest();
  expect(rows[0]?.request_sha256.equals(plain)).toBe(false);
  const other = { recipient: 'other@example.org' };
  expect((await stage.program.admin.call('POST', path, other, { 'idempotency-key': key })).status).toBe(422);
});
