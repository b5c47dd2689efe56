// Error replies: every situation of docs/reference/mediaflux-protocol.md, section 1.5, with the classes and words that
// are recorded, and the context that says who called what, from where, and what of it is masked.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import { freshFolder } from '../support/folders.js';
import { DECLARATION, exchange, RawClient, textIn, texts } from '../support/raw-client.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const SERVICE_ERROR = 'arc.mf.server.Services$ExServiceError';
const THROWABLE = 'java.lang.Throwable';
let now = Date.UTC(2026, 0, 2, 9);
let emulator: RunningEmulator;
let ada: RawClient;
let operator: RawClient;
let manager: RawClient;
let service: RawClient;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder(), now: () => now });
  const as = async (domain: string, user: string): Promise<RawClient> => {
    const client = new RawClient(emulator.url, { domain, user, password: user });
    await client.logon();
    return client;
  };
  ada = await as('demo', 'researcher');
  operator = await as('demo', 'operator');
  manager = await as('system', 'manager');
  service = await as('service', 'dispatch');
  await ada.call('asset.create', `<namespace>${LAB}</namespace><name>taken</name>`);
  await ada.call('asset.namespace.create', `<namespace>${LAB}/there</namespace>`);
  await manager.call('asset.doc.namespace.create', '<namespace>tigerdata</namespace>');
  await manager.call(
    'asset.doc.type.create',
    '<type>tigerdata:project</type><definition><element name="ProjectID" type="string"/></definition>',
  );
});
afterAll(() => emulator.close());

interface Told {
  error: string;
  sclass: string[];
  message: string;
}
const PARTS = '<error>([^<]*)</error>((?:<sclass>[^<]*</sclass>)+)<message>([^<]*)</message><stack>[^<]*</stack>';
const WHOLE = new RegExp(
  `^<\\?xml version="1\\.0" encoding="UTF-8" \\?>\\n<response><reply type="error"><server><version>[\\d.]+</version></server>${PARTS}(?:<cause>${PARTS}</cause>)?</reply></response>$`,
);

/** The parts of an error reply, whose order the pattern holds to: a message stands before its cause. */
function read(reply: string): Told & { cause?: Told } {
  const found = WHOLE.exec(reply);
  if (!found) throw new Error(`It is not in the form of an error: ${reply}`);
  const told = (at: number): Told => ({
    error: found[at] ?? '',
    sclass: texts(found[at + 1] ?? '', 'sclass'),
    message: found[at + 2] ?? '',
  });
  return { ...told(1), ...(found[4] === undefined ? {} : { cause: told(4) }) };
}

const first = (message: string): string => message.split('\n')[0] ?? '';
const document = (id: string): string => `<meta><tigerdata:project>${id}</tigerdata:project></meta>`;
const create = (more: string) => ada.call('asset.create', `<namespace>${LAB}</namespace>${more}`);

const NOT_FOUND = ['arc.mf.modules.asset.Namespace$ExNotFound', 'arc.exception.NotFoundException', THROWABLE];
const NOT_AUTHORIZED = ['arc.mf.server.actor.ExNotAuthorized', THROWABLE];
const NAME_EXISTS = [
  'arc.mf.modules.asset.Asset$ExNameExists',
  'arc.mf.server.service.Service$Exception',
  'java.lang.Exception',
  THROWABLE,
];
/** Of a class that is not recorded. */
const FREE = undefined;

type Row = [situation: string, call: () => Promise<string>, message: RegExp, classes: string[] | undefined];

