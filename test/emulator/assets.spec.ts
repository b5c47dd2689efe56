// Assets, collections and namespaces as clients that were not written here use them: docs/reference/mediaflux-protocol.md,
// sections 12 and 13, spoken without any code of the product or the emulator.

import { describe, expect, it } from '@jest/globals';
import { EMPTY_SUCCESS, textIn, texts } from '../support/raw-client.js';
import { LAB, labOf } from './lab.js';

const lab = labOf();

describe('assets', () => {
  it('are made directly and wrapped, with namespaces on the way', async () => {
    const direct = await lab.ada.upload(
      lab.ada.request('asset.create', `<namespace create="true">${LAB}/run7</namespace><name>a.txt</name>`),
      'hello world',
    );
    expect(direct).toMatch(/<result><id>\d+<\/id><\/result>/);
    const wrapped = await lab.ada.execute(
      'asset.create',
      `<namespace create="True">${LAB}/run7</namespace><name>b.txt</name>`,
    );
    expect(wrapped).toMatch(/<reply service="asset\.create"><response><id>\d+<\/id><\/response><\/reply>/);
  });

  it('are shown whole, by id and by path, with or without the leading slash', async () => {
    const reply = await lab.ada.call('asset.get', `<id>path=${LAB}/run7/a.txt</id>`);
    expect(reply).toMatch(/<asset id="\d+" version="1" vid="\d+">/);
    for (const part of [
      `<path>${LAB}/run7/a.txt</path>`,
      '<name ext="txt">a.txt</name>',
      '<size h="11 bytes">11</size><csum base="16">D4A1185</csum><csum base="10">222957957</csum>',
      '<creator id=',
      '<versioned count="1">true</versioned>',
      '<access-content>true</access-content>',
    ])
      expect(reply).toContain(part);
    expect(reply).toMatch(
      /<ctime tz="Etc\/UTC" gmt-offset="0\.0" dst="false" millisec="\d+">\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d<\/ctime>/,
    );
    const id = /<asset id="(\d+)"/.exec(reply)?.[1] ?? '';
    expect(await lab.ada.call('asset.get', `<id>${id}</id>`)).toBe(reply);
    expect(await lab.ada.call('asset.get', `<id>path=${LAB.slice(1)}/run7/a.txt</id>`)).toBe(reply);
  });

  it('are shown in part by path and name, and not at all when they need not exist', async () => {
    expect(
      await lab.ada.call(
        'asset.get',
        `<id>path=${LAB}/run7/a.txt</id><xpath ename="s">content/size</xpath><xpath>name</xpath>`,
      ),
    ).toMatch(/<result><asset id="\d+" version="1"><s>11<\/s><value>a\.txt<\/value><\/asset><\/result>/);
    expect(await lab.ada.call('asset.get', `<id only-if-exists="true">path=${LAB}/none</id>`)).toBe(EMPTY_SUCCESS);
    expect(await lab.ada.call('asset.exists', `<id>path=${LAB}/none</id><id>path=${LAB}/run7/a.txt</id>`)).toContain(
      `<exists id="path=${LAB}/none">false</exists><exists id="path=${LAB}/run7/a.txt">true</exists>`,
    );
  });

  it('take new content as a version, and the old one stays to be read', async () => {
    const reply = await lab.ada.upload(
      lab.ada.request('asset.set', `<id>path=${LAB}/run7/a.txt</id>`),
      'hello again, world',
    );
    expect(reply).toMatch(/<version id="\d+" stime="\d+" changed-or-created="true">2<\/version>/);
    const id = /<version id="(\d+)"/.exec(reply)?.[1] ?? '';
    const content = (more = '') => lab.ada.get(`/mflux/content.mfjp?_skey=${lab.ada.session}&id=${id}${more}`);
    expect(await (await content()).text()).toBe('hello again, world');
    expect(await (await content('&version=1')).text()).toBe('hello world');
    expect(await lab.ada.call('asset.get', `<id>${id}</id>`)).toContain('<versioned count="2">true</versioned>');
    expect(await lab.ada.call('asset.get', `<id>${id}</id><version>1</version><xpath>content/size</xpath>`)).toContain(
      '<value>11</value>',
    );
  });

  it('of several services in one call take the contents in order', async () => {
    const reply = await lab.ada.upload(
      lab.ada.request(
        'service.execute',
        ['one', 'two']
          .map(
            (name) =>
              `<service name="asset.create"><namespace create="true">${LAB}/many</namespace><name>${name}</name></service>`,
          )
          .join(''),
      ),
      'first',
      'second!',
    );
    const sizes = await Promise.all(
      texts(reply, 'id').map(async (id) => textIn(await lab.ada.call('asset.get', `<id>${id}</id>`), 'size')),
    );
    expect(sizes).toEqual(['5', '7']);
  });

  it('keep an empty content, a name with everything in it, and metadata with prefixes', async () => {
    const name = 'größe &amp; &lt;&gt; &#34;x&#34; 日本 (1).txt';
    await lab.ada.upload(lab.ada.request('asset.create', `<namespace>${LAB}/run7</namespace><name>${name}</name>`), '');
    const reply = await lab.ada.call('asset.get', `<id>path=${LAB}/run7/${name}</id>`);
    expect(textIn(reply, 'size')).toBe('0');
    expect(textIn(reply, 'name')).toBe(name);
    await lab.manager.call('asset.doc.namespace.create', '<namespace>lab</namespace>');
    await lab.manager.call(
      'asset.doc.type.update',
      '<create>true</create><type>lab:sample</type><definition><element name="organ" type="string" min-occurs="0"/></definition>',
    );
    const set = (document: string) =>
      lab.ada.call('asset.set', `<id>path=${LAB}/run7/b.txt</id><meta>${document}</meta>`);
    await set('<lab:sample xmlns:lab="http://lab.example.org"><organ>heart</organ></lab:sample>');
    expect(await lab.ada.call('asset.get', `<id>path=${LAB}/run7/b.txt</id>`)).toMatch(
      /<lab:sample xmlns:lab="lab" id="\d+"><organ>heart<\/organ><\/lab:sample>/,
    );
    expect(textIn(await set('<lab:sample><none>1</none></lab:sample>'), 'message')).toContain(
      "The document type 'lab:sample' does not contain an element 'none'",
    );
    expect(textIn(await set('<lab:other/>'), 'message')).toContain("The document type 'lab:other' is not known");
  });

  it('cannot share a name', async () => {
    const reply = await lab.ada.call('asset.create', `<namespace>${LAB}/run7</namespace><name>b.txt</name>`);
    expect(textIn(reply, 'message')).toMatch(/The namespace \d+ already contains an asset named 'b\.txt'/);
    expect(reply).toContain('<cause><error>arc.mf.modules.asset.Asset$ExNameExists</error>');
  });

  it('go, and answer an empty success byte for byte', async () => {
    await lab.ada.call('asset.create', `<namespace>${LAB}/run7</namespace><name>gone</name>`);
    expect(await lab.ada.call('asset.destroy', `<id>path=${LAB}/run7/gone</id>`)).toBe(EMPTY_SUCCESS);
  });

  it('are moved, labelled and asked where they lie', async () => {
    await lab.ada.call('asset.create', `<namespace>${LAB}/run7</namespace><name>label me</name>`);
    const id = `<id>path=${LAB}/run7/label me</id>`;
    await lab.ada.call('asset.label.add', `${id}<label>PUBLISHED</label>`);
    expect(await lab.ada.call('asset.label.exists', `${id}<label>PUBLISHED</label>`)).toContain(
      '<exists>true</exists>',
    );
    expect(
      await lab.ada.call(
        'asset.query',
        `<namespace>'${LAB}'</namespace><where>label='PUBLISHED'</where><action>count</action>`,
      ),
    ).toContain('<value>1</value>');
    expect(textIn(await lab.ada.call('asset.content.status', `<id>path=${LAB}/run7/a.txt</id>`), 'state')).toBe(
      'online',
    );
    await lab.ada.call('asset.move', `${id}<namespace>${LAB}</namespace><name>moved</name>`);
    expect(await lab.ada.call('asset.exists', `<id>path=${LAB}/moved</id>`)).toContain('>true<');
  });
});

