// What is typed and cannot be kept or told is refused by name, wherever it is typed; what a program makes up (cursors,
// content types) is refused too, and nothing of it ends in a 500.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { platformWith } from '../support/api.js';
import { Instrument, makePlatform, makeShareable, startOf } from '../support/instrument.js';
import { stageOf } from '../support/stage.js';

const stage = stageOf();
let instrument: Instrument;
let platformId: string;
let shareableId: string;
let uploadId: string;

beforeAll(async () => {
  platformId = await makePlatform(stage.program);
  const made = await makeShareable(stage.program, platformId);
  shareableId = made.id;
  instrument = new Instrument(stage.server, made.token);
  uploadId = (await instrument.start()).id;
});

interface Problem {
  errors: { path: string; message: string }[];
}

const UNWRITABLE = ['a\uffffb', 'a\ufffeb', 'a\ud800b', 'a\udc00b', 'a\u0000b', 'a\u0085b'];
const place = (kind: string): string => {
  if (kind === 'platforms') return '/api/v1/admin/platforms';
  if (kind === 'platform') return `/api/v1/admin/platforms/${platformId}`;
  if (kind === 'shareables') return `/api/v1/admin/platforms/${platformId}/shareables`;
  if (kind === 'shareable') return `/api/v1/admin/shareables/${shareableId}`;
  if (kind === 'upload') return `/api/v1/uploads/${uploadId}`;
  if (kind === 'check') return '/api/v1/uploads/check';
  return '/api/v1/uploads';
};

describe('a text that XML cannot hold', () => {
  const typed: [string, string, string, (text: string) => unknown][] = [
    ['POST', 'platforms', 'name', (text) => platformWith({ name: text })],
    ['POST', 'platforms', 'namespace', (text) => platformWith({ namespace: `/projects/${text}` })],
    ['POST', 'platforms', 'contact.name', (text) => platformWith({ contact: { name: text, email: 'd@example.org' } })],
    ['POST', 'platforms', 'folderSuffix', (text) => platformWith({ folderSuffix: text })],
    ['PATCH', 'platform', 'name', (text) => ({ name: text })],
    ['POST', 'shareables', 'label', (text) => ({ label: text })],
    ['PATCH', 'shareable', 'label', (text) => ({ label: text })],
    ['POST', 'uploads', 'keywords[1]', (text) => startOf({ keywords: ['fish', text] })],
    ['POST', 'uploads', 'name', (text) => startOf({ name: text })],
    ['POST', 'uploads', 'note', (text) => startOf({ note: text })],
    ['POST', 'uploads', 'operator.name', (text) => startOf({ operator: { name: text } })],
    ['POST', 'uploads', 'recipients[0]', (text) => startOf({ recipients: [`${text}@example.org`] })],
    ['POST', 'uploads', 'client.host', (text) => startOf({ client: { host: text } })],
    ['POST', 'check', 'keywords[0]', (text) => startOf({ keywords: [text] })],
    ['PATCH', 'upload', 'keywords[0]', (text) => ({ keywords: [text] })],
    ['PATCH', 'upload', 'note', (text) => ({ note: text })],
    ['PATCH', 'upload', 'recipients[0]', (text) => ({ recipients: [`${text}@example.org`] })],
  ];

  it.each(typed)('is refused by name: %s %s, %s', async (method, kind, path, body) => {
    const api = kind.startsWith('platform') || kind.startsWith('shareable') ? stage.program.admin : instrument.api;
    for (const text of UNWRITABLE) {
      const answer = await api.call<Problem>(method, place(kind), body(text));
      expect([JSON.stringify(text), answer.status, answer.body.errors?.map((fault) => fault.path)]).toEqual([
        JSON.stringify(text),
        422,
        [path],
      ]);
    }
  });

  it('is told from any other: letters of every script, emoji and, in a note, lines are taken', async () => {
    const words = ['größe', '日本語', '\u{1f41f}', 'e\u0301'];
    const note = 'first line\n\tsecond “line” <&> \u{1f600}';
    const started = await instrument.start({ keywords: words, note, operator: { name: 'Ægir 𝔘' } });
    expect(await instrument.get(started.id)).toMatchObject({ keywords: words, note });
  });
});

