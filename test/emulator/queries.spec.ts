// What every form of a query finds, page by page and by iterator (reference 6 and 6.1), and that others are answered
// while a long one runs.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import type { Change } from '../../emulator/store/journal.js';
import { State } from '../../emulator/store/state.js';
import { freshFolder } from '../support/program.js';
import { EMPTY_SUCCESS, RawClient, textIn, texts } from '../support/raw-client.js';
import { until } from '../support/wait.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const RESEARCHER = { domain: 'demo', user: 'researcher', password: 'researcher' };
const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const where = (...queries: string[]): string => queries.map((query) => `<where>${xml(query)}</where>`).join('');

let emulator: RunningEmulator;
let ada: RawClient;
let manager: RawClient;
const ids = new Map<string, string>();

/** Makes an asset, with a content if one is given, and keeps its id by its name. */
async function make(namespace: string, name: string, more = '', content?: string): Promise<void> {
  const args = `<namespace create="true">${LAB}${namespace}</namespace><name>${xml(name)}</name>${more}`;
  const reply = await (content === undefined
    ? ada.call('asset.create', args)
    : ada.upload(ada.request('asset.create', args), content));
  const id = textIn(reply, 'id');
  if (id === '') throw new Error(reply);
  ids.set(name, id);
}

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  ada = new RawClient(emulator.url, RESEARCHER);
  manager = new RawClient(emulator.url, { domain: 'system', user: 'manager', password: 'manager' });
  await ada.logon();
  await manager.logon();
  const field = '<element name="name" type="string" min-occurs="0"/><element name="n" type="string" min-occurs="0"/>';
  await manager.call('asset.doc.namespace.create', '<namespace>lab</namespace>');
  for (const type of ['lab:doc', 'note'])
    await manager.call('asset.doc.type.create', `<type>${type}</type><definition>${field}</definition>`);
  const doc = (n: string, name: string) =>
    `<meta><lab:doc xmlns:lab="lab"><n>${n}</n><name>${name}</name></lab:doc></meta>`;
  await make('/f', 'a.txt', doc('9007199254740993', 'Alpha one'), 'x');
  await make('/f', 'b.txt', doc('9007199254740993', 'Beta'), 'xx');
  await make('/f/in', 'C.TIF', '<description>a cell seen today</description><type>image/tiff</type>', 'xxx');
  await make('/f/in', "it's", '<meta><mf-name><name>x</name></mf-name></meta>');
  await make('/f/in', 'a\\b', '<meta><note><n>5</n></note></meta><label>L</label>');
  await make('/f/a b (c)', 'deep');
  await make('/f', 'set', '<collection>true</collection>');
  await make('/f', 'set two', '<collection>true</collection>');
  for (const [parent, name] of [
    ['set', 'member'],
    ['set', 'inner'],
    ['set two', 'other'],
  ] as const) {
    const isCollection = name === 'inner';
    const reply = await ada.call(
      'asset.create',
      `<pid>${ids.get(parent)}</pid><name>${name}</name><collection>${isCollection}</collection>`,
    );
    ids.set(name, textIn(reply, 'id'));
  }
  ids.set('last', textIn(await ada.call('asset.create', `<pid>${ids.get('inner')}</pid><name>last</name>`), 'id'));
  await manager.call('authorization.role.create', '<role>lab-readers</role>');
  await manager.call(
    'asset.namespace.acl.grant',
    `<namespace>${LAB}</namespace><acl><actor type="role">lab-readers</actor><access><asset>access</asset></access></acl>`,
  );
});
afterAll(() => emulator.close());

/** Names of what the queries find together under the folder of these tests, in the order of ids. */
const namesOf = async (...queries: string[]): Promise<string[]> => {
  const args = `<namespace>'${LAB}/f'</namespace>${where(...queries)}<action>get-name</action><size>infinity</size>`;
  const reply = await ada.call('asset.query', args);
  if (reply.includes('type="error"')) throw new Error(textIn(reply, 'message'));
  return texts(reply, 'name');
};

const TEXTS = ['a.txt', 'b.txt'];
const CONTENTS = [...TEXTS, 'C.TIF'];
const IN = ['C.TIF', "it's", 'a\\b'];
const COLLECTIONS = ['set', 'set two', 'inner'];
const MEMBERS = ['member', 'inner', 'other', 'last'];
const ALL = [...TEXTS, ...IN, 'deep', 'set', 'set two', ...MEMBERS];