const ROWS: Row[] = [
  [
    'no permission on a service',
    () => ada.call('authorization.role.create', '<role>x</role>'),
    /^call to service 'authorization\.role\.create' failed: user 'demo:researcher' \(id=\d+\) not granted ADMINISTER to service 'authorization\.role\.create'$/,
    NOT_AUTHORIZED,
  ],
  [
    'no permission on a document namespace',
    () =>
      service.call(
        'asset.doc.type.update',
        '<type>tigerdata:project</type><definition><element name="other" type="string"/></definition>',
      ),
    /^call to service 'asset\.doc\.type\.update' failed: user 'service:dispatch' \(id=\d+\) not granted ADMINISTER to document:namespace 'tigerdata:'$/,
    NOT_AUTHORIZED,
  ],
  [
    'a namespace that is missing',
    () => ada.call('asset.namespace.describe', '<namespace>/nowhere</namespace>'),
    /^call to service 'asset\.namespace\.describe' failed: The namespace '\/nowhere' does not exist or is not accessible$/,
    NOT_FOUND,
  ],
  [
    'a namespace that is shut, in the same words',
    () => operator.call('asset.namespace.describe', `<namespace>${LAB}</namespace>`),
    /^call to service 'asset\.namespace\.describe' failed: The namespace '[^']*' does not exist or is not accessible$/,
    NOT_FOUND,
  ],
  [
    'no access to an asset',
    () => operator.call('asset.get', `<id>path=${LAB}/taken</id>`),
    /^call to service 'asset\.get' failed: No permission to access metadata for asset \(id\) \d+$/,
    NOT_AUTHORIZED,
  ],
  [
    'a missing asset',
    () => ada.call('asset.get', '<id>999999999</id>'),
    /^call to service 'asset\.get' failed: /,
    FREE,
  ],
  [
    'a name that is taken',
    () => create('<name>taken</name>'),
    /^call to service 'asset\.create' failed: The namespace \S+ already contains an asset named 'taken'$/,
    NAME_EXISTS,
  ],
  [
    'a namespace that exists',
    () => ada.call('asset.namespace.create', `<namespace>${LAB}/there</namespace>`),
    /^call to service 'asset\.namespace\.create' failed: .*already exists/,
    FREE,
  ],
  [
    'a missing argument',
    () => ada.call('asset.namespace.exists'),
    /^call to service 'asset\.namespace\.exists' failed: XPath args\/namespace is invalid/,
    FREE,
  ],
  [
    'a missing value of a document',
    () => create(document('')),
    /^call to service 'asset\.create' failed: XPath tigerdata:project\/ProjectID is invalid: missing value$/,
    FREE,
  ],
  [
    'an element that a document type lacks',
    () => create(document('<ProjectID>1</ProjectID><E>2</E>')),
    /^call to service 'asset\.create' failed: The document type 'tigerdata:project' does not contain an element 'E'$/,
    FREE,
  ],
  [
    'a document type that is not known',
    () => ada.call('asset.doc.type.describe', '<type></type>'),
    /^call to service 'asset\.doc\.type\.describe' failed: The document type '' is not known$/,
    FREE,
  ],
  [
    'an iterator that is gone',
    () => ada.call('asset.query.iterate', '<id>4</id>'),
    /^call to service 'asset\.query\.iterate' failed: The session does not have an iterator \(id\): 4$/,
    FREE,
  ],
  [
    'a wrong query',
    () => ada.call('asset.query', "<where>name ~ 'x'</where>"),
    /^call to service 'asset\.query' failed: Syntax error/,
    FREE,
  ],
  [
    'a service that fails inside the wrapper',
    () => ada.execute('asset.namespace.describe', '<namespace>/nowhere</namespace>'),
    /^call to service 'service\.execute' failed: error executing service \[idx=0\] asset\.namespace\.describe: call to service 'asset\.namespace\.describe' failed: The namespace '\/nowhere' does not exist or is not accessible$/,
    NOT_FOUND,
  ],
  ['an unknown service', () => ada.call('custom.service'), /^call to service 'custom\.service' failed: /, FREE],
  [
    'maintenance',
    () => {
      emulator.faults.set({ service: 'server.ping', times: 1, action: { error: 'The server is in maintenance mode' } });
      return ada.call('server.ping');
    },
    /^call to service 'server\.ping' failed: .*maintenance mode/,
    FREE,
  ],
  ['a request that is not XML', () => ada.post('<request><service'), /./, FREE],
];