describe('collections', () => {
  it('have members by pid, found by query and by path', async () => {
    const id = textIn(
      await lab.ada.call(
        'asset.create',
        `<namespace>${LAB}</namespace><name>set</name><collection unique-name-index="true">true</collection>`,
      ),
      'id',
    );
    await lab.ada.call('asset.create', `<pid>${id}</pid><name>inner</name><collection>true</collection>`);
    await lab.ada.upload(
      lab.ada.request('asset.create', `<pid>path=${LAB}/set/inner</pid><name>m.bin</name>`),
      'member',
    );
    expect(await lab.ada.call('asset.get', `<id>path=${LAB}/set/inner/m.bin</id>`)).toContain(
      `<path>${LAB}/set/inner/m.bin</path>`,
    );
    const count = (where: string) =>
      lab.ada
        .call('asset.query', `<where>${where}</where><action>count</action>`)
        .then((reply) => textIn(reply, 'value'));
    expect(await count(`asset in collection ${id}`)).toBe('1');
    expect(await count(`asset in static collection or subcollection of path=${LAB}/set`)).toBe('2');
    expect(await lab.ada.call('asset.get', `<id>${id}</id>`)).toMatch(
      /<asset [^>]*collection="true">.*<static>1<\/static>/,
    );
    expect(await lab.ada.call('asset.collection.list', `<namespace>${LAB}</namespace>`)).toContain('name="set"');
  });
});