describe('a query', () => {
  it.each<[string, string[]]>([
    [`namespace='${LAB}/f'`, [...TEXTS, 'set', 'set two', ...MEMBERS]],
    [`namespace>='${LAB}/f'`, ALL],
    [`namespace>'${LAB}/f'`, [...IN, 'deep']],
    [`namespace!='${LAB}/f'`, [...IN, 'deep']],
    [`namespace>=${LAB}/f/in`, IN],
    [`namespace=${LAB}/f/a b (c)`, ['deep']],
    [`(namespace>=${LAB}/f/in) and asset has content`, ['C.TIF']],
    ["name='a.txt'", ['a.txt']],
    ["name='A.TXT'", []],
    ["name=ignore-case('A.TXT')", ['a.txt']],
    ["name='*.txt'", TEXTS],
    ["name like '?.*'", CONTENTS],
    ["name!='*.txt'", ALL.slice(2)],
    ["name starts with 'set'", ['set', 'set two']],
    ["name='it\\'s'", ["it's"]],
    ['name="it\'s"', ["it's"]],
    ["name='a\\b'", ['a\\b']],
    ["name='a\\\\b'", ['a\\b']],
    ["name>='set'", ['set', 'set two']],
    ['id=0', []],
    ['id in (0, 1)', []],
    ['stime>0', ALL],
    ['version count > 1', []],
    ['asset has content', CONTENTS],
    ['asset hasno content', ALL.filter((name) => !CONTENTS.includes(name))],
    ['content is online', CONTENTS],
    ['content online', CONTENTS],
    ['content offline', []],
    ['content is offline', []],
    ['csize>1', ['b.txt', 'C.TIF']],
    ["type='image/tiff'", ['C.TIF']],
    ["ctype='image/*'", ['C.TIF']],
    ["ctime>='01-Jan-2024'", ALL],
    ["mtime < '01-Jan-2024'", []],
    ["ctime in range '01-Jan-2024' to 'now'", ALL],
    ["created by 'demo:researcher'", ALL],
    ['created by me', ALL],
    ["modified by 'demo:operator'", []],
    ["acl for role 'lab-readers'", ALL],
    ["acl for role 'user'", []],
    ['asset is collection', COLLECTIONS],
    [`asset in collection path=${LAB}/f/set`, ['member', 'inner']],
    [`asset in collection path=${LAB}/f/set two and name='other'`, ['other']],
    [`asset in static collection or subcollection of path=${LAB}/f/set`, ['member', 'inner', 'last']],
    [`asset in collection 'path=${LAB}/f/set two'`, ['other']],
    ['asset in collection 1', []],
    ["xpath(lab:doc/name)='Beta'", ['b.txt']],
    ["xpath(meta/lab:doc/name)='B*'", ['b.txt']],
    ['xpath(lab:doc/n)>5', TEXTS],
    ["xpath(lab:doc/name) contains literal('one')", ['a.txt']],
    ["xpath(lab:doc/name) =ignore-case('BETA')", ['b.txt']],
    ["xpath(lab:doc/name) starts with 'Al'", ['a.txt']],
    ["xpath(lab:doc/name) ends with 'ta'", ['b.txt']],
    ['xpath(lab:doc/name) has value', TEXTS],
    ['xpath(lab:doc/none) hasno value', ALL],
    ['lab:doc has value', TEXTS],
    ['lab:doc hasno value', ALL.slice(2)],
    ["lab:doc/name='Beta'", ['b.txt']],
    ['mf-name has value', ["it's"]],
    ["mf-name/name='x'", ["it's"]],
    ['note has value', ['a\\b']],
    ["note/n='5' and note/n<10", ['a\\b']],
    ["xpath(content/csum[@base='10']) has value", CONTENTS],
    ["xpath(content/csum[@base='16'])='B7B2364B'", []],
    ['xpath(content/size)=3', ['C.TIF']],
    ["xpath(creator/user)='researcher'", ALL],
    ["xpath(content/store/type)='file-system'", CONTENTS],
    ["xpath(name/@ext)='TIF'", ['C.TIF']],
    ["label='L'", ['a\\b']],
    ["label!='L'", ALL.filter((name) => name !== 'a\\b')],
    ["text contains('cell today')", ['C.TIF']],
    ["text contains-all('cell none')", []],
    ["text contains-any('beta none')", ['b.txt']],
    ["text contains-no('t')", ['a\\b', 'deep', 'member', 'inner']],
    ["text contains-literal('seen today')", ['C.TIF']],
    ["text contains literal('today seen')", []],
    ["text contains pattern('c?ll*day')", ['C.TIF']],
    ["function(starts-with(lowercase(xvalue('name')),'c.t'))", ['C.TIF']],
    ["function(starts-with(xvalue('meta/lab:doc/name'),'Alpha'))", ['a.txt']],
    ["cid='1.2.3'", []],
    ['cid hasno value', ALL],
    ["cid contains (name='*')", []],
    ["cid contained by (name='*')", []],
    ["model='m'", []],
    ['related to{parent} any', []],
    ["related to{parent} (name='*')", []],
    ['not related to any', ALL],
    ["lock name 'x'", []],
    ['not lock type any', ALL],
    ["name='a.txt' OR name='b.txt' AND csize=1", ['a.txt']],
    ["(name='a.txt' or name='b.txt') and csize>1", ['b.txt']],
    ["not (name='*.txt' or asset is collection)", ALL.slice(2).filter((name) => !COLLECTIONS.includes(name))],
  ])('finds with %s', async (query, expected) => {
    expect(await namesOf(query)).toEqual(expected);
  });

  it('finds by id, one and several', async () => {
    expect(await namesOf(`id=${ids.get('b.txt')}`)).toEqual(['b.txt']);
    expect(await namesOf(`id in (${ids.get('deep')},${ids.get('a.txt')})`)).toEqual(['a.txt', 'deep']);
    expect(await namesOf(`asset in collection ${ids.get('set')}`)).toEqual(['member', 'inner']);
  });

  it('finds what meets each of several conditions, and all that is in a collection', async () => {
    expect(await namesOf("name='*.txt'", 'csize=1', '')).toEqual(['a.txt']);
    const inSet = await ada.call('asset.query', `<collection>${ids.get('set')}</collection><action>count</action>`);
    expect(textIn(inSet, 'value')).toBe('3');
    expect(textIn(await ada.call('asset.count', `<namespace>"${LAB}/f"</namespace>`), 'total')).toBe(`${ALL.length}`);
  });

  it('names a syntax error with its context, however deep it is', async () => {
    for (const query of ["name ~ 'x'", `${'('.repeat(20_000)}name='x'${')'.repeat(20_000)}`, "tag='x'"])
      expect(textIn(await ada.call('asset.query', where(query)), 'message')).toMatch(
        /^call to service 'asset\.query' failed: Syntax error[^]*Context/,
      );
  });

  it('adds numbers exactly, whatever their size', async () => {
    const numbers = `${where(`namespace='${LAB}/f'`)}<xpath>lab:doc/n</xpath>`;
    expect(await ada.call('asset.query', `${numbers}<action>sum</action>`)).toContain(
      '<value nbe="2">18014398509481986</value>',
    );
    expect(await ada.call('asset.query', `${numbers}<action>range</action>`)).toContain(
      '<value nbe="2"><min>9007199254740993</min><max>9007199254740993</max></value>',
    );
  });

  it.each(['count', 'range'])('tells the same %s from its indexes as from a look at every asset', async (action) => {
    for (const below of [`>='${LAB}'`, `='${LAB}/f'`, `>'${LAB}/f'`, "='/none'"]) {
      const [inSum = '', byLooking] = await Promise.all(
        [`namespace${below}`, `namespace${below} and id>0`].map((query) =>
          ada.call('asset.query', `${where(query)}<action>${action}</action><xpath>stime</xpath>`),
        ),
      );
      expect(inSum).toContain('<value');
      expect(inSum).toBe(byLooking);
    }
  });

  it.each(['get-cid', 'get-template-meta', 'get-nothing'])('refuses the action %s by name', async (action) => {
    const reply = await ada.call('asset.query', `<action>${action}</action>`);
    expect(textIn(reply, 'message')).toMatch(new RegExp(`failed: XPath args/action is invalid: '${action}'`));
  });

  it('pipes each result into a service', async () => {
    const pipe = `${where("name='*.txt'")}<namespace>${LAB}/f</namespace><action>pipe</action><service name="asset.get"><xpath ename="n">name</xpath></service>`;
    expect(texts(await ada.call('asset.query', pipe), 'n')).toEqual(TEXTS);
    expect(textIn(await ada.call('asset.query', `${pipe}<count>true</count>`), 'count')).toBe('2');
  });
});