describe('an error', () => {
  it.each(ROWS)('tells of %s', async (_, call, message, classes) => {
    const told = read(await call());
    expect([told.error, told.sclass]).toEqual([SERVICE_ERROR, [THROWABLE]]);
    expect(first(told.message)).toMatch(message);
    expect(told.message).toContain('\nContext:\n   ');
    if (!classes) return;
    expect([told.cause?.error, ...(told.cause?.sclass ?? [])]).toEqual(classes);
    expect(first(told.message)).toMatch(new RegExp(`failed: ${escaped(told.cause?.message ?? '?')}$`));
  });

  it.each([
    ['a wrong password', '<domain>demo</domain><user>researcher</user><password>nope</password>'],
    ['a wrong user', '<domain>demo</domain><user>nobody</user><password>researcher</password>'],
    ['a wrong domain', '<domain>none</domain><user>researcher</user><password>researcher</password>'],
    ['a wrong token', '<token>abc</token>'],
  ])('is the same for a logon with %s', async (_, args) => {
    const reply = await ada.post(`<request><service name="system.logon"><args>${args}</args></service></request>`);
    expect(read(reply)).toEqual({
      error: SERVICE_ERROR,
      sclass: [THROWABLE],
      message: "call to service 'system.logon' failed: Authentication failure",
    });
  });

  it.each([
    ['directly', (key: string) => `<service name="server.ping" session="${key}"/>`],
    [
      'inside the wrapper',
      (key: string) =>
        `<service name="service.execute" session="${key}"><args><service name="server.ping"/></args></service>`,
    ],
  ])('of a session is one bare message, %s', async (_, request) => {
    for (const key of ['', 'gone']) {
      const reply = await ada.post(`<request>${request(key)}</request>`);
      expect(texts(reply, 'message')).toEqual(['session is not valid']);
      expect(read(reply)).toMatchObject({ sclass: [THROWABLE], message: 'session is not valid' });
    }
  });

  it('tells of a token that has expired at the logon, and a living session what became of it', async () => {
    const made = await ada.call(
      'secure.identity.token.create',
      '<role type="user">demo:researcher</role><to>now+1minute</to>',
    );
    const holder = new RawClient(emulator.url, { token: textIn(made, 'token') });
    await holder.logon();
    now += 60_000;
    expect(await holder.call('actor.self.describe')).toMatch(/<actor [^>]*destroyed="true"/);
    await expect(holder.logon()).rejects.toThrow("call to service 'system.logon' failed: ");
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('the context of an error', () => {
  const contextOf = async (service: string, args: string, headers = ''): Promise<string[]> => {
    const body = Buffer.from(ada.request(service, args));
    const head = `POST /__mflux_svc__/?x=1 HTTP/1.1\r\nHost: mediaflux.example.org\r\n${headers}Content-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n`;
    const reply = await exchange(emulator.url, Buffer.concat([Buffer.from(head), body]));
    const { message } = read(reply.body.toString());
    return message.slice(message.indexOf('\nContext:\n') + 1).split('\n');
  };
  const MOMENT = '\\d\\d-[A-Z][a-z]{2}-\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\[[\\d.]+ sec\\(s\\) ago\\]';

  it('has a line for each service, the inner one above, then the request and the connection', async () => {
    now += 250;
    const lines = await contextOf(
      'service.execute',
      '<service name="asset.get"><id only-if-exists="false">999999999</id></service>',
      'User-Agent: Ruby\r\nConnection: keep-alive\r\n',
    );
    const date = '02-Jan-2026 09:01:00.250';
    expect(lines).toEqual([
      'Context:',
      expect.stringMatching(
        new RegExp(
          `^   ${date} \\[0 sec\\(s\\) ago\\]: service: demo:researcher \\[sid=\\d+\\]: asset\\.get :id -only-if-exists &#34;false&#34;  &#34;999999999&#34;$`,
        ),
      ),
      expect.stringMatching(
        new RegExp(
          `^  called by: ${date} \\[0 sec\\(s\\) ago\\]: service: demo:researcher \\[sid=\\d+\\]: service\\.execute :service -name &#34;asset\\.get&#34; &lt; :id -only-if-exists &#34;false&#34;  &#34;999999999&#34; &gt;$`,
        ),
      ),
      `  called by: ${date} [0 sec(s) ago]: http: from: /127.0.0.1, request: /__mflux_svc__ vars:  select headers: [User-Agent=Ruby, Connection=keep-alive, Host=mediaflux.example.org]`,
      expect.stringMatching(
        new RegExp(
          `^  called by: ${date} \\[0 sec\\(s\\) ago\\]: network: ctime=${date}, origin=/127\\.0\\.0\\.1, received=\\d+ \\[\\d+ bytes\\], sent=0 \\[0 bytes\\]$`,
        ),
      ),
    ]);
  });

  it('has a line for a service that is not known, too', async () => {
    const lines = await contextOf('service.execute', '<service name="custom.service"/>');
    expect(lines.map((line) => /: (custom\.service|service\.execute|http|network)(?=$|[: ])/.exec(line)?.[1])).toEqual([
      undefined,
      'custom.service',
      'service.execute',
      'http',
      'network',
    ]);
  });

  it('masks the values of metadata, and what opens a session', async () => {
    const [, line] = await contextOf(
      'asset.create',
      `<namespace>${LAB}</namespace><name>taken</name><meta><tigerdata:project xmlns:tigerdata="tigerdata" id="2" by="ada"><ProjectID>P-1</ProjectID></tigerdata:project></meta><token>abc123</token>`,
    );
    expect(line?.replaceAll('&#34;', '"').replace(/^.*asset\.create /, '')).toBe(
      `:namespace  "${LAB}" :name  "taken" :meta &lt; :tigerdata:project -xmlns:tigerdata "tigerdata" -id "2" -by "******" &lt; :ProjectID  "******" &gt; &gt; :token  "******"`,
    );
  });

  it('is cut where the arguments are long', async () => {
    const [, line = ''] = await contextOf('asset.get', `<id>path=/${'x'.repeat(100_000)}</id>`);
    expect(line.length).toBeLessThan(5_000);
    expect(line).toMatch(new RegExp(`^   ${MOMENT}: service: .* \\.\\.\\.$`));
  });

  it('begins with the request where no service could be read', async () => {
    const { message } = read(await ada.post('<request/>'));
    expect(message).toMatch(new RegExp(`\\nContext:\\n   ${MOMENT}: http: from: /127\\.0\\.0\\.1, request: `));
    expect(await ada.post('<request/>')).toMatch(new RegExp(`^${escaped(DECLARATION)}`));
  });
});
