// The sample pairs of docs/reference/mediaflux-protocol.md, section 12, spoken to a running emulator: every byte of a
// reply is compared, with keys and numbers of its own in place of the sample's.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import { freshFolder } from '../support/folders.js';
import { DECLARATION, exchange, RawClient, textIn } from '../support/raw-client.js';
import { until } from '../support/wait.js';

let now = Date.UTC(2026, 0, 1);
let emulator: RunningEmulator;
let ada: RawClient;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder(), controlPort: 0, now: () => now });
  await fetch(`${emulator.controlUrl ?? ''}/users`, {
    method: 'POST',
    body: JSON.stringify({ domain: 'local', user: 'ada', password: 'pw-1', roles: ['system-administrator'] }),
  });
  ada = new RawClient(emulator.url, { domain: 'local', user: 'ada', password: 'pw-1' });
  await ada.logon();
});
afterAll(() => emulator.close());

/** `§` stands for a number, `KEY` for letters and digits, `…` for what a sample leaves out. */
function form(sample: string): RegExp {
  const escaped = sample.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/§/g, '\\d+').replace(/KEY/g, '[A-Za-z0-9]+').replace(/…/g, '[^]*?')}$`);
}
const result = (inner: string): RegExp =>
  form(`${DECLARATION}<response><reply type="result"><result>${inner}</result></reply></response>`);
const send = (service: string, args: string): Promise<string> =>
  ada.post(`<request><service name="${service}" session="${ada.session}"><args>${args}</args></service></request>`);

describe('the sample of', () => {
  it('a logon', async () => {
    expect(
      await ada.post(
        '<request><service name="system.logon"><args><domain>local</domain><user>ada</user><password>pw-1</password></args></service></request>',
      ),
    ).toMatch(
      result(
        '<session id="§" timeout="1800" wallet="true">KEY</session><locale>en-US</locale><user username="ada"><name></name></user>',
      ),
    );
  });

  it('a refused logon, which has no context', async () => {
    expect(
      await ada.post(
        '<request><service name="system.logon"><args><domain>local</domain><user>ada</user><password>nope</password></args></service></request>',
      ),
    ).toBe(
      `${DECLARATION}<response><reply type="error"><server><version>4.16.082</version></server><error>arc.mf.server.Services$ExServiceError</error><sclass>java.lang.Throwable</sclass><message>call to service 'system.logon' failed: Authentication failure</message><stack></stack></reply></response>`,
    );
  });

  it('a session that is not valid', async () => {
    expect(await ada.post('<request><service name="server.ping" session="gone"></service></request>')).toMatch(
      form(
        `${DECLARATION}<response><reply type="error"><server><version>4.16.082</version></server><error>…</error><sclass>java.lang.Throwable</sclass><message>session is not valid</message><stack></stack></reply></response>`,
      ),
    );
  });

  it('an asset that is made, directly and as pshell sends it', async () => {
    expect(await send('asset.create', '<namespace create="true">/lab/run7</namespace><name>a.txt</name>')).toMatch(
      result('<id>§</id>'),
    );
    expect(
      await send(
        'service.execute',
        '<service name="asset.create"><namespace create="true">/lab/run7</namespace><name>b.txt</name></service>',
      ),
    ).toMatch(result('<uuid>§</uuid><reply service="asset.create"><response><id>§</id></response></reply>'));
  });

  it('a form with a content', async () => {
    await send('asset.destroy', '<id>path=/lab/run7/a.txt</id><id>path=/lab/run7/b.txt</id>');
    const put = (name: string, content: string) => {
      const document = ada.request(
        'asset.create',
        `<namespace>/lab/run7</namespace><name>${name}</name><type>text/plain</type>`,
      );
      return ada.post(
        [
          '--B0und',
          'Content-Disposition: form-data; name="request"',
          '',
          document,
          '--B0und',
          'Content-Disposition: form-data; name="nb-data-attachments"',
          '',
          '1',
          '--B0und',
          `Content-Disposition: form-data; name="filename"; filename="${name}"`,
          'Content-Type: application/octet-stream',
          '',
          content,
          '--B0und--',
          '',
        ].join('\r\n'),
        { 'content-type': 'multipart/form-data; boundary=B0und' },
      );
    };
    expect(await put('a.txt', 'hello world')).toMatch(result('<id>§</id>'));
    expect(await put('b.txt', '')).toMatch(result('<id>§</id>'));
  });

  it('values through an iterator', async () => {
    const made = await send(
      'asset.query',
      '<where>namespace&gt;=\'/lab\'</where><action>get-values</action><xpath ename="name">name</xpath><xpath ename="size">content/size</xpath><as>iterator</as>',
    );
    expect(made).toMatch(result('<iterator>§</iterator>'));
    expect(await send('asset.query.iterate', `<id>${textIn(made, 'iterator')}</id><size>2</size>`)).toMatch(
      result(
        '<asset id="§" version="1"><name>a.txt</name><size>11</size></asset><asset id="§" version="1"><name>b.txt</name><size>0</size></asset><iterated complete="true">2</iterated>',
      ),
    );
  });

  it('an asset that is read, whose parts stand in the order of the sample', async () => {
    const midnight = 'tz="Etc/UTC" gmt-offset="0.0" dst="false" millisec="1767225600000">01-Jan-2026 00:00:00';
    expect(await send('asset.get', '<id>path=/lab/run7/a.txt</id>')).toMatch(
      result(
        [
          '<asset id="§" version="1" vid="§"><type>text/plain</type><namespace id="§">/lab/run7</namespace><path>/lab/run7/a.txt</path><name ext="txt">a.txt</name>',
          '<creator id="§"><domain>local</domain><user>ada</user></creator>',
          `<ctime ${midnight}</ctime>`,
          `<mtime ${midnight}</mtime><stime>§</stime>`,
          '<content id="§" stime="§" versions="1" total-size="11">',
          '<type ext="txt">text/plain</type><size h="11 bytes">11</size><csum base="16">D4A1185</csum><csum base="10">222957957</csum>',
          '</content></asset>',
        ].join('…'),
      ),
    );
  });

  it('a namespace that is made and asked for', async () => {
    expect(await send('asset.namespace.create', '<namespace all="true">/lab/run8/raw</namespace>')).toMatch(result(''));
    expect(await send('asset.namespace.exists', '<namespace>/lab/run8</namespace>')).toMatch(
      result('<exists…>true</exists>'),
    );
  });

  it('an identity token', async () => {
    expect(
      await send(
        'secure.identity.token.create',
        '<role type="user">local:ada</role><to>01-Feb-2026 00:00:00</to><min-token-length>20</min-token-length><max-token-length>20</max-token-length>',
      ),
    ).toMatch(result('<token id="§" actor-type="identity" actor-name="§">KEY</token>'));
  });

  it('an error with stack and cause, line by line, and the line of the connection beneath', async () => {
    now = Date.UTC(2026, 0, 2, 9);
    await ada.logon();
    const document = `<request><service name="asset.namespace.describe" session="${ada.session}"><args><namespace>/nowhere</namespace></args></service></request>`;
    const { body } = await exchange(
      emulator.url,
      Buffer.from(
        `POST /__mflux_svc__ HTTP/1.1\r\nHost: localhost:8888\r\nContent-Type: text/xml\r\nContent-Length: ${document.length}\r\n\r\n${document}`,
      ),
    );
    const failure =
      "call to service 'asset.namespace.describe' failed: The namespace '/nowhere' does not exist or is not accessible";
    const lines = [
      '<?xml version="1.0" encoding="UTF-8" ?>',
      `<response><reply type="error"><server><version>4.16.082</version></server><error>arc.mf.server.Services$ExServiceError</error><sclass>java.lang.Throwable</sclass><message>${failure}`,
      'Context:',
      '   02-Jan-2026 09:00:00.000 [0 sec(s) ago]: service: local:ada [sid=§]: asset.namespace.describe :namespace  &#34;/nowhere&#34;',
      '  called by: 02-Jan-2026 09:00:00.000 [0 sec(s) ago]: http: from: /127.0.0.1, request: /__mflux_svc__ vars:  select headers: [Host=localhost:8888]',
      '  called by: 02-Jan-2026 09:00:00.000 [0 sec(s) ago]: network: ctime=02-Jan-2026 09:00:00.000, origin=/127.0.0.1, received=§ [§ bytes], sent=0 [0 bytes]</message><stack>arc.mf.server.Services$ExServiceError: ' +
        failure,
      "\tat emulator</stack><cause><error>arc.mf.modules.asset.Namespace$ExNotFound</error><sclass>arc.exception.NotFoundException</sclass><sclass>java.lang.Throwable</sclass><message>The namespace '/nowhere' does not exist or is not accessible</message><stack></stack></cause></reply></response>",
    ];
    const sent = body.toString().split('\n');
    expect(sent).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) expect(sent[index]).toMatch(form(line));
  });

  it('a background task and its result', async () => {
    const made = await send(
      'service.execute',
      '<background>true</background><service name="asset.query"><namespace>/lab</namespace><count>true</count><action>sum</action><xpath>content/size</xpath></service>',
    );
    expect(made).toMatch(result('<id>§</id>'));
    const id = `<id>${textIn(made, 'id')}</id>`;
    const described = await until('the task is completed', async () => {
      const reply = await send('service.background.describe', id);
      return textIn(reply, 'state') === 'completed' ? reply : undefined;
    });
    expect(described).toMatch(
      result(
        '<task id="§"><service name="asset.query"></service>…<state>completed</state>…<exec-time unit="second">…</exec-time>…</task>',
      ),
    );
    expect(await send('service.background.results.get', id)).toMatch(
      result('<reply service="asset.query"><response><value nbe="2">11</value></response></reply>'),
    );
  });
});
