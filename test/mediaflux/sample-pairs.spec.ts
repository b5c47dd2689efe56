// The sample pairs of docs/reference/mediaflux-protocol.md 12, in both directions: what the client sends is the sample
// request, and what it reads in the sample reply is what stands there.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { xml, type XmlElement } from '../../src/mediaflux/protocol/index.js';
import { createNamespace, createToken, namespaceExists, queryValues } from '../../src/mediaflux/services/index.js';
import type { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { CannedServer } from '../support/canned-server.js';

const KEY = 'k7Qm2ZpT4rXv9LbN';
const result = (inner: string): string => `<response><reply type="result"><result>${inner}</result></reply></response>`;
const LOGON_OK = result(
  `<session id="12" timeout="1800" wallet="true">${KEY}</session><locale>en-US</locale><user username="ada"><name></name></user>`,
);
const server = new CannedServer();
let session: MediafluxSession;

beforeAll(async () => {
  server.answersLogons((_, response) => response.end(LOGON_OK));
  session = await server.start({}, { credentials: { domain: 'local', user: 'ada', password: 'pw-1' } });
});
afterAll(() => server.close());

const plain = (element: XmlElement): unknown =>
  element.children.length === 0 ? element.text : element.children.map((child) => [child.name, plain(child)]);

type Pair = [name: string, request: string, reply: string, work: () => Promise<unknown>, read: unknown];

const ASSET_GET = `<response><reply type="result"><result><asset id="2051" version="1" vid="3301">
 <type>text/plain</type><namespace id="40">/lab/run7</namespace><path>/lab/run7/a.txt</path><name ext="txt">a.txt</name>
 <creator id="21"><domain>local</domain><user>ada</user></creator>
 <ctime tz="Etc/UTC" gmt-offset="0.0" dst="false" millisec="1767225600000">01-Jan-2026 00:00:00</ctime>
 <mtime tz="Etc/UTC" gmt-offset="0.0" dst="false" millisec="1767225600000">01-Jan-2026 00:00:00</mtime><stime>3301</stime>
 <content id="9" stime="3301" versions="1" total-size="11"><type ext="txt">text/plain</type><size h="11 bytes">11</size><csum base="16">D4A1185</csum><csum base="10">222957957</csum></content>
</asset></result></reply></response>`;

const call = (service: string, args: XmlElement[] = []) => session.call(service, args).then(plain);

const PAIRS: Pair[] = [
  [
    'asset.create',
    '<service name="asset.create" session="k7Qm2ZpT4rXv9LbN"><args><namespace create="true">/lab/run7</namespace><name>a.txt</name></args></service>',
    result('<id>2051</id>'),
    () => call('asset.create', [xml('namespace', '/lab/run7', { create: true }), xml('name', 'a.txt')]),
    [['id', '2051']],
  ],
  [
    'asset.create within service.execute',
    '<service name="service.execute" session="k7Qm2ZpT4rXv9LbN"><args><service name="asset.create"><namespace create="true">/lab/run7</namespace><name>b.txt</name></service></args></service>',
    result('<reply service="asset.create"><response><id>2052</id></response></reply>'),
    () =>
      session
        .execute([
          { service: 'asset.create', args: [xml('namespace', '/lab/run7', { create: true }), xml('name', 'b.txt')] },
        ])
        .then(plain),
    [['reply', [['response', [['id', '2052']]]]]],
  ],
  [
    'asset.get',
    '<service name="asset.get" session="k7Qm2ZpT4rXv9LbN"><args><id>path=/lab/run7/a.txt</id></args></service>',
    ASSET_GET,
    async () => {
      const [asset] = (await session.call('asset.get', [xml('id', 'path=/lab/run7/a.txt')])).children;
      return [
        asset?.attributes,
        asset?.children.map((child) => child.name),
        asset && plain(asset.children.at(-1) ?? asset),
      ];
    },
    [
      { id: '2051', version: '1', vid: '3301' },
      ['type', 'namespace', 'path', 'name', 'creator', 'ctime', 'mtime', 'stime', 'content'],
      [
        ['type', 'text/plain'],
        ['size', '11'],
        ['csum', 'D4A1185'],
        ['csum', '222957957'],
      ],
    ],
  ],
  [
    'asset.namespace.create',
    '<service name="asset.namespace.create" session="k7Qm2ZpT4rXv9LbN"><args><namespace all="true">/lab/run8/raw</namespace></args></service>',
    result(''),
    () => createNamespace(session, '/lab/run8/raw'),
    undefined,
  ],
  [
    'asset.namespace.exists',
    '<service name="asset.namespace.exists" session="k7Qm2ZpT4rXv9LbN"><args><namespace>/lab/run8</namespace></args></service>',
    result('<exists>true</exists>'),
    () => namespaceExists(session, '/lab/run8'),
    true,
  ],
  [
    // The length is ours: 20 in the sample.
    'secure.identity.token.create',
    '<service name="secure.identity.token.create" session="k7Qm2ZpT4rXv9LbN"><args><role type="user">local:ada</role><to>01-Feb-2026 00:00:00</to><min-token-length>32</min-token-length><max-token-length>32</max-token-length></args></service>',
    result('<token id="501" actor-type="identity" actor-name="77">Ab3dEf6hIj9kLm2nOp5q</token>'),
    () => createToken(session, { roles: [{ type: 'user', name: 'local:ada' }], to: '01-Feb-2026 00:00:00' }),
    { id: '501', token: 'Ab3dEf6hIj9kLm2nOp5q' },
  ],
  [
    'a query in the background',
    '<service name="service.execute" session="k7Qm2ZpT4rXv9LbN"><args><background>true</background><service name="asset.query"><namespace>/lab</namespace><count>true</count><action>sum</action><xpath>content/size</xpath></service></args></service>',
    result('<id>88</id>'),
    () =>
      call('service.execute', [
        xml('background', true),
        xml(
          'service',
          [xml('namespace', '/lab'), xml('count', true), xml('action', 'sum'), xml('xpath', 'content/size')],
          { name: 'asset.query' },
        ),
      ]),
    [['id', '88']],
  ],
  [
    'service.background.describe',
    '<service name="service.background.describe" session="k7Qm2ZpT4rXv9LbN"><args><id>88</id></args></service>',
    result(
      '<task id="88"><service name="asset.query"></service><state>completed</state><exec-time unit="second">0.02</exec-time></task>',
    ),
    () => call('service.background.describe', [xml('id', 88)]),
    [
      [
        'task',
        [
          ['service', ''],
          ['state', 'completed'],
          ['exec-time', '0.02'],
        ],
      ],
    ],
  ],
  [
    'service.background.results.get',
    '<service name="service.background.results.get" session="k7Qm2ZpT4rXv9LbN"><args><id>88</id></args></service>',
    result('<reply service="asset.query"><response><value nbe="2">11</value></response></reply>'),
    () => call('service.background.results.get', [xml('id', 88)]),
    [['reply', [['response', [['value', '11']]]]]],
  ],
];

it.each(PAIRS)('%s is sent and read as in its sample', async (_, request, answer, work, read) => {
  server.bodies(answer);
  expect(await work()).toEqual(read);
  expect(server.request()).toBe(`<request>${request}</request>`);
});

it('a query by values goes through its iterator', async () => {
  server.bodies(
    result('<iterator>3</iterator>'),
    result(
      '<asset id="2051" version="1"><name>a.txt</name><size>11</size></asset><asset id="2052" version="1"><name>b.txt</name><size>0</size></asset><iterated complete="true">2</iterated>',
    ),
  );
  const found: unknown[] = [];
  for await (const asset of queryValues(session, "namespace>='/lab'", { name: 'name', size: 'content/size' }))
    found.push([asset.attributes, plain(asset)]);
  expect(found).toEqual([
    [
      { id: '2051', version: '1' },
      [
        ['name', 'a.txt'],
        ['size', '11'],
      ],
    ],
    [
      { id: '2052', version: '1' },
      [
        ['name', 'b.txt'],
        ['size', '0'],
      ],
    ],
  ]);
  expect(server.request(2)).toBe(
    `<request><service name="asset.query" session="${KEY}"><args><where>namespace&gt;='/lab'</where><action>get-values</action><xpath ename="name">name</xpath><xpath ename="size">content/size</xpath><as>iterator</as></args></service></request>`,
  );
  // The size of a batch is ours: 2 in the sample.
  expect(server.request()).toBe(
    `<request><service name="asset.query.iterate" session="${KEY}"><args><id>3</id><size>1000</size></args></service></request>`,
  );
});

it('an upload is a request, the number of its attachments and the bytes', async () => {
  server.bodies(result('<id>2051</id>'));
  const content = { name: 'a.txt', size: 11, open: () => [Buffer.from('hello world')] };
  await session.upload({ service: 'asset.create', args: [xml('name', 'a.txt')] }, content);
  const { body = '', headers } = server.received.at(-1) ?? {};
  const boundary = /boundary=(.*)$/.exec(headers?.['content-type'] ?? '')?.[1] ?? '';
  expect(headers?.['content-length']).toBe(String(body.length));
  expect(body.replaceAll(boundary, 'B0und').replace('<?xml version="1.0" encoding="UTF-8"?>\n', '')).toBe(
    [
      '--B0und',
      'Content-Disposition: form-data; name="request"',
      '',
      `<request><service name="asset.create" session="${KEY}"><args><name>a.txt</name></args></service></request>`,
      '--B0und',
      'Content-Disposition: form-data; name="nb-data-attachments"',
      '',
      '1',
      '--B0und',
      'Content-Disposition: form-data; name="filename"; filename="a.txt"',
      'Content-Type: application/octet-stream',
      '',
      'hello world',
      '--B0und--',
      '',
    ].join('\r\n'),
  );
});
