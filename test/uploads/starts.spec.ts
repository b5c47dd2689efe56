// How an upload is checked and started, what is said about its clock, and how its addresses are corrected.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Instrument, makePlatform, makeShareable, Sender, startOf } from '../support/instrument.js';
import { linkIn } from '../support/mailbox.js';
import { RawClient } from '../support/raw-client.js';
import { stageOf } from '../support/stage.js';

let instrument: Instrument;
let shareableId: string;
let platformId: string;

const stage = stageOf();
beforeAll(async () => {
  platformId = await makePlatform(stage.program, { folderSuffix: 'scope1' });
  const made = await makeShareable(stage.program, platformId);
  shareableId = made.id;
  instrument = new Instrument(stage.server, made.token);
});

interface Problem {
  type: string;
  errors: { path: string; message: string }[];
}

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

describe('a dry check', () => {
  it('answers what a start would, without taking a number', async () => {
    const checked = await instrument.api.expect(
      200,
      'POST',
      '/api/v1/uploads/check',
      startOf({ name: ' two  words ' }),
    );
    expect(checked).toEqual({ ok: true, warnings: [], folder: '2020-08-18_18.20.37-1-N-scope1-two_words' });
    const shareable = await stage.program.admin.expect<{ uses: number }>(
      200,
      'GET',
      `/api/v1/admin/shareables/${shareableId}`,
    );
    expect(shareable.uses).toBe(0);
  });

  it('names every field at fault, as the start does', async () => {
    const wrong = {
      recipients: ['ada@example.org', 'nobody'],
      name: 'a/b',
      youngestFileTime: 'yesterday',
      operator: { email: 'x' },
      client: { program: 'a\u0000b', host: null, os: null },
      colour: 'red',
    };
    for (const path of ['/api/v1/uploads/check', '/api/v1/uploads']) {
      const answer = await instrument.api.call<Problem>('POST', path, wrong);
      expect(answer.status).toBe(422);
      expect(answer.body.errors.map((fault) => fault.path).sort()).toEqual(
        ['client.program', 'colour', 'name', 'operator.email', 'recipients[1]', 'youngestFileTime'].sort(),
      );
    }
  });

  it('names at once what is wrong in itself and what the limits of the shareable forbid', async () => {
    const { token } = await makeShareable(stage.program, platformId, {
      limits: { recipientDomains: ['example.org'], recipientsPerDay: 2 },
    });
    const limited = new Instrument(stage.server, token);
    const check = (body: unknown) => limited.api.call<Problem>('POST', '/api/v1/uploads/check', body);
    const recipients = ['ada@example.org', 'nobody', 'eve@evil.net', 'bo@example.org'];
    const answer = await check({ ...startOf({ recipients, name: 'a/b' }), colour: 'red' });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ path }) => path).sort()).toEqual(
      ['colour', 'name', 'recipients', 'recipients[1]', 'recipients[2]'].sort(),
    );
    for (const body of [{}, { recipients: 'ada@example.org' }, { recipients: null }, [], 'x'])
      expect((await check(body)).status).toBe(422);
    expect((await check(startOf())).status).toBe(200);
  });

  it('warns about clocks and youngest files as the start does', async () => {
    const odd = { clientTime: inSeconds(-7_200), youngestFileTime: inSeconds(86_400) };
    const { warnings } = await instrument.api.expect<{ warnings: string[] }>(
      200,
      'POST',
      '/api/v1/uploads/check',
      startOf(odd),
    );
    expect(warnings).toEqual([expect.stringContaining('future'), expect.stringContaining('2 hours behind')]);
  });
});

describe('the clock of a client', () => {
  it('is recorded and warned about, and does not make a repeated call another one', async () => {
    const key = { 'idempotency-key': 'skewed' };
    const start = (clientTime: string) =>
      instrument.api.expect<{ id: string; warnings: string[]; clientClockSkewSeconds: number }>(
        201,
        'POST',
        '/api/v1/uploads',
        startOf({ clientTime }),
        key,
      );
    const first = await start(inSeconds(900));
    expect(first.warnings).toEqual([expect.stringContaining('15 minutes ahead of')]);
    expect(Math.abs(first.clientClockSkewSeconds - 900)).toBeLessThan(30);
    expect((await start(inSeconds(0))).id).toBe(first.id);
  });

  it('that is right is recorded and nothing said; one that is not told is not guessed', async () => {
    const right = await instrument.start({ clientTime: inSeconds(0) });
    expect(right.warnings).toEqual([]);
    expect(Math.abs(right.clientClockSkewSeconds ?? 99)).toBeLessThan(30);
    expect(await instrument.start()).toMatchObject({ warnings: [], clientClockSkewSeconds: null });
  });
});

