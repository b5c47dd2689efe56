// What a logon that fails means, what a session that ends takes with it, and what never leaves one. A canned server.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { MediafluxGateway } from '../../src/mediaflux/index.js';
import { queryValues, uploadFile } from '../../src/mediaflux/services/index.js';
import { CannedServer, errorReply, reply } from '../support/canned-server.js';
import { until } from '../support/wait.js';

let server: CannedServer;
beforeEach(() => {
  server = new CannedServer();
});
afterEach(() => server.close());

const failing = (text: string) => (_: unknown, response: ServerResponse) =>
  void response.end(errorReply(`call to service 'system.logon' failed: ${text}`));
const caught = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a logon that fails', () => {
  it('for good is not tried again', async () => {
    const session = await server.start();
    server.answersLogons(failing('Authentication failure'));
    for (let index = 0; index < 3; index += 1)
      await expect(session.call('a.b', [], { repeatable: true })).rejects.toMatchObject({
        kind: 'not-authenticated',
        service: 'system.logon',
        causes: ['Authentication failure'],
      });
    expect(server.callsOf('system.logon')).toBe(1);
    expect(session.state).toMatchObject({ refused: true, logonPauseMs: 0 });
    server.answersLogons(undefined);
    await expect(session.call('a.b')).rejects.toMatchObject({ kind: 'not-authenticated' });
  });

  it.each([
    ['in maintenance', 'The server is in maintenance mode', 'busy'],
    ['for want of a licence', 'The licence limit has been reached', 'busy'],
    ['for want of room', 'There is not enough space left in the store', 'store-full'],
  ])('%s passes by itself', async (_, text, kind) => {
    const session = await server.start();
    server.answersLogons(failing(text));
    await expect(session.call('a.b')).rejects.toMatchObject({ kind });
    expect(session.state).toMatchObject({ refused: false, logonPauseMs: 0 });
    server.answersLogons(undefined);
    await session.call('a.b');
  });

  it.each([
    ['with other words', failing('It broke')],
    ['with a result that holds no session', (_: unknown, response: ServerResponse) => void response.end(reply(''))],
  ])('%s is tried again after a pause', async (_, answer) => {
    let now = 0;
    const session = await server.start({}, { now: () => now });
    server.answersLogons(answer);
    const another = session.another();
    for (const mine of [session, session, another])
      await expect(mine.call('a.b')).rejects.toMatchObject({ kind: 'not-authenticated' });
    expect(server.callsOf('system.logon')).toBe(1);
    expect(session.state).toMatchObject({ refused: false, logonPauseMs: 60_000 });
    now = 60_000;
    server.answersLogons(undefined);
    await another.call('a.b');
    await session.call('a.b');
    expect(session.state.logonPauseMs).toBe(0);
  });

  it('by a page that is no Mediaflux’s neither refuses nor pauses', async () => {
    const session = await server.start();
    server.answersLogons((_, response) => response.end('<html><body>Welcome</body></html>'));
    await expect(session.call('a.b')).rejects.toMatchObject({ kind: 'malformed-reply', service: 'system.logon' });
    server.answersLogons(undefined);
    await session.call('a.b');
  });
});

describe('a session that ends in the middle of a list', () => {
  const LISTS = ['<iterator>1</iterator>', '<asset id="1"/><iterated complete="false">1</iterated>'];

  it('takes the list with it, and the new session is not asked for it', async () => {
    const session = await server.start();
    const left = LISTS.map(reply);
    server.answers((call, response) => {
      const isOld = call.body.includes('session="KEY1"');
      if (isOld) response.end(left.shift() ?? errorReply('session is not valid'));
      else response.end(reply('<asset id="wrong"/><iterated complete="true">1</iterated>'));
    });
    const found: (string | undefined)[] = [];
    const reading = (async () => {
      for await (const asset of queryValues(session, 'x', {})) found.push(asset.attributes['id']);
    })();
    await expect(reading).rejects.toMatchObject({
      name: 'MediafluxError',
      kind: 'session-expired',
      service: 'asset.query.iterate',
      message: 'The session in Mediaflux ended, and what it held was lost with it: begin again.',
    });
    expect(found).toEqual(['1']);
    expect(server.callsOf('system.logon')).toBe(1);
    server.results('<iterator>1</iterator>', '<asset id="2"/><iterated complete="true">1</iterated>');
    for await (const asset of queryValues(session, 'x', {})) found.push(asset.attributes['id']);
    expect(found).toEqual(['1', '2']);
    expect(server.callsOf('system.logon')).toBe(2);
  });

  it('is begun again for a project’s contact, and told as Mediaflux being away for a folder', async () => {
    await server.start();
    const gateway = new MediafluxGateway({ url: server.url, credentials: { token: 'some-token' } });
    let iterates = 0;
    server.answers((call, response) => {
      if (call.service === 'asset.query') response.end(reply('<iterator>1</iterator>'));
      else if (call.service !== 'asset.query.iterate') response.end(reply(''));
      else if ((iterates += 1) === 1) response.end(errorReply('session is not valid'));
      else
        response.end(
          reply('<asset id="1"><contact>a@example.org</contact></asset><iterated complete="true">1</iterated>'),
        );
    });
    expect(await gateway.readProjectContacts('/projects/proj-1/x')).toEqual(['a@example.org']);
    iterates = 0;
    const listing = (async () => {
      for await (const file of gateway.listFolder('/projects/proj-1')) expect(file).toBeUndefined();
    })();
    await expect(listing).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/begin again/) as unknown,
    });
    await gateway.close();
  });
});