describe('namespaces', () => {
  it('are made with parents, listed, described, renamed and destroyed', async () => {
    expect(await lab.ada.call('asset.namespace.create', `<namespace all="true">${LAB}/run8/raw</namespace>`)).toBe(
      EMPTY_SUCCESS,
    );
    expect(textIn(await lab.ada.call('asset.namespace.exists', `<namespace>${LAB}/run8</namespace>`), 'exists')).toBe(
      'true',
    );
    const list = await lab.ada.call('asset.namespace.list', `<namespace>${LAB.slice(1)}</namespace>`);
    expect(list).toMatch(new RegExp(`<namespace path="${LAB}"><namespace id="\\d+" leaf="true" acl="false">many<`));
    const described = await lab.ada.call('asset.namespace.describe', `<namespace>${LAB}/run8</namespace>`);
    expect(described).toMatch(/<namespace id="(\d+)" leaf="false"/);
    expect(described).toContain('<inherit-acls>only-if-no-acls</inherit-acls>');
    const id = /<namespace id="(\d+)"/.exec(described)?.[1] ?? '';
    expect(await lab.ada.call('asset.namespace.describe', `<id>${id}</id>`)).toBe(described);
    expect(
      textIn(await lab.ada.call('asset.namespace.create', `<namespace>${LAB}/run8</namespace>`), 'message'),
    ).toMatch(/already exists/);
    expect(await lab.ada.call('asset.namespace.destroy', `<namespace>${LAB}/run8</namespace>`)).toBe(EMPTY_SUCCESS);
    expect(textIn(await lab.ada.call('asset.namespace.exists', `<namespace>${LAB}/run8</namespace>`), 'exists')).toBe(
      'false',
    );
  });

  it('list their assets in pages and as an action shows them', async () => {
    const list = await lab.ada.call(
      'asset.namespace.list',
      `<namespace>${LAB}/many</namespace><assets>true</assets><action>get-name</action><size>1</size><idx>2</idx>`,
    );
    expect(texts(list, 'name')).toEqual(['two']);
  });

  it('hold no more than their quota', async () => {
    await lab.ada.call(
      'asset.namespace.create',
      `<namespace>${LAB}/small</namespace><quota><allocation>1 KB</allocation></quota>`,
    );
    const put = (name: string, size: number) =>
      lab.ada.upload(
        lab.ada.request('asset.create', `<namespace>${LAB}/small</namespace><name>${name}</name>`),
        Buffer.alloc(size),
      );
    expect(await put('fits', 900)).toContain('<id>');
    expect(textIn(await put('too-much', 200), 'message')).toContain('quota');
    expect(await lab.ada.call('asset.namespace.describe', `<namespace>${LAB}/small</namespace>`)).toContain(
      '<quota><allocation h="1 KB">1000</allocation><on-overflow>fail</on-overflow><used h="900 bytes">900</used></quota>',
    );
  });
});
