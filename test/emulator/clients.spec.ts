// What clients that were not written here rely on: docs/reference/mediaflux-protocol.md, sections 12 and 13, spoken
// without any code of the product or the emulator.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import { freshFolder } from '../support/program.js';
import { DECLARATION, EMPTY_SUCCESS, exchange, RawClient, textIn, texts } from '../support/raw-client.js';

const LAB = '/projects/proj-researcher-1128.4.20';
let emulator: RunningEmulator;
let ada: RawClient;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  ada = new RawClient(emulator.url, { domain: 'demo', user: 'researcher', password: 'researcher' });
  await ada.logon();
});
afterAll(() => emulator.close());

describe('the address', () => {
  it('is taken with and without a final slash, in origin and in absolute form, and answers with a length', async () => {
    const body = '<request><service name="server.ping" session=""></service></request>';
    for (const target of ['/__mflux_svc__', '/__mflux_svc__/', `${emulator.url}/__mflux_svc__/`]) {
      const { head, body: reply } = await exchange(
        emulator.url,
        Buffer.from(
          `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\ncharset: utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        ),
      );
      expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
      expect(head).not.toMatch(/chunked/i);
      expect(reply.toString()).toContain('<message>session is not valid</message>');
    }
  });

  it('says that it is there', async () => {
    expect((await ada.get('/aterm')).status).toBe(200);
    expect((await ada.get('/aterm/')).status).toBe(200);
  });

  it.each(['text/xml', 'text/xml; charset=utf-8', 'application/xml'])('takes a request as %s', async (type) => {
    expect(await ada.post(ada.request('server.ping'), { 'content-type': type })).toBe(EMPTY_SUCCESS);
  });
});

describe('logon', () => {
  it('answers the key with attributes, locale and user', async () => {
    const reply = await ada.post(
      '<request><service name="system.logon"><args><host>h</host><domain>demo</domain><user>researcher</user><password>researcher</password></args></service></request>',
    );
    expect(reply.startsWith(`${DECLARATION}<response><reply type="result"><result>`)).toBe(true);
    expect(reply).toMatch(
      /<session id="\d+" timeout="1800" wallet="true">[A-Za-z0-9]+<\/session><locale>en-US<\/locale><user username="researcher"><name><\/name><\/user>/,
    );
  });

  it.each([
    ['a wrong password', '<domain>demo</domain><user>researcher</user><password>nope</password>'],
    ['a wrong user', '<domain>demo</domain><user>nobody</user><password>researcher</password>'],
    ['a wrong domain', '<domain>none</domain><user>researcher</user><password>researcher</password>'],
    ['a wrong token', '<token>abc</token>'],
    ['nothing', ''],
  ])('refuses %s in one way, at HTTP status 200', async (_, args) => {
    const reply = await ada.post(`<request><service name="system.logon"><args>${args}</args></service></request>`);
    expect(reply).toContain('<reply type="error">');
    expect(reply).not.toContain('<session');
    expect(textIn(reply, 'message')).toMatch(/^call to service 'system\.logon' failed: /);
  });

  it('takes a token as user of the domain token, and a session key again as sid', async () => {
    const made = await ada.call('secure.identity.token.create', '<role type="user">demo:researcher</role>');
    const token = textIn(made, 'token');
    expect(token).toMatch(/^[A-Za-z0-9]{20}$/);
    const asUser = await ada.post(
      `<request><service name="system.logon"><args><domain>token</domain><user>x</user><password>${token}</password></args></service></request>`,
    );
    expect(textIn(asUser, 'session')).not.toBe('');
    const again = await ada.post(
      `<request><service name="system.logon"><args><sid>${ada.session}</sid></args></service></request>`,
    );
    expect(textIn(again, 'session')).toBe(ada.session);
  });
});

describe('a session that is over', () => {
  it.each(['', 'gone'])('is one bare message (key %p), in the wrapper too', async (key) => {
    for (const body of [
      `<request><service name="server.ping" session="${key}"></service></request>`,
      `<request><service name="service.execute" session="${key}"><args><service name="server.ping"></service></args></service></request>`,
    ])
      expect(texts(await ada.post(body), 'message')).toEqual(['session is not valid']);
  });

  it('tells of a token that was destroyed, and does nothing else', async () => {
    const reply = await ada.call('secure.identity.token.create', '<role type="user">demo:researcher</role>');
    const holder = new RawClient(emulator.url, { token: textIn(reply, 'token') });
    await holder.logon();
    expect(await holder.call('asset.namespace.exists', `<namespace>${LAB}</namespace>`)).toContain('>true<');
    await ada.call('secure.identity.token.destroy', `<token>${textIn(reply, 'token')}</token>`);
    expect(await holder.call('actor.self.describe')).toMatch(/<actor type="identity"[^>]* destroyed="true">/);
    expect(textIn(await holder.call('asset.namespace.exists', `<namespace>${LAB}</namespace>`), 'message')).toBe(
      'session is not valid',
    );
  });
});

describe('calls', () => {
  it('answer the same directly and wrapped, the wrapped ones in a reply each', async () => {
    const direct = await ada.call('asset.namespace.exists', `<namespace>${LAB}</namespace>`);
    expect(textIn(direct, 'exists')).toBe('true');
    const wrapped = await ada.call(
      'service.execute',
      `<service name="asset.namespace.exists"><namespace>${LAB}</namespace></service><service name="server.ping"></service>`,
    );
    expect(wrapped).toMatch(
      /<result><uuid>\d+<\/uuid><reply service="asset\.namespace\.exists"><response><exists [^>]*>true<\/exists><\/response><\/reply><reply service="server\.ping"><response><\/response><\/reply><\/result>/,
    );
  });

  it('name what is wrong with an unknown service, a missing argument and a broken request', async () => {
    expect(textIn(await ada.call('no.such.service'), 'message')).toMatch(
      /^call to service 'no\.such\.service' failed: /,
    );
    expect(textIn(await ada.call('asset.namespace.exists'), 'message')).toMatch(/XPath args\/namespace is invalid/);
    expect(await ada.post('<request><service')).toContain('<reply type="error">');
    expect(await ada.post('<!DOCTYPE a [<!ENTITY x "y">]><request>&x;</request>')).toContain('<reply type="error">');
  });

  it('tell an error with version, class, superclasses, message before cause, and masked context', async () => {
    const reply = await ada.call('asset.namespace.describe', '<namespace>/nowhere</namespace>');
    expect(reply).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8" \?>\n<response><reply type="error"><server><version>[\d.]+<\/version><\/server><error>arc\.mf\.server\.Services\$ExServiceError<\/error><sclass>/,
    );
    expect(textIn(reply, 'message')).toMatch(
      /^call to service 'asset\.namespace\.describe' failed: The namespace '\/nowhere' does not exist or is not accessible\nContext:\n {3}\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d{3} \[0(?:\.\d+)? sec\(s\) ago\]: service: demo:researcher \[sid=\d+\]/,
    );
    expect(reply).toMatch(
      /<cause><error>arc\.mf\.modules\.asset\.Namespace\$ExNotFound<\/error><sclass>arc\.exception\.NotFoundException<\/sclass>/,
    );
  });

  it('tell the index of a service that failed inside the wrapper, on one line', async () => {
    const [first = ''] = textIn(await ada.execute('asset.get', '<id>999999999</id>'), 'message').split('\n');
    expect(first).toMatch(
      /^call to service 'service\.execute' failed: error executing service \[idx=0\] asset\.get: call to service 'asset\.get' failed: /,
    );
  });

  it('say which permission is missing, in the recorded words', async () => {
    expect(textIn(await ada.call('authorization.role.create', '<role>x</role>'), 'message')).toMatch(
      /user 'demo:researcher' \(id=\d+\) not granted ADMINISTER to service 'authorization\.role\.create'/,
    );
  });
});

describe('assets', () => {
  it('are made directly and wrapped, with namespaces on the way', async () => {
    const direct = await ada.upload(
      ada.request('asset.create', `<namespace create="true">${LAB}/run7</namespace><name>a.txt</name>`),
      'hello world',
    );
    expect(direct).toMatch(/<result><id>\d+<\/id><\/result>/);
    const wrapped = await ada.execute(
      'asset.create',
      `<namespace create="True">${LAB}/run7</namespace><name>b.txt</name>`,
    );
    expect(wrapped).toMatch(/<reply service="asset\.create"><response><id>\d+<\/id><\/response><\/reply>/);
  });

  it('are shown whole, by id and by path, with or without the leading slash', async () => {
    const reply = await ada.call('asset.get', `<id>path=${LAB}/run7/a.txt</id>`);
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
    expect(await ada.call('asset.get', `<id>${id}</id>`)).toBe(reply);
    expect(await ada.call('asset.get', `<id>path=${LAB.slice(1)}/run7/a.txt</id>`)).toBe(reply);
  });

  it('are shown in part by path and name, and not at all when they need not exist', async () => {
    expect(
      await ada.call(
        'asset.get',
        `<id>path=${LAB}/run7/a.txt</id><xpath ename="s">content/size</xpath><xpath>name</xpath>`,
      ),
    ).toMatch(/<result><asset id="\d+" version="1"><s>11<\/s><value>a\.txt<\/value><\/asset><\/result>/);
    expect(await ada.call('asset.get', `<id only-if-exists="true">path=${LAB}/none</id>`)).toBe(EMPTY_SUCCESS);
    expect(await ada.call('asset.exists', `<id>path=${LAB}/none</id><id>path=${LAB}/run7/a.txt</id>`)).toContain(
      `<exists id="path=${LAB}/none">false</exists><exists id="path=${LAB}/run7/a.txt">true</exists>`,
    );
  });

  it('take new content as a version, and the old one stays to be read', async () => {
    const reply = await ada.upload(ada.request('asset.set', `<id>path=${LAB}/run7/a.txt</id>`), 'hello again, world');
    expect(reply).toMatch(/<version id="\d+" stime="\d+" changed-or-created="true">2<\/version>/);
    const id = /<version id="(\d+)"/.exec(reply)?.[1] ?? '';
    const content = (more = '') => ada.get(`/mflux/content.mfjp?_skey=${ada.session}&id=${id}${more}`);
    expect(await (await content()).text()).toBe('hello again, world');
    expect(await (await content('&version=1')).text()).toBe('hello world');
    expect(await ada.call('asset.get', `<id>${id}</id>`)).toContain('<versioned count="2">true</versioned>');
    expect(await ada.call('asset.get', `<id>${id}</id><version>1</version><xpath>content/size</xpath>`)).toContain(
      '<value>11</value>',
    );
  });

  it('of several services in one call take the contents in order', async () => {
    const reply = await ada.upload(
      ada.request(
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
      texts(reply, 'id').map(async (id) => textIn(await ada.call('asset.get', `<id>${id}</id>`), 'size')),
    );
    expect(sizes).toEqual(['5', '7']);
  });

  it('keep an empty content, a name with everything in it, and metadata with prefixes', async () => {
    const name = 'größe &amp; &lt;&gt; &#34;x&#34; 日本 (1).txt';
    await ada.upload(ada.request('asset.create', `<namespace>${LAB}/run7</namespace><name>${name}</name>`), '');
    const reply = await ada.call('asset.get', `<id>path=${LAB}/run7/${name}</id>`);
    expect(textIn(reply, 'size')).toBe('0');
    expect(textIn(reply, 'name')).toBe(name);
    const manager = new RawClient(emulator.url, { domain: 'system', user: 'manager', password: 'manager' });
    await manager.logon();
    await manager.call('asset.doc.namespace.create', '<namespace>lab</namespace>');
    await manager.call(
      'asset.doc.type.update',
      '<create>true</create><type>lab:sample</type><definition><element name="organ" type="string" min-occurs="0"/></definition>',
    );
    const set = (document: string) => ada.call('asset.set', `<id>path=${LAB}/run7/b.txt</id><meta>${document}</meta>`);
    await set('<lab:sample xmlns:lab="http://lab.example.org"><organ>heart</organ></lab:sample>');
    expect(await ada.call('asset.get', `<id>path=${LAB}/run7/b.txt</id>`)).toMatch(
      /<lab:sample xmlns:lab="lab" id="\d+"><organ>heart<\/organ><\/lab:sample>/,
    );
    expect(textIn(await set('<lab:sample><none>1</none></lab:sample>'), 'message')).toContain(
      "The document type 'lab:sample' does not contain an element 'none'",
    );
    expect(textIn(await set('<lab:other/>'), 'message')).toContain("The document type 'lab:other' is not known");
  });

  it('cannot share a name', async () => {
    const reply = await ada.call('asset.create', `<namespace>${LAB}/run7</namespace><name>b.txt</name>`);
    expect(textIn(reply, 'message')).toMatch(/The namespace \d+ already contains an asset named 'b\.txt'/);
    expect(reply).toContain('<cause><error>arc.mf.modules.asset.Asset$ExNameExists</error>');
  });

  it('go, and answer an empty success byte for byte', async () => {
    await ada.call('asset.create', `<namespace>${LAB}/run7</namespace><name>gone</name>`);
    expect(await ada.call('asset.destroy', `<id>path=${LAB}/run7/gone</id>`)).toBe(EMPTY_SUCCESS);
  });

  it('are moved, labelled and asked where they lie', async () => {
    await ada.call('asset.create', `<namespace>${LAB}/run7</namespace><name>label me</name>`);
    const id = `<id>path=${LAB}/run7/label me</id>`;
    await ada.call('asset.label.add', `${id}<label>PUBLISHED</label>`);
    expect(await ada.call('asset.label.exists', `${id}<label>PUBLISHED</label>`)).toContain('<exists>true</exists>');
    expect(
      await ada.call(
        'asset.query',
        `<namespace>'${LAB}'</namespace><where>label='PUBLISHED'</where><action>count</action>`,
      ),
    ).toContain('<value>1</value>');
    expect(textIn(await ada.call('asset.content.status', `<id>path=${LAB}/run7/a.txt</id>`), 'state')).toBe('online');
    await ada.call('asset.move', `${id}<namespace>${LAB}</namespace><name>moved</name>`);
    expect(await ada.call('asset.exists', `<id>path=${LAB}/moved</id>`)).toContain('>true<');
  });
});

describe('collections', () => {
  it('have members by pid, found by query and by path', async () => {
    const id = textIn(
      await ada.call(
        'asset.create',
        `<namespace>${LAB}</namespace><name>set</name><collection unique-name-index="true">true</collection>`,
      ),
      'id',
    );
    await ada.call('asset.create', `<pid>${id}</pid><name>inner</name><collection>true</collection>`);
    await ada.upload(ada.request('asset.create', `<pid>path=${LAB}/set/inner</pid><name>m.bin</name>`), 'member');
    expect(await ada.call('asset.get', `<id>path=${LAB}/set/inner/m.bin</id>`)).toContain(
      `<path>${LAB}/set/inner/m.bin</path>`,
    );
    const count = (where: string) =>
      ada.call('asset.query', `<where>${where}</where><action>count</action>`).then((reply) => textIn(reply, 'value'));
    expect(await count(`asset in collection ${id}`)).toBe('1');
    expect(await count(`asset in static collection or subcollection of path=${LAB}/set`)).toBe('2');
    expect(await ada.call('asset.get', `<id>${id}</id>`)).toMatch(
      /<asset [^>]*collection="true">.*<static>1<\/static>/,
    );
    expect(await ada.call('asset.collection.list', `<namespace>${LAB}</namespace>`)).toContain('name="set"');
  });
});

describe('namespaces', () => {
  it('are made with parents, listed, described, renamed and destroyed', async () => {
    expect(await ada.call('asset.namespace.create', `<namespace all="true">${LAB}/run8/raw</namespace>`)).toBe(
      EMPTY_SUCCESS,
    );
    expect(textIn(await ada.call('asset.namespace.exists', `<namespace>${LAB}/run8</namespace>`), 'exists')).toBe(
      'true',
    );
    const list = await ada.call('asset.namespace.list', `<namespace>${LAB.slice(1)}</namespace>`);
    expect(list).toMatch(new RegExp(`<namespace path="${LAB}"><namespace id="\\d+" leaf="true" acl="false">many<`));
    const described = await ada.call('asset.namespace.describe', `<namespace>${LAB}/run8</namespace>`);
    expect(described).toMatch(/<namespace id="(\d+)" leaf="false"/);
    expect(described).toContain('<inherit-acls>only-if-no-acls</inherit-acls>');
    const id = /<namespace id="(\d+)"/.exec(described)?.[1] ?? '';
    expect(await ada.call('asset.namespace.describe', `<id>${id}</id>`)).toBe(described);
    expect(textIn(await ada.call('asset.namespace.create', `<namespace>${LAB}/run8</namespace>`), 'message')).toMatch(
      /already exists/,
    );
    expect(await ada.call('asset.namespace.destroy', `<namespace>${LAB}/run8</namespace>`)).toBe(EMPTY_SUCCESS);
    expect(textIn(await ada.call('asset.namespace.exists', `<namespace>${LAB}/run8</namespace>`), 'exists')).toBe(
      'false',
    );
  });

  it('list their assets in pages and as an action shows them', async () => {
    const list = await ada.call(
      'asset.namespace.list',
      `<namespace>${LAB}/many</namespace><assets>true</assets><action>get-name</action><size>1</size><idx>2</idx>`,
    );
    expect(texts(list, 'name')).toEqual(['two']);
  });

  it('hold no more than their quota', async () => {
    await ada.call(
      'asset.namespace.create',
      `<namespace>${LAB}/small</namespace><quota><allocation>1 KB</allocation></quota>`,
    );
    const put = (name: string, size: number) =>
      ada.upload(
        ada.request('asset.create', `<namespace>${LAB}/small</namespace><name>${name}</name>`),
        Buffer.alloc(size),
      );
    expect(await put('fits', 900)).toContain('<id>');
    expect(textIn(await put('too-much', 200), 'message')).toContain('quota');
    expect(await ada.call('asset.namespace.describe', `<namespace>${LAB}/small</namespace>`)).toContain(
      '<quota><allocation h="1 KB">1000</allocation><on-overflow>fail</on-overflow><used h="900 bytes">900</used></quota>',
    );
  });
});

describe('tokens', () => {
  it('hold what they were given, for users, roles and domains that their maker has', async () => {
    const made = await ada.call(
      'secure.identity.token.create',
      '<to>now+14day</to><role type="user">demo:researcher</role><role type="domain">demo</role><min-token-length>16</min-token-length><max-token-length>16</max-token-length><tag>t</tag>',
    );
    expect(made).toMatch(/<token id="\d+" actor-type="identity" actor-name="\d+">[A-Za-z0-9]{16}<\/token>/);
    const listed = await ada.call('secure.identity.token.describe');
    expect(listed).toMatch(/<identity id="\d+"><actor type="identity">\d+<\/actor>/);
    expect(
      textIn(await ada.call('secure.identity.token.create', '<role type="user">demo:operator</role>'), 'message'),
    ).toContain("does not hold the user 'demo:operator'");
  });

  it('can carry one call, or a wrapped one, without a session, for so many uses', async () => {
    const made = await ada.call(
      'secure.identity.token.create',
      '<role type="user">demo:researcher</role><use-count>2</use-count>',
    );
    const token = textIn(made, 'token');
    const exists = `<namespace>${LAB}</namespace>`;
    expect(
      await ada.post(
        `<request><service name="asset.namespace.exists" token="${token}"><args>${exists}</args></service></request>`,
      ),
    ).toContain('>true<');
    expect(await ada.execute('asset.namespace.exists', exists, `<token>${token}</token>`)).toContain('>true<');
    expect(await ada.execute('asset.namespace.exists', exists, `<token>${token}</token>`)).toContain('type="error"');
  });

  it('die of a call when that was asked for', async () => {
    const made = await ada.call(
      'secure.identity.token.create',
      '<role type="user">demo:researcher</role><destroy-on-service-call>system.logoff</destroy-on-service-call>',
    );
    const holder = new RawClient(emulator.url, { token: textIn(made, 'token') });
    await holder.logon();
    await holder.call('system.logoff');
    await expect(holder.logon()).rejects.toThrow('type="error"');
  });

  it('cannot be given a permission that their maker lacks', async () => {
    const reply = await ada.call(
      'secure.identity.token.create',
      '<perm><resource type="service">authorization.role.create</resource><access>ADMINISTER</access></perm>',
    );
    expect(textIn(reply, 'message')).toMatch(/not granted ADMINISTER to service 'authorization\.role\.create'/);
  });
});
