// What clients that were not written here rely on: docs/reference/mediaflux-protocol.md, sections 12 and 13, spoken
// without any code of the product or the emulator.

import { describe, expect, it } from '@jest/globals';
import { DECLARATION, EMPTY_SUCCESS, exchange, RawClient, textIn, texts } from '../support/raw-client.js';
import { LAB, labOf } from './lab.js';

const lab = labOf();

describe('the address', () => {
  it('is taken with and without a final slash, in origin and in absolute form, and answers with a length', async () => {
    const body = '<request><service name="server.ping" session=""></service></request>';
    for (const target of ['/__mflux_svc__', '/__mflux_svc__/', `${lab.emulator.url}/__mflux_svc__/`]) {
      const { head, body: reply } = await exchange(
        lab.emulator.url,
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
    expect((await lab.ada.get('/aterm')).status).toBe(200);
    expect((await lab.ada.get('/aterm/')).status).toBe(200);
  });

  it.each(['text/xml', 'text/xml; charset=utf-8', 'application/xml'])('takes a request as %s', async (type) => {
    expect(await lab.ada.post(lab.ada.request('server.ping'), { 'content-type': type })).toBe(EMPTY_SUCCESS);
  });
});

describe('logon', () => {
  it('answers the key with attributes, locale and user', async () => {
    const reply = await lab.ada.post(
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
    const reply = await lab.ada.post(`<request><service name="system.logon"><args>${args}</args></service></request>`);
    expect(reply).toContain('<reply type="error">');
    expect(reply).not.toContain('<session');
    expect(textIn(reply, 'message')).toMatch(/^call to service 'system\.logon' failed: /);
  });

  it('takes a token as user of the domain token, and a session key again as sid', async () => {
    const made = await lab.ada.call('secure.identity.token.create', '<role type="user">demo:researcher</role>');
    const token = textIn(made, 'token');
    expect(token).toMatch(/^[A-Za-z0-9]{20}$/);
    const asUser = await lab.ada.post(
      `<request><service name="system.logon"><args><domain>token</domain><user>x</user><password>${token}</password></args></service></request>`,
    );
    expect(textIn(asUser, 'session')).not.toBe('');
    const again = await lab.ada.post(
      `<request><service name="system.logon"><args><sid>${lab.ada.session}</sid></args></service></request>`,
    );
    expect(textIn(again, 'session')).toBe(lab.ada.session);
  });
});

describe('a session that is over', () => {
  it.each(['', 'gone'])('is one bare message (key %p), in the wrapper too', async (key) => {
    for (const body of [
      `<request><service name="server.ping" session="${key}"></service></request>`,
      `<request><service name="service.execute" session="${key}"><args><service name="server.ping"></service></args></service></request>`,
    ])
      expect(texts(await lab.ada.post(body), 'message')).toEqual(['session is not valid']);
  });

  it('tells of a token that was destroyed, and does nothing else', async () => {
    const reply = await lab.ada.call('secure.identity.token.create', '<role type="user">demo:researcher</role>');
    const holder = new RawClient(lab.emulator.url, { token: textIn(reply, 'token') });
    await holder.logon();
    expect(await holder.call('asset.namespace.exists', `<namespace>${LAB}</namespace>`)).toContain('>true<');
    await lab.ada.call('secure.identity.token.destroy', `<token>${textIn(reply, 'token')}</token>`);
    expect(await holder.call('actor.self.describe')).toMatch(/<actor type="identity"[^>]* destroyed="true">/);
    expect(textIn(await holder.call('asset.namespace.exists', `<namespace>${LAB}</namespace>`), 'message')).toBe(
      'session is not valid',
    );
  });
});

describe('calls', () => {
  it('answer the same directly and wrapped, the wrapped ones in a reply each', async () => {
    const direct = await lab.ada.call('asset.namespace.exists', `<namespace>${LAB}</namespace>`);
    expect(textIn(direct, 'exists')).toBe('true');
    const wrapped = await lab.ada.call(
      'service.execute',
      `<service name="asset.namespace.exists"><namespace>${LAB}</namespace></service><service name="server.ping"></service>`,
    );
    expect(wrapped).toMatch(
      /<result><uuid>\d+<\/uuid><reply service="asset\.namespace\.exists"><response><exists [^>]*>true<\/exists><\/response><\/reply><reply service="server\.ping"><response><\/response><\/reply><\/result>/,
    );
  });

  it('name what is wrong with an unknown service, a missing argument and a broken request', async () => {
    expect(textIn(await lab.ada.call('no.such.service'), 'message')).toMatch(
      /^call to service 'no\.such\.service' failed: /,
    );
    expect(textIn(await lab.ada.call('asset.namespace.exists'), 'message')).toMatch(/XPath args\/namespace is invalid/);
    expect(await lab.ada.post('<request><service')).toContain('<reply type="error">');
    expect(await lab.ada.post('<!DOCTYPE a [<!ENTITY x "y">]><request>&x;</request>')).toContain(
      '<reply type="error">',
    );
  });

  it('tell an error with version, class, superclasses, message before cause, and masked context', async () => {
    const reply = await lab.ada.call('asset.namespace.describe', '<namespace>/nowhere</namespace>');
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
    const [first = ''] = textIn(await lab.ada.execute('asset.get', '<id>999999999</id>'), 'message').split('\n');
    expect(first).toMatch(
      /^call to service 'service\.execute' failed: error executing service \[idx=0\] asset\.get: call to service 'asset\.get' failed: /,
    );
  });

  it('say which permission is missing, in the recorded words', async () => {
    expect(textIn(await lab.ada.call('authorization.role.create', '<role>x</role>'), 'message')).toMatch(
      /user 'demo:researcher' \(id=\d+\) not granted ADMINISTER to service 'authorization\.role\.create'/,
    );
  });
});

describe('tokens', () => {
  it('hold what they were given, for users, roles and domains that their maker has', async () => {
    const made = await lab.ada.call(
      'secure.identity.token.create',
      '<to>now+14day</to><role type="user">demo:researcher</role><role type="domain">demo</role><min-token-length>16</min-token-length><max-token-length>16</max-token-length><tag>t</tag>',
    );
    expect(made).toMatch(/<token id="\d+" actor-type="identity" actor-name="\d+">[A-Za-z0-9]{16}<\/token>/);
    const listed = await lab.ada.call('secure.identity.token.describe');
    expect(listed).toMatch(/<identity id="\d+"><actor type="identity">\d+<\/actor>/);
    expect(
      textIn(await lab.ada.call('secure.identity.token.create', '<role type="user">demo:operator</role>'), 'message'),
    ).toContain("does not hold the user 'demo:operator'");
  });

  it('can carry one call, or a wrapped one, without a session, for so many uses', async () => {
    const made = await lab.ada.call(
      'secure.identity.token.create',
      '<role type="user">demo:researcher</role><use-count>2</use-count>',
    );
    const token = textIn(made, 'token');
    const exists = `<namespace>${LAB}</namespace>`;
    expect(
      await lab.ada.post(
        `<request><service name="asset.namespace.exists" token="${token}"><args>${exists}</args></service></request>`,
      ),
    ).toContain('>true<');
    expect(await lab.ada.execute('asset.namespace.exists', exists, `<token>${token}</token>`)).toContain('>true<');
    expect(await lab.ada.execute('asset.namespace.exists', exists, `<token>${token}</token>`)).toContain(
      'type="error"',
    );
  });

  it('die of a call when that was asked for', async () => {
    const made = await lab.ada.call(
      'secure.identity.token.create',
      '<role type="user">demo:researcher</role><destroy-on-service-call>system.logoff</destroy-on-service-call>',
    );
    const holder = new RawClient(lab.emulator.url, { token: textIn(made, 'token') });
    await holder.logon();
    await holder.call('system.logoff');
    await expect(holder.logon()).rejects.toThrow('type="error"');
  });

  it('cannot be given a permission that their maker lacks', async () => {
    const reply = await lab.ada.call(
      'secure.identity.token.create',
      '<perm><resource type="service">authorization.role.create</resource><access>ADMINISTER</access></perm>',
    );
    expect(textIn(reply, 'message')).toMatch(/not granted ADMINISTER to service 'authorization\.role\.create'/);
  });
});
