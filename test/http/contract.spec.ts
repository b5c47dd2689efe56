// What the API answers to right and wrong requests: the contract, seen from outside.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Api, platformWith } from '../support/api.js';
import { contentsOf, writeSampleTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { freshFolder } from '../support/folders.js';
import { dataMover, Program } from '../support/program.js';
import { until } from '../support/wait.js';

let program: Program;
let platformId: string;
let shareable: { id: string; token: string; settingsXml: string };
const start = { recipients: ['ada@example.org'], youngestFileTime: '2020-08-18T08:20:37Z' };

beforeAll(async () => {
  program = await Program.start();
  const platform = await program.admin.expect<{ id: string }>(201, 'POST', '/api/v1/admin/platforms', platformWith());
  platformId = platform.id;
  shareable = await program.admin.expect(201, 'POST', `/api/v1/admin/platforms/${platformId}/shareables`, {
    label: 'PC',
    notify: ['ops@example.org'],
  });
});
afterAll(async () => {
  await program.stop();
});

const operator = (): Api => new Api(program.endpoints.server, shareable.token);

describe('who may call', () => {
  it('is judged before any body is read', async () => {
    const nobody = new Api(program.endpoints.server);
    for (const path of ['/api/v1/admin/platforms', '/api/v1/uploads']) {
      const reply = await fetch(`${program.endpoints.server}${path}`, {
        method: 'POST',
        body: '{broken',
        headers: { 'content-type': 'text/strange' },
      });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
    }
    expect((await nobody.call('GET', '/api/v1/shares/unknown')).status).toBe(404);
    expect((await new Api(program.endpoints.server, shareable.token).call('GET', '/api/v1/admin/uploads')).status).toBe(
      401,
    );
    expect((await new Api(program.endpoints.server, program.adminKey).call('GET', '/api/v1/shareable')).status).toBe(
      401,
    );
  });
});

describe('bad requests', () => {
  it.each([
    ['an unknown field', platformWith({ colour: 'red' }), 'colour'],
    ['a zone that is none', platformWith({ timeZone: 'Mars/Olympus' }), 'timeZone'],
    ['a lifetime in months', platformWith({ linkLifetime: 'P1M' }), 'linkLifetime'],
    ['a schedule that is none', platformWith({ reminders: { schedule: 'daily' } }), 'reminders.schedule'],
    ['no methods', platformWith({ methods: [] }), 'methods'],
    ['a suffix with a slash', platformWith({ folderSuffix: 'a/b' }), 'folderSuffix'],
    ['a line break in the name', platformWith({ name: 'A\r\nBcc: x@example.org' }), 'name'],
  ])('name the field: %s', async (_, body, path) => {
    const answer = await program.admin.call<{ errors: { path: string }[] }>('POST', '/api/v1/admin/platforms', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((fault) => fault.path)).toContain(path);
  });

  it('refuse JSON that cannot be read with 400 and another content type with 415', async () => {
    const post = (body: string, type: string) =>
      fetch(`${program.endpoints.server}/api/v1/admin/platforms`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, authorization: `Bearer ${program.adminKey}` },
      });
    expect((await post('{broken', 'application/json')).status).toBe(400);
    expect((await post('name=x', 'text/plain')).status).toBe(415);
  });

  it('name a namespace that will not do, and what is wrong with it', async () => {
    const answer = await program.admin.call<{ detail: string }>(
      'POST',
      '/api/v1/admin/platforms',
      platformWith({ namespace: '/projects/proj-researcher-1128.4.20' }),
    );
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toContain('/projects/proj-researcher-1128.4.20');
  });
});