describe('the name typed at the instrument', () => {
  it('is a keyword on the manifest whatever keywords are set later', async () => {
    const { id, folder } = await instrument.start({ keywords: ['k1'], name: 'fish' });
    expect(folder).toMatch(/-fish$/);
    const patch = (fields: Record<string, unknown>) =>
      instrument.api.expect<{ keywords: string[] }>(200, 'PATCH', `/api/v1/uploads/${id}`, fields);
    expect((await patch({ keywords: ['k2'] })).keywords).toEqual(['k2', 'fish']);
    expect((await patch({ keywords: ['fish', 'k3'] })).keywords).toEqual(['fish', 'k3']);
    expect((await patch({ keywords: [] })).keywords).toEqual(['fish']);
    expect((await patch({ note: 'n' })).keywords).toEqual(['fish']);
    const unnamed = await instrument.start({ keywords: ['k1'] });
    const changed = await instrument.api.expect<{ keywords: string[] }>(200, 'PATCH', `/api/v1/uploads/${unnamed.id}`, {
      keywords: ['k2'],
    });
    expect(changed.keywords).toEqual(['k2']);
  });

  it('and keywords are taken from a program also where a form is not to ask for them', async () => {
    const { token } = await makeShareable(stage.program, platformId, { askName: false, askKeywords: false });
    const script = new Instrument(stage.server, token);
    const { fields } = await script.api.expect<{ fields: object }>(200, 'GET', '/api/v1/shareable');
    expect(fields).toEqual({ name: false, keywords: false });
    const started = await script.start({ name: 'fish', keywords: ['k1'] });
    expect(started.folder).toMatch(/-fish$/);
    expect(await script.get(started.id)).toMatchObject({ keywords: ['k1', 'fish'] });
  });
});

describe('times', () => {
  const IN_MELBOURNE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+1[01]:00$/;
  /** Every value whose name says that it is a moment. */
  const moments = (value: unknown, name = ''): [string, unknown][] =>
    value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, inner]) => moments(inner, Array.isArray(value) ? name : key))
      : /At$|Until$|^at$|^slot$/.test(name) && value !== null
        ? [[name, value]]
        : [];

  it("are told in the platform's zone by every answer", async () => {
    const client = { host: 'scope1', program: 'data-mover/1.0.0', os: 'linux' };
    const started = await instrument.start({ client });
    const sender = new Sender(started.mediaflux);
    await sender.send('a', 'a');
    await instrument.putManifest(started.id, sender.manifest);
    const complete = await instrument.complete(started.id);
    await sender.close();
    const extra = await makeShareable(stage.program, platformId);
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${extra.id}/rotate`, { overlap: 'P1D' });
    const answers: Record<string, unknown> = {
      started,
      complete,
      credential: await instrument.api.expect(
        200,
        'POST',
        `/api/v1/uploads/${(await instrument.start()).id}/credential`,
      ),
      platform: await stage.program.admin.expect(200, 'GET', `/api/v1/admin/platforms/${platformId}`),
      platforms: await stage.program.admin.expect(200, 'GET', '/api/v1/admin/platforms'),
      shareable: await stage.program.admin.expect(200, 'GET', `/api/v1/admin/shareables/${shareableId}`),
      shareables: await stage.program.admin.expect(200, 'GET', `/api/v1/admin/platforms/${platformId}/shareables`),
      revoked: await stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${extra.id}/revoke`, {}),
      upload: await stage.program.admin.expect(200, 'GET', `/api/v1/admin/uploads/${started.id}`),
      uploads: await stage.program.admin.expect(200, 'GET', '/api/v1/admin/uploads'),
      timeline: await stage.program.admin.expect(200, 'GET', `/api/v1/admin/uploads/${started.id}/timeline`),
    };
    for (const [answer, body] of Object.entries(answers)) {
      const found = moments(body);
      expect([answer, found.length > 0]).toEqual([answer, true]);
      for (const [name, value] of found)
        expect([answer, name, value]).toEqual([answer, name, expect.stringMatching(IN_MELBOURNE)]);
    }
    for (const name of ['revokedAt', 'finishesUntil', 'validUntil'])
      expect(moments(answers['revoked']).map(([key]) => key)).toContain(name);
  });
});

