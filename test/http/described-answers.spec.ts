// The API's document says all that is answered: `Api` holds each answer that a test gets against it.

import { describe, expect, it } from '@jest/globals';
import { type ApiDocument, DescribedAnswers, readApiDocument } from '../support/described-answers.js';
import { root } from '../support/program.js';

const answers = new DescribedAnswers(readApiDocument(root));
/** Schemas that `part` names, and those that they name, as text. */
function reached(schemas: Record<string, object>, part: unknown, found = new Map<string, string>()) {
  for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (found.has(name)) continue;
    found.set(name, JSON.stringify(schemas[name]));
    reached(schemas, schemas[name], found);
  }
  return found;
}

const json = (body: unknown, status = 200) => ({ status, type: 'application/json; charset=utf-8', body });

it('describes every answer that has a body', () => {
  expect(answers.undescribed()).toEqual([]);
});

it('leaves room in answers for what is added later, and none in what is asked', () => {
  const closed = /"additionalProperties":false/;
  const { paths, components } = readApiDocument(root);
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  const answered = reached(
    components.schemas,
    operations.map(({ responses }) => responses),
  );
  const requests = reached(
    components.schemas,
    operations.map(({ responses: _, ...asked }) => asked),
  );
  expect(answered.size).toBeGreaterThan(40);
  expect([...answered].filter(([, text]) => closed.test(text)).map(([name]) => name)).toEqual([]);
  expect(requests.size).toBeGreaterThan(20);
  expect([...requests].filter(([, text]) => !closed.test(text)).map(([name]) => name)).toEqual([]);
});

describe('an answer is held against the document', () => {
  const file = { path: 'a', type: 'file', size: 1, crc32: null, mtime: null };
  const faults = (item: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    answers.faults('GET', '/api/v1/shares/token/files?limit=1', json({ items: [item], nextCursor: null, ...more }));

  it('and found right', () => {
    expect(faults(file)).toEqual([]);
  });

  it.each([
    ['a property that is not described', { ...file, owner: 'ada' }, 'items.0: Unrecognized key: "owner"'],
    ['one of another type', { ...file, size: '1' }, 'items.0.size'],
    ['one that is missing', { path: 'a', type: 'file', size: 1, crc32: null }, 'items.0.mtime'],
    ['a word that is none of those', { ...file, type: 'link' }, 'items.0.type'],
  ])('and found wrong with %s', (_, item, fault) => {
    expect(faults(item)).toEqual([expect.stringContaining(fault)]);
  });

  it('and found wrong with a property beside a list', () => {
    expect(faults(file, { total: 1 })).toEqual([': Unrecognized key: "total"']);
  });

  it('also in a part that may be null', () => {
    const checked = (head: object | null) => {
      const chain = { chain: 'c', platform: null, ok: true, sealed: 0, waiting: 0, problemCount: 0, problems: [] };
      return answers.faults('GET', '/api/v1/admin/audit/verify', json({ ok: true, chains: [{ ...chain, head }] }));
    };
    const head = { sequence: 1, sha256: 'f', sealedAt: null };
    expect(checked(null)).toEqual([]);
    expect(checked(head)).toEqual([]);
    expect(checked({ ...head, by: 'x' })).toEqual([expect.stringContaining('chains.0.head')]);
  });

  it('also where it is a refusal, or a part is described elsewhere', () => {
    const problem = { type: 'urn:x', title: 'Not found', status: 404, detail: 'No.' };
    const type = 'application/problem+json';
    expect(answers.faults('GET', '/api/v1/shareable', { status: 404, type, body: problem })).toEqual([]);
    expect(answers.faults('GET', '/api/v1/shareable', { status: 404, type, body: { ...problem, hint: 'x' } })).toEqual([
      ': Unrecognized key: "hint"',
    ]);
    const fresh = { mediaflux: { url: 'u', namespace: 'n', token: 't', expiresAt: 'e', user: 'x' } };
    expect(answers.faults('POST', '/api/v1/uploads/1/credential', json(fresh))).toEqual([
      'mediaflux: Unrecognized key: "user"',
    ]);
  });

  it('and an answer of which nothing is said is a fault, but not that of an address outside the API', () => {
    const document: ApiDocument = {
      paths: { '/a': { get: { responses: { '200': {} } } } },
      components: { schemas: {} },
    };
    const silent = new DescribedAnswers(document);
    expect(silent.faults('GET', '/a', json({}))).toEqual(['200 with application/json is not described']);
    expect(silent.undescribed()).toEqual(['GET /a 200']);
    expect(answers.faults('GET', '/s/token', json({}))).toEqual([]);
  });
});