describe('an upload', () => {
  it('is answered with the same id, folder and a fresh credential when its Idempotency-Key comes again', async () => {
    const key = { 'idempotency-key': 'again-1' };
    const first = await operator().expect<{ id: string; folder: string; mediaflux: { token: string } }>(
      201,
      'POST',
      '/api/v1/uploads',
      start,
      key,
    );
    const second = await operator().expect<{ id: string; folder: string; mediaflux: { token: string } }>(
      201,
      'POST',
      '/api/v1/uploads',
      start,
      key,
    );
    expect([second.id, second.folder]).toEqual([first.id, first.folder]);
    expect(second.mediaflux.token).not.toBe(first.mediaflux.token);
    expect((await operator().call('POST', '/api/v1/uploads', { ...start, note: 'other' }, key)).status).toBe(422);
  });

  it('takes each number once, with twenty started at the same moment', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, () => operator().expect<{ folder: string }>(201, 'POST', '/api/v1/uploads', start)),
    );
    expect(new Set(made.map((upload) => upload.folder)).size).toBe(20);
  });

  it('refuses a faulty manifest by line and keeps the former', async () => {
    const { id } = await operator().expect<{ id: string }>(201, 'POST', '/api/v1/uploads', start);
    const put = (lines: string[]) =>
      fetch(`${program.endpoints.server}/api/v1/uploads/${id}/manifest`, {
        method: 'PUT',
        body: lines.join('\n'),
        headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${shareable.token}` },
      });
    const good = '{"path":"a","size":1,"crc32":"00000000"}';
    expect((await put([good])).status).toBe(204);
    const faulty = await put([good, '{"path":"../b","size":1,"crc32":"00000000"}', good]);
    expect(faulty.status).toBe(422);
    expect(((await faulty.json()) as { errors: { path: string }[] }).errors[0]?.path).toBe('line 2');
    expect((await put([good, good])).status).toBe(422);
    expect((await put([''])).status).toBe(422);
    expect((await operator().expect<{ files: number }>(200, 'GET', `/api/v1/uploads/${id}`)).files).toBe(1);
  });

  it('that lacks files in Mediaflux is a mismatch naming them, and dispatches nothing', async () => {
    const { id } = await operator().expect<{ id: string }>(201, 'POST', '/api/v1/uploads', {
      ...start,
      recipients: ['never@example.org'],
    });
    expect((await operator().call('POST', `/api/v1/uploads/${id}/complete`)).status).toBe(422);
    await fetch(`${program.endpoints.server}/api/v1/uploads/${id}/manifest`, {
      method: 'PUT',
      body: '{"path":"a.tif","size":1,"crc32":"00000000"}\n',
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${shareable.token}` },
    });
    await operator().expect(202, 'POST', `/api/v1/uploads/${id}/complete`);
    const upload = await until('the verdict', async () => {
      const found = await operator().expect<{ state: string; mismatches: unknown[]; deliveries: unknown[] }>(
        200,
        'GET',
        `/api/v1/uploads/${id}`,
      );
      return found.state === 'verifying' ? undefined : found;
    });
    expect(upload).toMatchObject({
      state: 'mismatch',
      mismatches: [{ path: 'a.tif', problem: 'missing' }],
      deliveries: [],
    });
    await operator().expect(204, 'DELETE', `/api/v1/uploads/${id}`);
    expect((await operator().expect<{ state: string }>(200, 'GET', `/api/v1/uploads/${id}`)).state).toBe('abandoned');
    const again = await operator().expect<{ mediaflux: { token: string } }>(
      200,
      'POST',
      `/api/v1/uploads/${id}/credential`,
    );
    expect(again.mediaflux.token).toMatch(/^\w+$/);
    expect((await operator().expect<{ state: string }>(200, 'GET', `/api/v1/uploads/${id}`)).state).toBe('open');
  });
});

describe('an upload that stalls', () => {
  it('is given up after a week, the operator is told once, and the client may take it up again', async () => {
    const { id } = await operator().expect<{ id: string }>(201, 'POST', '/api/v1/uploads', {
      ...start,
      name: 'stalled',
    });
    const database = new pg.Client({ connectionString: program.endpoints.database });
    await database.connect();
    await database.query(`update upload set last_progress_at = now() - interval '8 days' where id = $1`, [id]);
    await database.end();
    const mail = await program.mailbox.next('ops@example.org', /stalled was given up/, 60_000);
    expect(mail.text).not.toContain('/s/');
    expect((await program.admin.expect<{ state: string }>(200, 'GET', `/api/v1/admin/uploads/${id}`)).state).toBe(
      'abandoned',
    );
    await operator().expect(200, 'POST', `/api/v1/uploads/${id}/credential`);
    expect((await program.admin.expect<{ state: string }>(200, 'GET', `/api/v1/admin/uploads/${id}`)).state).toBe(
      'open',
    );
  });
});