describe('pages', () => {
  const five = `<namespace>${LAB}/pages</namespace>`;
  beforeAll(async () => {
    for (const name of ['1', '2', '3', '4', '5']) await make('/pages', `p${name}`);
  });

  const page = async (args: string) => ada.call('asset.query', `${five}<action>get-name</action>${args}`);

  it.each([
    ['<size>2</size>', 'p1 p2', 'count=2 from=1 to=2 next=3 total=2? remaining=3'],
    ['<size>2</size><count>true</count>', 'p1 p2', 'count=2 from=1 to=2 next=3 total=5 remaining=3'],
    ['<size>2</size><idx>2</idx>', 'p2 p3', 'count=2 from=2 to=3 prev=1 next=4 total=3? remaining=2'],
    ['<size>2</size><idx>3</idx><count>true</count>', 'p3 p4', 'count=2 from=3 to=4 prev=1 next=5 total=5 remaining=1'],
    ['<size>2</size><idx>5</idx>', 'p5', 'count=1 from=5 to=5 prev=3 next=6 total=5'],
    ['<size>2</size><idx>5</idx><count>true</count>', 'p5', 'count=1 from=5 to=5 prev=3 next=6 total=5 remaining=0'],
    ['<size>5</size>', 'p1 p2 p3 p4 p5', 'count=5 from=1 to=5 next=6 total=5'],
    ['<size>infinity</size>', 'p1 p2 p3 p4 p5', 'count=5 from=1 to=5 next=6 total=5'],
    ['<size>Infinity</size><idx>4</idx>', 'p4 p5', 'count=2 from=4 to=5 prev=1 next=6 total=5'],
    ['', 'p1 p2 p3 p4 p5', 'count=5 from=1 to=5 next=6 total=5'],
    ['<size>2</size><idx>6</idx>', '', 'count=0 from=6 to=5 prev=4 next=6 total=5'],
    ['<size>2</size><idx>9</idx><count>true</count>', '', 'count=0 from=9 to=8 prev=7 next=9 total=5 remaining=0'],
    ["<where>name='none'</where><count>true</count>", '', 'count=0 from=1 to=0 next=1 total=0 remaining=0'],
  ])('of %j hold %j, with %s', async (args, names, expected) => {
    const reply = await page(args);
    expect(texts(reply, 'name').join(' ')).toBe(names);
    const cursor = /<cursor>(.*)<\/cursor>/.exec(reply)?.[1] ?? '';
    const shown = [...cursor.matchAll(/<(\w+)(?: complete="(\w+)")?>(\d+)</g)].map(
      ([, name = '', complete, value = '']) => `${name}=${value}${complete === 'false' ? '?' : ''}`,
    );
    expect(shown.join(' ')).toBe(expected);
  });

  it.each(['<size>0</size>', '<size>many</size>', '<idx>0</idx>', '<idx>1.5</idx>'])('refuse %s', async (args) => {
    expect(textIn(await page(args), 'message')).toMatch(/XPath args\/(size|idx) is invalid/);
  });

  it('show every change, also one that takes an asset away', async () => {
    const names = async () => texts(await page('<size>10</size>'), 'name');
    await make('/pages', 'p6');
    expect(await names()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
    await ada.call('asset.destroy', `<id>${ids.get('p6')}</id>`);
    expect(await names()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    await ada.call('asset.move', `<id>${ids.get('p2')}</id><name>q2</name>`);
    expect(await names()).toEqual(['p1', 'q2', 'p3', 'p4', 'p5']);
    await ada.call('asset.move', `<id>${ids.get('p2')}</id><name>p2</name>`);
  });
});

describe('what the caller may not see any more', () => {
  const actor = '<acl><actor type="user">demo:operator</actor><access><asset>access</asset></access></acl>';
  const open = (folder: string) =>
    manager.call('asset.namespace.acl.revoke', `<namespace>${LAB}/${folder}</namespace>${actor}`);
  /** An entry of its own shuts out whoever had inherited rights. */
  const shut = (folder: string) =>
    manager.call('asset.namespace.acl.grant', `<namespace>${LAB}/${folder}</namespace>${actor}`);

  beforeAll(async () => {
    for (const [folder, name] of [
      ['open', '1'],
      ['shut', '2'],
      ['open', '3'],
      ['shut', '4'],
      ['open', '5'],
    ])
      await make(`/seen/${folder}`, `s${name}`);
  });

  const seen = `<namespace>${LAB}/seen</namespace><action>get-name</action>`;

  it('is on no further page', async () => {
    expect(texts(await ada.call('asset.query', `${seen}<size>1</size>`), 'name')).toEqual(['s1']);
    await shut('seen/shut');
    expect(texts(await ada.call('asset.query', `${seen}<size>2</size><idx>2</idx>`), 'name')).toEqual(['s3', 's5']);
    await open('seen/shut');
    expect(texts(await ada.call('asset.query', seen), 'name')).toHaveLength(5);
  });

  it('is passed over by an iterator, which goes on, counts what it gives and ends', async () => {
    const iterator = textIn(await ada.call('asset.query', `${seen}<as>iterator</as>`), 'iterator');
    const next = () => ada.call('asset.query.iterate', `<id>${iterator}</id><size>2</size>`);
    expect(texts(await next(), 'name')).toEqual(['s1', 's2']);
    await shut('seen/shut');
    await ada.call('asset.destroy', `<id>${ids.get('s3')}</id>`);
    expect(await next()).toMatch(
      /<result><name id="\d+" version="1">s5<\/name><iterated complete="true">1<\/iterated><\/result>/,
    );
    expect(textIn(await next(), 'message')).toContain(`The session does not have an iterator (id): ${iterator}`);
  });
});

describe('an iterator', () => {
  it('is of the session that made it, and numbered from 1 in it', async () => {
    const [first, second] = [new RawClient(emulator.url, RESEARCHER), new RawClient(emulator.url, RESEARCHER)];
    await first.logon();
    await second.logon();
    const open = async (client: RawClient) =>
      textIn(await client.call('asset.query', `<namespace>${LAB}/f</namespace><as>iterator</as>`), 'iterator');
    expect([await open(first), await open(first), await open(second)]).toEqual(['1', '2', '1']);
    const noIterator = 'The session does not have an iterator (id): 2';
    expect(textIn(await second.call('asset.query.iterate', '<id>2</id>'), 'message')).toContain(noIterator);
    expect(textIn(await second.call('asset.query.iterator.destroy', '<id>2</id>'), 'message')).toContain(noIterator);
    expect(await first.call('asset.query.iterator.destroy', '<id>2</id>')).toBe(EMPTY_SUCCESS);
    expect(textIn(await first.call('asset.query.iterate', '<id>1</id>'), 'iterated')).toBe(`${ALL.length}`);
  });

  it('over nothing is complete at once', async () => {
    const none = `${where("name='none'")}<as>iterator</as>`;
    const iterator = textIn(await ada.call('asset.query', none), 'iterator');
    expect(await ada.call('asset.query.iterate', `<id>${iterator}</id>`)).toContain(
      '<result><iterated complete="true">0</iterated></result>',
    );
  });
});

describe('a long query', () => {
  it('lets a ping be answered before it', async () => {
    const dataDir = freshFolder();
    await (await startEmulator({ port: 0, dataDir })).close();
    const state = new State();
    state.open(dataDir);
    const asset = (id: number): Change => [
      'asset',
      String(id),
      {
        ...{ id, version: 1, vid: id, namespace: LAB, name: 'a'.repeat(1_000) + String(id), type: 'content/unknown' },
        ...{ ctime: 0, mtime: 0, stime: id, creator: 'demo:researcher', documents: [] },
      },
    ];
    state.commit(...Array.from({ length: 8_000 }, () => asset(state.nextNumber())));
    state.close();
    const large = await startEmulator({ port: 0, dataDir });
    try {
      const client = new RawClient(large.url, RESEARCHER);
      await client.logon();
      const answered: string[] = [];
      const call = (service: string, args = '') => client.call(service, args).then(() => answered.push(service));
      const query = call('asset.query', `${where(`name='*${'a'.repeat(50)}b*'`)}<action>count</action>`);
      await until('the query has come', () => large.faults.calls().find((one) => one.service === 'asset.query'));
      await call('server.ping');
      await query;
      expect(answered).toEqual(['server.ping', 'asset.query']);
    } finally {
      await large.close();
    }
  });
});