describe('a cursor that no list gave out', () => {
  const cursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url');
  const cursors = [[1.5], [1e300], [-1], ['x'], ['a\u0000'], [null], [], {}, [2 ** 53], [2 ** 40, 1]].map(cursor);

  it.each([
    ['shareables of a platform', () => `/api/v1/admin/platforms/${platformId}/shareables`],
    ['platforms', () => '/api/v1/admin/platforms'],
    ['uploads', () => '/api/v1/admin/uploads'],
    ['files of an upload', () => `/api/v1/admin/uploads/${uploadId}/files`],
    ['mails', () => '/api/v1/admin/mails'],
    ['audit', () => '/api/v1/admin/audit'],
    ['reminder runs', () => `/api/v1/admin/platforms/${platformId}/reminder-runs`],
    ['a preview', () => `/api/v1/admin/platforms/${platformId}/reminders/preview`],
  ])('is refused, not taken for a fault of ours: %s', async (_, path) => {
    for (const text of [...cursors, '%00', 'e30', cursor([2 ** 40])]) {
      const { status } = await stage.program.admin.call('GET', `${path()}?cursor=${text}`);
      // One of the right shape may be the cursor of a longer list.
      expect([200, 400]).toContain(status);
    }
    expect((await stage.program.admin.call('GET', `${path()}?cursor=${cursor([1.5])}`)).status).toBe(400);
  });

  it('is refused for the mismatches of an upload too', async () => {
    for (const text of cursors)
      expect([
        text,
        (await instrument.api.call('GET', `/api/v1/uploads/${uploadId}/mismatches?cursor=${text}`)).status,
      ]).toEqual([text, 400]);
  });
});

describe('a search for what no database holds', () => {
  it.each(['text', 'keyword', 'recipient', 'state'])('is refused by name: %s', async (field) => {
    const answer = await stage.program.admin.call<Problem>('GET', `/api/v1/admin/uploads?${field}=a%00b`);
    expect([answer.status, answer.body.errors.map(({ path }) => path)]).toEqual([422, [field]]);
  });
});

describe('a search between times', () => {
  const found = (query: string) =>
    stage.program.admin.call<{ items: { id: string }[] }>('GET', `/api/v1/admin/uploads?${query}`);

  it('takes them with the offsets that answers write, whose plus nobody encoded, and days', async () => {
    for (const query of ['from=2000-01-01T00:00:00.000+11:00', 'from=2000-01-01', 'to=2100-01-01T00:00:00%2B05:30'])
      expect([query, (await found(query)).body.items.map(({ id }) => id)]).toEqual([
        query,
        expect.arrayContaining([uploadId]),
      ]);
    expect((await found('to=2000-01-01T00:00:00+11:00')).body.items).toEqual([]);
  });

  it.each(['yesterday', '2026-02-30', '2026-03-01T09:00:00'])('refuses %s by name', async (text) => {
    const answer = await stage.program.admin.call<Problem>('GET', `/api/v1/admin/uploads?from=${text}`);
    expect([answer.status, answer.body.errors.map(({ path }) => path)]).toEqual([422, ['from']]);
  });
});

describe('a manifest', () => {
  it.each([['application/json'], ['text/plain'], ['application/x-www-form-urlencoded'], [undefined]])(
    'of the content type %s is not read',
    async (contentType) => {
      const reply = await fetch(`${stage.server}/api/v1/uploads/${uploadId}/manifest`, {
        method: 'PUT',
        body: Buffer.from('{"path":"a","size":1,"crc32":"00000000"}'),
        headers: {
          authorization: `Bearer ${instrument.token}`,
          ...(contentType === undefined ? {} : { 'content-type': contentType }),
        },
      });
      expect(reply.status).toBe(415);
      expect(await reply.json()).toMatchObject({ detail: expect.stringContaining('application/x-ndjson') });
    },
  );

  it('of the right content type is read, with parameters too', async () => {
    const reply = await fetch(`${stage.server}/api/v1/uploads/${uploadId}/manifest`, {
      method: 'PUT',
      body: Buffer.from('{"path":"a","size":1,"crc32":"00000000"}'),
      headers: {
        authorization: `Bearer ${instrument.token}`,
        'content-type': 'application/x-ndjson; charset=utf-8',
      },
    });
    expect(reply.status).toBe(204);
  });

  it('sent to a call that takes JSON is not read', async () => {
    const reply = await fetch(`${stage.server}/api/v1/uploads`, {
      method: 'POST',
      body: JSON.stringify(startOf()),
      headers: { authorization: `Bearer ${instrument.token}`, 'content-type': 'application/x-ndjson' },
    });
    expect(reply.status).toBe(415);
  });
});

describe('a youngest file', () => {
  it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '1899-12-31T23:59:59Z', '9999-12-31T23:59:59-12:00'])(
    'whose time no folder can be named after is refused: %s',
    async (youngestFileTime) => {
      for (const path of ['/api/v1/uploads', '/api/v1/uploads/check']) {
        const answer = await instrument.api.call<Problem>('POST', path, startOf({ youngestFileTime }));
        expect([answer.status, answer.body.errors?.map((fault) => fault.path)]).toEqual([422, ['youngestFileTime']]);
      }
    },
  );

  it('long before files were, up to the last of four digits is taken', async () => {
    const first = await instrument.start({ youngestFileTime: '1904-01-01T00:00:00Z' });
    expect(first.folder).toMatch(/^1904-01-01_10\.00\.00-/);
    const last = await instrument.start({ youngestFileTime: '9999-12-30T00:00:00Z' });
    expect(last.folder).toMatch(/^9999-12-30_11\.00\.00-/);
  });
});
