// Replies in the forms that real servers were recorded to send (docs/reference/mediaflux-protocol.md, own values), read
// by the typed services.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt } from '../../src/mediaflux/protocol/index.js';
import {
  createToken,
  describeNamespace,
  describeSelf,
  listNamespaces,
  namespaceExists,
  ownTokenEnd,
  queryCount,
  queryLargest,
  queryValues,
  serverVersion,
  statFile,
  storeOfNamespace,
  uploadFile,
} from '../../src/mediaflux/services/index.js';
import type { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { CannedServer, reply } from '../support/canned-server.js';

const server = new CannedServer();
let session: MediafluxSession;

beforeAll(async () => {
  session = await server.start();
});
afterAll(() => server.close());

describe('namespaces', () => {
  it('are listed by name, whatever attributes they have', async () => {
    server.results(
      '<namespace path="/a"><namespace id="1116" leaf="true" acl="false">one</namespace><namespace leaf="false" acl="true" restricted-visibility="true" id="9007199254740993">two &amp; more</namespace></namespace>',
    );
    expect(await listNamespaces(session, '/a')).toEqual(['one', 'two & more']);
    server.results('<namespace path="/a"></namespace>');
    expect(await listNamespaces(session, '/a')).toEqual([]);
    server.results('');
    expect(await listNamespaces(session, '/a')).toEqual([]);
  });

  it('are listed by the ten thousand, of which only the names are kept', async () => {
    const some = Array.from(
      { length: 1_000 },
      (_, index) => `<namespace id="${index}" leaf="true" acl="false">n${index}</namespace>`,
    ).join('');
    server.results(`<namespace path="/a">${some.repeat(70)}</namespace>`);
    const names = await listNamespaces(session, '/a');
    expect(names).toHaveLength(70_000);
    expect(names[69_999]).toBe('n999');
  });

  it('are listed again from the beginning when the answer is cut in the middle, and never in part', async () => {
    const whole = reply(`<namespace path="/a">${'<namespace>x</namespace>'.repeat(9_000)}</namespace>`);
    let cuts = 1;
    server.answers((_, response) => {
      response.writeHead(200, { 'content-length': whole.length });
      if (cuts > 0) response.write(whole.slice(0, 150_000), () => response.destroy());
      else response.end(whole);
      cuts -= 1;
    });
    expect(await listNamespaces(session, '/a')).toHaveLength(9_000);
    cuts = 9;
    await expect(listNamespaces(session, '/a')).rejects.toMatchObject({
      kind: 'unreachable',
      service: 'asset.namespace.list',
    });
    server.answers((_, response) => response.end(whole.slice(0, 150_000)));
    await expect(listNamespaces(session, '/a')).rejects.toMatchObject({ kind: 'malformed-reply' });
  });

  it('that are missing are not found', async () => {
    server.answers((_, response) =>
      response.end(
        "<response><reply type=\"error\"><error>arc.mf.server.Services$ExServiceError</error><message>call to service 'asset.namespace.list' failed: The namespace '/a' does not exist or is not accessible</message></reply></response>",
      ),
    );
    await expect(listNamespaces(session, '/a')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('are described with zone, rights and store, and with as little as their path', async () => {
    server.results(
      '<namespace id="4" leaf="true"><path>/a</path><name>a</name><ctime tz="Australia/Melbourne" gmt-offset="11.0" dst="true" millisec="1767225600000">01-Jan-2026 11:00:00</ctime><store inherited="true">data</store><acount>0</acount><inherit-acls>only-if-no-acls</inherit-acls><access><administer>false</administer><create>true</create><access-assets>true</access-assets></access><quota><allocation h="300 GB">300000000000</allocation></quota></namespace>',
    );
    expect(await describeNamespace(session, '/a')).toEqual({
      path: '/a',
      access: new Set(['create', 'access-assets']),
      acl: [],
      zone: { name: 'Australia/Melbourne', offsetHours: 11 },
    });
    expect(await storeOfNamespace(session, '/a')).toBe('data');
    server.results('<namespace id="4"><path>/a</path></namespace>');
    expect(await describeNamespace(session, '/a')).toEqual({
      path: '/a',
      access: new Set(),
      acl: [],
      zone: undefined,
    });
  });

  it.each([
    ['<exists>true</exists>', true],
    ['<exists namespace="/a"> true </exists>', true],
    ['<exists>false</exists>', false],
    ['', false],
  ])('exist or not: %s', async (result, expected) => {
    server.results(result);
    expect(await namespaceExists(session, '/a')).toBe(expected);
  });
});

describe('values', () => {
  it.each([
    ['<value>12</value>', 12],
    ['<value nbe="54">12</value>', 12],
    ['<value></value>', 0],
  ])('are counted: %s', async (result, expected) => {
    server.results(result);
    expect(await queryCount(session, 'x')).toBe(expected);
  });

  it.each([
    ['<value nbe="54"><min>100</min><max>55000</max></value>', 55_000],
    ['<value nbe="0"></value>', undefined],
    ['', undefined],
  ])('have a range: %s', async (result, expected) => {
    server.results(result);
    expect(await queryLargest(session, 'x', 'stime')).toBe(expected);
  });

  it.each([
    ['<value>1.5</value>', /'1\.5' for a whole number/],
    ['<value>-1</value>', /'-1' for a whole number/],
    ['<value>0x10</value>', /'0x10' for a whole number/],
    ['<value>1e3</value>', /'1e3' for a whole number/],
    ['<value>twelve</value>', /'twelve' for a whole number/],
    ['', /no number of assets/],
  ])('that are no whole number are refused by name: %s', async (result, message) => {
    server.results(result);
    const count = queryCount(session, 'x');
    await expect(count).rejects.toMatchObject({ kind: 'malformed-reply', service: 'asset.query' });
    await expect(count).rejects.toThrow(message);
  });

  it('beyond 2^53 are refused by name and never rounded', async () => {
    server.results('<value>9007199254740993</value>');
    await expect(queryCount(session, 'x')).rejects.toMatchObject({
      kind: 'malformed-reply',
      message: expect.stringMatching(/2\^53/) as unknown,
    });
    server.results('<asset id="1" version="1"><size>9007199254740993</size><csum>A</csum></asset>');
    await expect(statFile(session, '/a')).rejects.toMatchObject({
      kind: 'malformed-reply',
      message: expect.stringMatching(/2\^53/) as unknown,
    });
    server.results('<asset id="1" version="1"><size>9007199254740991</size></asset>');
    expect(await statFile(session, '/a')).toEqual({ assetId: '1', size: 9_007_199_254_740_991, crc32: null });
  });
});

describe('iterated results', () => {
  const collect = async (...results: string[]) => {
    server.results(...results);
    const found = [];
    for await (const asset of queryValues(session, 'x', { name: 'name' })) found.push(textAt(asset, 'name'));
    return found;
  };

  it('are read until they are complete, values missing here and there, unknown elements between', async () => {
    expect(
      await collect(
        '<iterator>246</iterator>',
        '<asset id="7" version="1"><name>a</name><name>second</name></asset><iterated complete="false">1</iterated>',
        '<iterated complete="false">0</iterated>',
        '<asset id="8" version="2"></asset><cursor/><asset id="9"><name><inner/></name></asset><iterated complete="true">2</iterated>',
      ),
    ).toEqual(['a', undefined, '']);
  });

  it('that stay empty and are never complete are an error, after ten batches in a row', async () => {
    const list = async () => {
      const found = [];
      for await (const asset of queryValues(session, 'x', {})) found.push(asset.attributes['id']);
      return found;
    };
    const empty = '<iterated complete="false">0</iterated>';
    const some = '<asset id="1"/><iterated complete="false">1</iterated>';
    const nine = Array.from({ length: 9 }, () => empty);
    server.results('<iterator>3</iterator>', ...nine, some, ...nine, '<iterated complete="true">0</iterated>');
    expect(await list()).toEqual(['1']);
    server.results('<iterator>3</iterator>', empty);
    const before = server.callsOf('asset.query.iterate');
    await expect(list()).rejects.toMatchObject({ kind: 'malformed-reply', service: 'asset.query.iterate' });
    // The next may be on its way by then.
    expect([10, 11]).toContain(server.callsOf('asset.query.iterate') - before);
  });

  it('that do not say whether they are complete are an error', async () => {
    await expect(collect('<iterator>1</iterator>', '<asset id="7"><name>a</name></asset>')).rejects.toMatchObject({
      kind: 'malformed-reply',
    });
    await expect(collect('')).rejects.toMatchObject({ kind: 'malformed-reply' });
  });
});

describe('assets', () => {
  it.each([
    ['<size>11</size><csum>D4A1185</csum>', { assetId: '7', size: 11, crc32: '0d4a1185' }],
    ['<size>0</size><csum>0</csum>', { assetId: '7', size: 0, crc32: '00000000' }],
    ['<csum>not a sum</csum>', { assetId: '7', size: null, crc32: null }],
    ['<csum base="10">222957957</csum><csum base="16">D4A1185</csum>', { assetId: '7', size: null, crc32: '0d4a1185' }],
    ['<csum base="10">22295795</csum>', { assetId: '7', size: null, crc32: null }],
    ['<size></size><csum></csum>', { assetId: '7', size: null, crc32: null }],
    ['', { assetId: '7', size: null, crc32: null }],
  ])('tell what is stored: %s', async (values, expected) => {
    server.results(`<asset id="7" version="1">${values}</asset>`);
    expect(await statFile(session, '/a')).toEqual(expected);
  });

  it.each([
    ['<asset version="1"><size>1</size></asset>', /without its id/],
    ['<asset id="" version="1"><size>1</size></asset>', /without its id/],
    ['<asset id="7"><size>1 KB</size></asset>', /'1 KB' for a whole number/],
  ])('that are told wrongly are refused by name: %s', async (result, message) => {
    server.results(result);
    const stat = statFile(session, '/a');
    await expect(stat).rejects.toMatchObject({ kind: 'malformed-reply', service: 'asset.get' });
    await expect(stat).rejects.toThrow(message);
  });

  it('that are not there answer nothing', async () => {
    server.results('');
    expect(await statFile(session, '/a')).toBeUndefined();
  });

  it('are the same whether asset.set answered an id or a version', async () => {
    const content = { name: 'a', size: 1, open: () => [Buffer.from('a')] };
    for (const set of ['<id>7</id>', '<version id="7" stime="1415" changed-or-created="true">3</version>']) {
      server.results(
        `<uuid>9047</uuid><reply service="asset.set"><response>${set}</response></reply><reply service="asset.get"><response><asset id="7" version="3"><size>1</size><csum>E8B7BE43</csum></asset></response></reply>`,
      );
      expect(await uploadFile(session, '/a/b', content)).toEqual({ assetId: '7', size: 1, crc32: 'e8b7be43' });
    }
    server.results('<uuid>9047</uuid>');
    await expect(uploadFile(session, '/a/b', content)).rejects.toMatchObject({ kind: 'malformed-reply' });
  });
});

describe('the server and its actors', () => {
  it('are known by what they tell', async () => {
    server.results(
      '<ant-version>Apache Ant</ant-version><binary>aserver</binary><build-time>01-Aug-2022 23:39:42 AEST</build-time><vendor>Arcitecta Pty. Ltd.</vendor><version>4.12.027</version>',
    );
    expect(await serverVersion(session)).toBe('4.12.027');
    server.results('<actor type="user" name="d:u" id="4"><role type="role">user</role></actor>');
    expect(await describeSelf(session)).toEqual({ type: 'user', name: 'd:u' });
  });

  it('make tokens, and tell when the own one ends', async () => {
    server.results('<token id="9007199254740993" actor-type="identity" actor-name="24">abc</token>');
    expect(await createToken(session, { roles: [], to: 'now' })).toEqual({ id: '9007199254740993', token: 'abc' });
    server.results(
      '<session><host>h</host><secure-token>12</secure-token></session>',
      '<identity id="12"><actor>24</actor><validity><to tz="Etc/UTC" gmt-offset="0.0" dst="false" millisec="1767225600000">01-Jan-2026 00:00:00</to></validity></identity>',
    );
    expect(await ownTokenEnd(session)).toEqual(new Date('2026-01-01T00:00:00Z'));
    server.results('<session><host>h</host></session>');
    expect(await ownTokenEnd(session)).toBeUndefined();
  });
});