describe('the breaker', () => {
  it('ends at once what waits for a connection when it opens', async () => {
    const session = await server.start({ connections: 2, firstByteTimeoutMs: 100 }, { now: () => 0 });
    await session.call('server.ping');
    server.answers(() => undefined);
    const calls = await Promise.all(Array.from({ length: 100 }, () => caught(session.call('slow'))));
    for (const error of calls) expect(error).toMatchObject({ kind: 'unreachable', service: 'slow' });
    expect(server.callsOf('slow')).toBeLessThanOrEqual(6);
    expect(session.state.breakerOpen).toBe(true);
  });

  it('counts no calls that their callers stop or that their callers’ time limits end', async () => {
    const session = await server.start({}, { now: () => 0 });
    await session.call('server.ping');
    server.answers(() => undefined);
    for (let index = 0; index < 6; index += 1) {
      const stop = new AbortController();
      const stopped = caught(session.call('stopped', [], { signal: stop.signal }));
      await until('the call', () => server.callsOf('stopped') > index || undefined);
      stop.abort(new Error('stopped'));
      await stopped;
    }
    for (let index = 0; index < 6; index += 1)
      await expect(session.call('slow', [], { signal: AbortSignal.timeout(10) })).rejects.toMatchObject({
        kind: 'unreachable',
      });
    expect(session.state).toMatchObject({ reachable: true, breakerOpen: false });
  });
});

describe('no secret leaves a session', () => {
  const password = 'Corr&ct-<horse>';
  const token = 'tok3nTok3nTok3nTok3n';
  const echoes = (...secrets: string[]) => {
    const text = secrets.join(' and ').replace(/&/g, '&amp;').replace(/</g, '&lt;');
    const twice = text.replace(/&/g, '&amp;');
    return { text, twice, url: secrets.map(encodeURIComponent).join(' ') };
  };
  const mustHideIn = async (work: Promise<unknown>, ...secrets: string[]): Promise<void> => {
    const error = await caught(work);
    expect(error).toMatchObject({ name: 'MediafluxError' });
    const { stack, message, causes } = error as Error & { causes: string[] };
    const seen = `${inspect(error, { depth: 10, showHidden: true })} ${stack ?? ''} ${message} ${JSON.stringify([error, causes])}`;
    for (const secret of secrets) {
      expect(seen).not.toContain(secret);
      expect(seen).not.toContain(echoes(secret).text);
      expect(seen).not.toContain(encodeURIComponent(secret));
    }
  };

  it.each([
    ['a password', { domain: 'd', user: 'u', password }, password],
    ['a token', { token }, token],
  ])('as %s or a key, which the server echoes', async (_, credentials, secret) => {
    const session = await server.start({}, { credentials });
    await session.call('server.ping');
    const { text, twice, url } = echoes(secret, 'KEY1');
    const cause = `<cause><error>x</error><message>Inner: ${text} ${twice} ${url}</message></cause>`;
    server.answers((_call, response) => response.end(errorReply(`It broke with ${text}, ${twice}, ${url}`, cause)));
    await mustHideIn(session.call('a.b'), secret, 'KEY1');
    await mustHideIn(uploadFile(session, '/a', { name: 'a', size: 1, open: () => [Buffer.from('x')] }), secret, 'KEY1');
    server.answers((_call, response) => response.socket?.end(`SSH-2.0 ${secret} KEY1\r\n`));
    await mustHideIn(session.call('a.b'), secret, 'KEY1');
    server.answers((_call, response) => response.end(`<response><KEY1 x="${text}"></${secret}>`));
    await mustHideIn(session.call('a.b'), secret, 'KEY1');
    server.answers((_call, response) => response.writeHead(404).end(`${secret} KEY1`));
    await mustHideIn(session.content('7'), secret, 'KEY1');
  });

  it.each([
    ['for good', 'Authentication failure for'],
    ['for a while', 'It broke with'],
  ])('in a logon that is refused %s', async (_, words) => {
    const session = await server.start({}, { credentials: { token } });
    server.answersLogons(failing(`${words} ${token}`));
    await mustHideIn(session.call('a.b'), token);
    await mustHideIn(session.another().call('a.b'), token);
  });

  it('also where it is short, by itself and not inside words', async () => {
    const session = await server.start({}, { credentials: { domain: 'd', user: 'u', password: 'pin' } });
    server.answers((_, response) => response.end(errorReply("The pin 'pin' is spinning")));
    await expect(session.call('a.b')).rejects.toThrow("The ****** '******' is spinning");
  });

  it('while other words stay as they are', async () => {
    const session = await server.start({}, { credentials: { domain: 'd', user: 'u', password } });
    server.answers((_, response) => response.end(errorReply(`The namespace '/a/u' of ${'d:u'} broke`)));
    await expect(session.call('a.b')).rejects.toThrow("The namespace '/a/u' of d:u broke");
  });
});
