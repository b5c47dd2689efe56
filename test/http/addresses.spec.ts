// Addresses that cannot be read, tokens of any length, and buttons whatever the body says it is: Contract "Shapes".

import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Dispatched, dispatchTo, send } from '../support/dispatched.js';
import { stageOf } from '../support/stage.js';

const stage = stageOf();
let link: Dispatched;
beforeAll(async () => {
  link = (await dispatchTo(stage.program, ['ada'])).deliveries['ada'] as Dispatched;
});
const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  send(stage.server, method, path, headers, body);

describe('what leads nowhere', () => {
  it.each([
    ['a token that is badly escaped', '/s/%zz'],
    ['bytes that are not UTF-8', '/s/%ff%fe'],
    ['a token of 600 letters', `/s/${'x'.repeat(600)}`],
    ['a token of 8,000 letters', `/u/${'x'.repeat(8_000)}`],
  ])('is a page for a person, and not repeated there: %s', async (_, path) => {
    const reply = await ask('GET', path, { accept: 'text/html' });
    expect(reply.status).toBe(404);
    expect(reply.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(reply.body).toContain('<h1>');
    expect(reply.body).not.toContain(path.slice(3));
  });

  it.each(['/api/v1/shares/%zz', `/api/v1/shares/${'x'.repeat(8_000)}`, '/api/v1/admin/deliveries/%zz'])(
    'is told as a problem to a program: %#',
    async (path) => {
      const reply = await ask('GET', path, {
        accept: 'application/json',
        authorization: `Bearer ${stage.program.adminKey}`,
      });
      expect(reply.status).toBe(404);
      expect(reply.headers['content-type']).toContain('application/problem+json');
      expect(JSON.parse(reply.body)).toMatchObject({ status: 404, title: expect.any(String) });
    },
  );
});

describe('a link that was handed on with something behind it', () => {
  const events = async (): Promise<number> =>
    (await stage.program.admin.expect<{ events: unknown[] }>(200, 'GET', `/api/v1/admin/deliveries/${link.id}`)).events
      .length;

  it.each([
    ['/s', '', '/'],
    ['/s', '', '.'],
    ['/s', '', ')'],
    ['/s', '', '%3E'],
    ['/s', '', ','],
    ['/s', '/files', '/'],
    ['/s', '/copy', '/.'],
    ['/u', '', '/'],
  ])('leads to the link itself, and nothing is recorded: %s…%s%s', async (room, place, end) => {
    const before = await events();
    const address = `${room}/${room === '/u' ? link.unsubscribe : link.token}${place}`;
    for (const method of ['GET', 'HEAD', 'POST']) {
      const reply = await ask(method, `${address}${end}?lang=de`, { accept: 'text/html' });
      expect(reply.status).toBe(308);
      expect(reply.headers).toMatchObject({
        location: `${address}?lang=de`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
    }
    expect(await events()).toBe(before);
    expect((await ask('GET', `${address}?lang=de`, { accept: 'text/html' })).status).toBe(200);
  });

  it('is unknown where the token is, and the guess costs what it costs without it', async () => {
    const unknown = `/s/${'x'.repeat(43)}`;
    expect((await ask('GET', `${unknown}/`)).headers.location).toBe(unknown);
    expect((await ask('GET', unknown)).status).toBe(404);
  });
});

describe('a button', () => {
  it.each([
    ['an empty content type', '', 'x'],
    ['a content type that is none', 'nonsense', 'x'],
    ['punctuation for a content type', ';;;', 'x'],
    ['two megabytes of JSON', 'application/json', JSON.stringify('x'.repeat(2_000_000))],
    ['two megabytes of a form', 'application/x-www-form-urlencoded', `x=${'y'.repeat(2_000_000)}`],
  ])('takes no notice of %s', async (_, type, body) => {
    const headers = { 'content-type': type };
    expect((await ask('POST', `/s/${link.token}/direct`, headers, body)).status).toBe(303);
    expect((await ask('POST', `/s/${link.token}`, headers, body)).status).toBe(303);
    expect((await ask('POST', `/s/${link.token}/done`, headers, body)).status).toBe(204);
    expect((await ask('POST', `/u/${link.unsubscribe}`, headers, body)).status).toBe(200);
  });

  it('is judged by its token first', async () => {
    const reply = await ask('POST', `/s/${'x'.repeat(43)}/direct`, { 'content-type': ';;;' }, 'x');
    expect(reply.status).toBe(404);
  });
});