describe('a link', () => {
  it('lives to its last moment, and then every method answers 410 with whom to ask; a reshare has a life of its own', async () => {
    const short = await program.admin.expect<{ id: string }>(
      201,
      'POST',
      '/api/v1/admin/platforms',
      platformWith({ linkLifetime: 'PT4S' }),
    );
    const made = await program.admin.expect<{ settingsXml: string }>(
      201,
      'POST',
      `/api/v1/admin/platforms/${short.id}/shareables`,
      { label: 'Short' },
    );
    const work = freshFolder();
    writeSampleTree(join(work, 'in'));
    writeFileSync(join(work, 'settings.xml'), made.settingsXml);
    const sent = await dataMover(
      ['upload', '--settings', join(work, 'settings.xml'), '--to', 'brief@example.org', '--json', join(work, 'in')],
      join(work, 'state'),
    );
    expect(sent.code).toBe(0);
    const link = linkIn(await program.mailbox.next('brief@example.org', /your data/));
    const token = link.slice(link.lastIndexOf('/') + 1);
    expect((await fetch(link, { headers: { accept: 'text/html' } })).status).toBe(200);
    const share = new Api(program.endpoints.server);
    const download = await share.expect<{ id: string }>(201, 'POST', `/api/v1/shares/${token}/downloads`);
    await until('the link to expire', async () => ((await fetch(link)).status === 410 ? true : undefined));
    for (const [method, path] of [
      ['GET', `/api/v1/shares/${token}`],
      ['POST', `/api/v1/shares/${token}/downloads`],
      ['POST', `/s/${token}/direct`],
      ['POST', `/s/${token}/done`],
      ['GET', `/s/${token}/copy`],
    ] as const) {
      const answer = await share.call<{ detail: string }>(method, path);
      expect([path, answer.status]).toEqual([path, 410]);
      expect(answer.body.detail).toContain('desk@example.org');
    }
    // A download that began before may go on.
    await share.expect(200, 'POST', `/api/v1/shares/${token}/downloads/${download.id}/credential`);
    const { items } = await program.admin.expect<{ items: { id: string }[] }>(
      200,
      'GET',
      `/api/v1/admin/uploads?platform=${short.id}`,
    );
    const reshared = await program.admin.expect<{ recipient: string }>(
      201,
      'POST',
      `/api/v1/admin/uploads/${items[0]?.id ?? ''}/deliveries`,
      {
        recipient: 'second@example.org',
        linkLifetime: 'P7D',
      },
    );
    expect(reshared.recipient).toBe('second@example.org');
    const fresh = linkIn(await program.mailbox.next('second@example.org', /your data/));
    const target = join(work, 'out');
    expect((await dataMover(['download', fresh, target, '--only', 'raw/**', '--json'], join(work, 'state'))).code).toBe(
      0,
    );
    expect(Object.keys(contentsOf(target)).every((path) => path.startsWith('raw/'))).toBe(true);
    expect((await dataMover(['download', link, target], join(work, 'state'))).code).toBe(3);
    expect((await dataMover(['download', fresh, target, '--json'], join(work, 'state'))).code).toBe(0);
    expect(contentsOf(target)).toEqual(contentsOf(join(work, 'in')));
  });
});

describe('an upload shareable', () => {
  it('starts nothing once it is revoked, and with stopRunning ends what it began', async () => {
    const made = await program.admin.expect<{ id: string; token: string }>(
      201,
      'POST',
      `/api/v1/admin/platforms/${platformId}/shareables`,
      { label: 'Old PC' },
    );
    const old = new Api(program.endpoints.server, made.token);
    const { id } = await old.expect<{ id: string }>(201, 'POST', '/api/v1/uploads', start);
    await program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${made.id}/revoke`, {});
    expect((await old.call('POST', '/api/v1/uploads', start)).status).toBe(401);
    expect((await old.call('GET', `/api/v1/uploads/${id}`)).status).toBe(200);
    await program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${made.id}/revoke`, { stopRunning: true });
    expect((await old.call('GET', `/api/v1/uploads/${id}`)).status).toBe(401);
    expect((await program.admin.expect<{ state: string }>(200, 'GET', `/api/v1/admin/uploads/${id}`)).state).toBe(
      'abandoned',
    );
  });

  it('can be rotated: both tokens work until the overlap ends', async () => {
    const made = await program.admin.expect<{ id: string; token: string }>(
      201,
      'POST',
      `/api/v1/admin/platforms/${platformId}/shareables`,
      { label: 'PC 2' },
    );
    const rotated = await program.admin.expect<{ token: string }>(
      200,
      'POST',
      `/api/v1/admin/shareables/${made.id}/rotate`,
      { overlap: 'PT2S' },
    );
    const status = async (token: string) =>
      (await new Api(program.endpoints.server, token).call('GET', '/api/v1/shareable')).status;
    expect(await status(rotated.token)).toBe(200);
    await until('the old token to end', async () => ((await status(made.token)) === 401 ? true : undefined));
    expect(await status(rotated.token)).toBe(200);
  });
});
