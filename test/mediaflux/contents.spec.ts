// What `content.mfjp` answers besides a content, and in which zone links end. A canned server.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScopedShares } from '../../src/mediaflux/gateway/scoped-shares.js';
import { UserSession } from '../../src/mediaflux/gateway/user-session.js';
import { openContent } from '../../src/mediaflux/services/index.js';
import type { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { CannedServer, reply } from '../support/canned-server.js';

const server = new CannedServer();
let session: MediafluxSession;
beforeAll(async () => {
  session = await server.start();
});
afterAll(() => server.close());

describe('a content that is not given', () => {
  const open = () => openContent(session, { assetId: '7', size: 1, crc32: null });
  const gets = () => server.received.filter((call) => call.address.includes('content.mfjp')).length;

  it.each([
    [403, '', 'not-permitted', 1],
    [404, '', 'not-found', 1],
    [400, 'odd', 'service-error', 1],
    [429, '', 'busy', 3],
    [503, '', 'busy', 3],
    [500, '', 'unreachable', 3],
    [502, '', 'unreachable', 3],
    // One that goes on saying so is asked with one new session, and no more.
    [401, '', 'session-expired', 2],
    [400, '<html>session is not valid</html>', 'session-expired', 2],
  ])('with status %d and body %j is %s, asked for %d times', async (status, body, kind, times) => {
    await session.call('server.ping');
    server.answers((_, response) => response.writeHead(status).end(body));
    const before = gets();
    await expect(open()).rejects.toMatchObject({ name: 'MediafluxError', kind, service: 'content.mfjp' });
    expect(gets() - before).toBe(times);
    server.results('');
  });

  it('once, is asked for again', async () => {
    for (const status of [503, 500, 401]) {
      const left = [status];
      server.answers((_, response) => response.writeHead(left.shift() ?? 200).end('x'));
      const parts: Buffer[] = [];
      for await (const part of await open()) parts.push(part);
      expect(Buffer.concat(parts).toString()).toBe('x');
    }
  });

  it('whole names where it came from', async () => {
    server.answers((_, response) => response.end('xx'));
    const read = async () => {
      for await (const part of await open()) expect(part.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ kind: 'content-damaged', service: 'content.mfjp' });
  });
});

describe('a link in a zone with summer time', () => {
  // The namespace was made in summer, which is what `gmt-offset` tells of.
  const NAMESPACE =
    '<namespace id="4"><path>/a</path><ctime tz="Australia/Melbourne" gmt-offset="11.0" dst="true" millisec="1767225600000">01-Jan-2026 11:00:00</ctime><acl><actor type="role">dispatch:share-s</actor></acl></namespace>';
  const endIn = (service: string) =>
    /<to>(.*?)<\/to>/.exec(server.received.filter((call) => call.service === service).at(-1)?.body ?? '')?.[1];

  it.each([
    ['summer', '2026-01-20T00:00:00Z', '20-Jan-2026 11:00:00'],
    ['winter', '2026-07-20T00:00:00Z', '20-Jul-2026 10:00:00'],
  ])('ends when it is to, in %s', async (_, until, argument) => {
    server.answers((call, response) => {
      const isCreate = call.service === 'secure.identity.token.create';
      response.end(reply(isCreate ? '<token id="2">abc</token>' : NAMESPACE));
    });
    const shares = new ScopedShares(session);
    await shares.issueZipToken('s', { namespace: '/a', until: new Date(until), onCopy: () => Promise.resolve() }, 3);
    expect(endIn('secure.identity.token.create')).toBe(argument);
    await shares.issueToken('s', 'upload', {
      namespace: '/a',
      until: new Date(until),
      onCopy: () => Promise.resolve(),
    });
    expect(endIn('secure.identity.token.create')).toBe(argument);
    await new UserSession(session).createOwnToken('d:u', new Date(until));
    expect(endIn('secure.identity.token.create')).toBe(argument);
  });
});
