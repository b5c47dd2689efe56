// The sample pairs of docs/reference/mediaflux-protocol.md 12 about logons, sessions and errors, in both directions.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { xml } from '../../src/mediaflux/protocol/index.js';
import type { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { CannedServer, reply } from '../support/canned-server.js';

const KEY = 'k7Qm2ZpT4rXv9LbN';
const LOGON_OK = reply(
  `<session id="12" timeout="1800" wallet="true">${KEY}</session><locale>en-US</locale><user username="ada"><name></name></user>`,
);
const server = new CannedServer();
let session: MediafluxSession;

beforeAll(async () => {
  server.answersLogons((_, response) => response.end(LOGON_OK));
  session = await logon('pw-1');
});
afterAll(() => server.close());

const logon = (password: string): Promise<MediafluxSession> =>
  server.start({}, { credentials: { domain: 'local', user: 'ada', password } });

describe('a logon', () => {
  it('that is taken', async () => {
    server.results('');
    await (await logon('pw-1')).call('server.ping');
    expect(server.request(2)).toBe(
      '<request><service name="system.logon"><args><domain>local</domain><user>ada</user><password>pw-1</password></args></service></request>',
    );
    expect(server.request()).toBe(`<request><service name="server.ping" session="${KEY}"></service></request>`);
  });

  it('that fails', async () => {
    server.answersLogons((_, response) =>
      response.end(
        `<response><reply type="error"><server><version>4.16.082</version></server><error>arc.mf.server.Services$ExServiceError</error><sclass>java.lang.Throwable</sclass>
 <message>call to service 'system.logon' failed: Authentication failure</message><stack></stack></reply></response>`,
      ),
    );
    await expect((await logon('nope')).call('server.ping')).rejects.toMatchObject({
      kind: 'not-authenticated',
      version: '4.16.082',
      causes: ['Authentication failure'],
    });
    expect(server.request()).toBe(
      '<request><service name="system.logon"><args><domain>local</domain><user>ada</user><password>nope</password></args></service></request>',
    );
    server.answersLogons((_, response) => response.end(LOGON_OK));
  });
});

it('a session that is not valid is followed by a logon, and by an error if the next is neither', async () => {
  await session.call('server.ping');
  server.bodies(
    '<response><reply type="error"><server><version>4.16.082</version></server><error>(class free)</error><sclass>java.lang.Throwable</sclass><message>session is not valid</message><stack></stack></reply></response>',
  );
  const before = server.callsOf('system.logon');
  await expect(session.call('server.ping')).rejects.toMatchObject({ kind: 'session-expired', version: '4.16.082' });
  expect(server.callsOf('system.logon') - before).toBe(1);
});

it('an error is told with its version and its cause, without context and stack', async () => {
  server.bodies(`<response><reply type="error"><server><version>4.16.082</version></server><error>arc.mf.server.Services$ExServiceError</error><sclass>java.lang.Throwable</sclass>
 <message>call to service 'asset.namespace.describe' failed: The namespace '/nowhere' does not exist or is not accessible
Context:
   02-Jan-2026 09:00:00.000 [0 sec(s) ago]: service: local:ada [sid=12]: asset.namespace.describe :namespace  &#34;/nowhere&#34;
  called by: 02-Jan-2026 09:00:00.000 [0 sec(s) ago]: http: from: /127.0.0.1, request: /__mflux_svc__ vars:  select headers: [Host=localhost:8888]</message>
 <stack>arc.mf.server.Services$ExServiceError: call to service 'asset.namespace.describe' failed: ...
	at emulator</stack>
 <cause><error>arc.mf.modules.asset.Namespace$ExNotFound</error><sclass>arc.exception.NotFoundException</sclass><sclass>java.lang.Throwable</sclass>
  <message>The namespace '/nowhere' does not exist or is not accessible</message><stack></stack></cause></reply></response>`);
  const sentence = "The namespace '/nowhere' does not exist or is not accessible";
  await expect(session.call('asset.namespace.describe', [xml('namespace', '/nowhere')])).rejects.toMatchObject({
    kind: 'not-found',
    service: 'asset.namespace.describe',
    version: '4.16.082',
    message: sentence,
    causes: [sentence],
  });
  expect(server.request()).toBe(
    `<request><service name="asset.namespace.describe" session="${KEY}"><args><namespace>/nowhere</namespace></args></service></request>`,
  );
});