describe('recipients', () => {
  it('are one to fifty persons, however often each is named', async () => {
    const upload = await instrument.start({
      recipients: ['Cleo@Example.org', ' cleo@example.ORG', 'bea@example.org', 'CLEO@example.org'],
    });
    expect(upload.recipients).toEqual(['Cleo@example.org', 'bea@example.org']);
    const fifty = Array.from({ length: 50 }, (_, index) => `p${index}@example.org`);
    expect((await instrument.start({ recipients: [...fifty, ...fifty] })).recipients).toEqual(fifty);
    for (const recipients of [[], [...fifty, 'one.more@example.org']])
      expect((await instrument.api.call('POST', '/api/v1/uploads', startOf({ recipients }))).status).toBe(422);
  });

  it('can be corrected by the operator for a day after completion, and later by an administrator', async () => {
    const upload = await instrument.start({ recipients: ['wrong@example.org'] });
    const sender = new Sender(upload.mediaflux);
    await sender.send('a', 'a');
    await instrument.putManifest(upload.id, sender.manifest);
    const correct = (recipient: string) =>
      instrument.api.call<Problem>('POST', `/api/v1/uploads/${upload.id}/deliveries`, { recipient });
    expect((await correct('right@example.org')).status).toBe(409);
    expect((await instrument.complete(upload.id)).state).toBe('complete');
    const patched = await instrument.api.call('PATCH', `/api/v1/uploads/${upload.id}`, {
      recipients: ['x@example.org'],
    });
    expect(patched.status).toBe(409);
    const wrongLink = linkIn(await stage.program.mailbox.next('wrong@example.org', /your data/));
    const [delivery] = (await instrument.get(upload.id)).deliveries;
    await instrument.api.expect(200, 'POST', `/api/v1/uploads/${upload.id}/deliveries/${delivery?.id ?? ''}/revoke`);
    expect((await fetch(wrongLink)).status).toBe(410);
    expect((await correct('right@example.org')).status).toBe(201);
    const link = linkIn(await stage.program.mailbox.next('right@example.org', /your data/));
    expect((await fetch(link)).status).toBe(200);
    const age = (hours: number) =>
      stage.database.query(`update upload set completed_at = now() - make_interval(hours => $2) where id = $1`, [
        upload.id,
        hours,
      ]);
    await age(23);
    expect((await correct('third@example.org')).status).toBe(201);
    await age(25);
    expect((await correct('fourth@example.org')).status).toBe(409);
    await stage.program.admin.expect(201, 'POST', `/api/v1/admin/uploads/${upload.id}/deliveries`, {
      recipient: 'fourth@example.org',
    });
    await sender.close();
  });
});

describe('an abandoned upload', () => {
  it('goes on with the same client as long as its folder exists, and says so when it does not', async () => {
    const upload = await instrument.start();
    const sender = new Sender(upload.mediaflux);
    await sender.send('kept', 'kept');
    await instrument.api.expect(204, 'DELETE', `/api/v1/uploads/${upload.id}`);
    await expect(sender.send('late', 'late')).rejects.toMatchObject({ name: 'MediafluxError' });
    await sender.close();
    const complete = await instrument.api.call('POST', `/api/v1/uploads/${upload.id}/complete`);
    expect(complete.status).toBe(409);
    const credential = () =>
      instrument.api.call<{ mediaflux: { url: string; namespace: string; token: string }; type?: string }>(
        'POST',
        `/api/v1/uploads/${upload.id}/credential`,
      );
    const { mediaflux } = (await credential()).body;
    const again = new Sender(mediaflux);
    await again.send('more', 'more');
    await again.send('kept', 'kept');
    await instrument.putManifest(upload.id, again.manifest);
    await again.close();
    await instrument.api.expect(204, 'DELETE', `/api/v1/uploads/${upload.id}`);
    await credential();
    expect((await instrument.complete(upload.id)).state).toBe('complete');

    const lost = await instrument.start();
    await instrument.api.expect(204, 'DELETE', `/api/v1/uploads/${lost.id}`);
    const manager = new RawClient(stage.emulator.url, {
      domain: 'system',
      user: 'manager',
      password: 'manager',
    });
    await manager.logon();
    await manager.call('asset.namespace.destroy', `<namespace>${lost.mediaflux.namespace}</namespace>`);
    const gone = await instrument.api.call<Problem>('POST', `/api/v1/uploads/${lost.id}/credential`);
    expect([gone.status, gone.body.type]).toEqual([409, 'urn:instrument-dispatch:problem:folder-gone']);
  });
});
