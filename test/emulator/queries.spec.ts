// What every form of a query finds (reference 6 and 6.1), and that others are answered while a long one runs.

import { describe, expect, it } from '@jest/globals';
import { startEmulator } from '../../emulator/index.js';
import type { Change } from '../../emulator/store/journal.js';
import { State } from '../../emulator/store/state.js';
import { freshFolder } from '../support/folders.js';
import { RawClient, textIn, texts } from '../support/raw-client.js';
import { until } from '../support/wait.js';
import { LAB, labOf } from './lab.js';
import { ALL, COLLECTIONS, CONTENTS, IN, MEMBERS, queriedIn, TEXTS, where } from './queried.js';

const RESEARCHER = { domain: 'demo', user: 'researcher', password: 'researcher' };

const lab = labOf();
const queried = queriedIn(lab);

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
    expect(await queried.namesOf(query)).toEqual(expected);
  });

  it('finds by id, one and several', async () => {
    expect(await queried.namesOf(`id=${queried.ids.get('b.txt')}`)).toEqual(['b.txt']);
    expect(await queried.namesOf(`id in (${queried.ids.get('deep')},${queried.ids.get('a.txt')})`)).toEqual([
      'a.txt',
      'deep',
    ]);
    expect(await queried.namesOf(`asset in collection ${queried.ids.get('set')}`)).toEqual(['member', 'inner']);
  });

  it('finds what meets each of several conditions, and all that is in a collection', async () => {
    expect(await queried.namesOf("name='*.txt'", 'csize=1', '')).toEqual(['a.txt']);
    const inSet = await lab.ada.call(
      'asset.query',
      `<collection>${queried.ids.get('set')}</collection><action>count</action>`,
    );
    expect(textIn(inSet, 'value')).toBe('3');
    expect(textIn(await lab.ada.call('asset.count', `<namespace>"${LAB}/f"</namespace>`), 'total')).toBe(
      `${ALL.length}`,
    );
  });

  it('names a syntax error with its context, however deep it is', async () => {
    for (const query of ["name ~ 'x'", `${'('.repeat(20_000)}name='x'${')'.repeat(20_000)}`, "tag='x'"])
      expect(textIn(await lab.ada.call('asset.query', where(query)), 'message')).toMatch(
        /^call to service 'asset\.query' failed: Syntax error[^]*Context/,
      );
  });

  it('adds numbers exactly, whatever their size', async () => {
    const numbers = `${where(`namespace='${LAB}/f'`)}<xpath>lab:doc/n</xpath>`;
    expect(await lab.ada.call('asset.query', `${numbers}<action>sum</action>`)).toContain(
      '<value nbe="2">18014398509481986</value>',
    );
    expect(await lab.ada.call('asset.query', `${numbers}<action>range</action>`)).toContain(
      '<value nbe="2"><min>9007199254740993</min><max>9007199254740993</max></value>',
    );
  });

  it.each(['count', 'range'])('tells the same %s from its indexes as from a look at every asset', async (action) => {
    for (const below of [`>='${LAB}'`, `='${LAB}/f'`, `>'${LAB}/f'`, "='/none'"]) {
      const [inSum = '', byLooking] = await Promise.all(
        [`namespace${below}`, `namespace${below} and id>0`].map((query) =>
          lab.ada.call('asset.query', `${where(query)}<action>${action}</action><xpath>stime</xpath>`),
        ),
      );
      expect(inSum).toContain('<value');
      expect(inSum).toBe(byLooking);
    }
  });

  it.each(['get-cid', 'get-template-meta', 'get-nothing'])('refuses the action %s by name', async (action) => {
    const reply = await lab.ada.call('asset.query', `<action>${action}</action>`);
    expect(textIn(reply, 'message')).toMatch(new RegExp(`failed: XPath args/action is invalid: '${action}'`));
  });

  it('pipes each result into a service', async () => {
    const pipe = `${where("name='*.txt'")}<namespace>${LAB}/f</namespace><action>pipe</action><service name="asset.get"><xpath ename="n">name</xpath></service>`;
    expect(texts(await lab.ada.call('asset.query', pipe), 'n')).toEqual(TEXTS);
    expect(textIn(await lab.ada.call('asset.query', `${pipe}<count>true</count>`), 'count')).toBe('2');
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
