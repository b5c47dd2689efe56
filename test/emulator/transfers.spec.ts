// Contents, queries, packets, pieces, background calls and archives as foreign clients use them (reference 1.6, 4, 5, 6
// and 9), and the control port's faults.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/program.js';
import { EMPTY_SUCCESS, exchange, RawClient, textIn, texts } from '../support/raw-client.js';
import { until } from '../support/wait.js';
import { contentsOfZip, foldersOfZip } from '../support/zip.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const RESEARCHER = { domain: 'demo', user: 'researcher', password: 'researcher' };
const dataDir = freshFolder();
let emulator: RunningEmulator;
let ada: RawClient;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir, controlPort: 0 });
  ada = new RawClient(emulator.url, RESEARCHER);
  await ada.logon();
});
afterAll(() => emulator.close());

const put = async (path: string, content: string | Buffer): Promise<string> => {
  const [, namespace = '', name = ''] = /^(.*)\/([^/]*)$/.exec(path) ?? [];
  return textIn(
    await ada.upload(
      ada.request('asset.create', `<namespace create="true">${LAB}/${namespace}</namespace><name>${name}</name>`),
      content,
    ),
    'id',
  );
};

describe('a query', () => {
  const where = `<where>namespace&gt;='${LAB}/q'</where>`;

  beforeAll(async () => {
    for (let index = 1; index <= 21; index += 1)
      await put(`q/${index % 2 === 0 ? 'even' : 'odd'}/f${String(index).padStart(2, '0')}.txt`, 'x'.repeat(index));
  });

  const query = (args: string) => ada.call('asset.query', `${where}${args}`);

  it('is read in pages by a cursor', async () => {
    const page = async (idx: number) =>
      query(`<action>get-name</action><size>10</size><idx>${idx}</idx><count>true</count>`);
    const cursors = [await page(1), await page(11), await page(21)].map(
      (reply) => /<cursor>(.*)<\/cursor>/.exec(reply)?.[1] ?? '',
    );
    expect(cursors).toEqual([
      '<count>10</count><from>1</from><to>10</to><next>11</next><total complete="true">21</total><remaining>11</remaining>',
      '<count>10</count><from>11</from><to>20</to><prev>1</prev><next>21</next><total complete="true">21</total><remaining>1</remaining>',
      '<count>1</count><from>21</from><to>21</to><prev>11</prev><next>22</next><total complete="true">21</total><remaining>0</remaining>',
    ]);
  });

  it('answers each action in its own form', async () => {
    expect(await query('<size>1</size>')).toMatch(/<result><id version="1">\d+<\/id><cursor>/);
    expect(await query('<action>get-name</action><size>1</size>')).toMatch(
      /<name id="\d+" version="1">f01\.txt<\/name>/,
    );
    expect(await query('<action>get-path</action><size>1</size>')).toMatch(
      /<path id="\d+" version="1">\/projects\/[^<]*\/q\/odd\/f01\.txt<\/path>/,
    );
    expect(
      await query(
        '<action>get-value</action><xpath ename="n">name</xpath><xpath>content/@total-size</xpath><size>1</size>',
      ),
    ).toMatch(/<asset id="\d+" version="1"><n>f01\.txt<\/n><value>1<\/value><\/asset>/);
    expect(await query('<action>get-meta</action><size>1</size>')).toMatch(
      /<asset id="\d+" version="1" vid="\d+"><type>/,
    );
    expect(await query('<action>count</action>')).toContain('<value>21</value>');
    expect(await query('<action>sum</action><xpath>content/size</xpath>')).toContain('<value nbe="21">231</value>');
    expect(await query('<action>range</action><xpath>content/size</xpath>')).toContain(
      '<value nbe="21"><min>1</min><max>21</max></value>',
    );
    expect(await query("<where>name='none'</where><action>sum</action><xpath>content/size</xpath>")).toContain(
      '<value nbe="0"></value>',
    );
  });

  it('is read through an iterator, which ends by itself', async () => {
    const id = textIn(await query('<action>get-name</action><as>iterator</as>'), 'iterator');
    const next = (more = '') => ada.call('asset.query.iterate', `<id>${id}</id>${more}`);
    expect(await next('<size>20</size>')).toContain('<iterated complete="false">20</iterated>');
    expect(await next()).toMatch(/<name [^>]*>f21\.txt<\/name><iterated complete="true">1<\/iterated>/);
    expect(textIn(await next(), 'message')).toMatch(
      new RegExp(
        `^call to service 'asset\\.query\\.iterate' failed: The session does not have an iterator \\(id\\): ${id}`,
      ),
    );
    expect(await ada.call('asset.query.iterator.destroy', `<id>${id}</id><ignore-missing>true</ignore-missing>`)).toBe(
      EMPTY_SUCCESS,
    );
  });

  it('sorts, and pipes what it finds into a service', async () => {
    expect(
      texts(
        await query('<action>get-name</action><sort><key order="desc">content/size</key></sort><size>2</size>'),
        'name',
      ),
    ).toEqual(['f21.txt', 'f20.txt']);
    expect(
      await query(
        '<where>name=\'f0*\'</where><action>pipe</action><service name="asset.label.add"><label>L</label></service><count>true</count>',
      ),
    ).toContain('<count>9</count>');
  });

  it.each([
    [`namespace='${LAB}/q/odd'`, 11],
    [`namespace>'${LAB}/q'`, 21],
    [`namespace!='${LAB}/q/odd'`, 10],
    ["name='f1*.txt'", 10],
    ["name='f0?.txt'", 9],
    ["name starts with 'f2'", 2],
    ["name='f01.txt' or name='f02.txt'", 2],
    ["name='f01.txt' AND csize=1", 1],
    ["not (name='f01.txt')", 20],
    ['csize>20', 1],
    ['csize<=2', 2],
    ['asset has content', 21],
    ['asset hasno content', 0],
    ['content is online', 21],
    ["created by 'demo:researcher'", 21],
    ['created by me', 21],
    ['modified by me', 21],
    ["ctime>='01-Jan-2020'", 21],
    ["ctime in range '01-JAN-2020' to '02-Jan-2020 10:00:00'", 0],
    ['version count > 1', 0],
    ["label='L'", 9],
    ["xpath(content/size)='3'", 1],
    ["xpath(name) contains literal('21')", 1],
    ["xpath(name) =ignore-case('F03.TXT')", 1],
    ['xpath(content/size) has value', 21],
    ["text contains('f07')", 1],
    ["function(starts-with(lowercase(xvalue('name')),'f1'))", 10],
    ['stime>0', 21],
    ['asset is collection', 0],
  ])('understands %s', async (condition, expected) => {
    const escaped = condition.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    expect(textIn(await query(`<where>${escaped}</where><action>count</action>`), 'value')).toBe(String(expected));
  });

  it('names a syntax error with its context, on the line of the call', async () => {
    expect(textIn(await ada.call('asset.query', "<where>name ~ 'x'</where>"), 'message')).toMatch(
      /failed: Syntax error[^]*Context/,
    );
  });
});

describe('the packet form', () => {
  const packet = (type: string, content: Buffer, remaining: number): Buffer => {
    const head = Buffer.alloc(16);
    head.writeUInt8(1, 0);
    head.writeBigInt64BE(BigInt(content.length), 2);
    head.writeInt32BE(remaining, 10);
    head.writeInt16BE(type.length, 14);
    return Buffer.concat([head, Buffer.from(type), content]);
  };
  const packetsOf = (body: Buffer): { type: string; content: Buffer }[] => {
    const found = [];
    for (let at = 0, remaining = 1; remaining > 0;) {
      const length = Number(body.readBigInt64BE(at + 2));
      remaining = body.readInt32BE(at + 10);
      const typeEnd = at + 16 + body.readInt16BE(at + 14);
      found.push({
        type: body.subarray(at + 16, typeEnd).toString(),
        content: body.subarray(typeEnd, typeEnd + length),
      });
      at = typeEnd + length;
    }
    return found;
  };
  const send = async (document: string, ...inputs: Buffer[]) => {
    const body = Buffer.concat([
      packet('text/xml', Buffer.from(`<?xml version="1.0"?>${document}`), inputs.length),
      ...inputs.map((input, index) => packet('application/octet-stream', input, inputs.length - 1 - index)),
    ]);
    const request = Buffer.concat([
      Buffer.from(
        `POST ${emulator.url}/__mflux_svc__/ HTTP/1.1\r\nHost: x\r\nUser-Agent: Mediaflux/3.0\r\nConnection: keep-alive\r\nKeep-Alive: 300\r\nContent-Type: application/mflux\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]);
    return packetsOf((await exchange(emulator.url, request)).body);
  };
  const call = (service: string, args: string, more = '') =>
    `<request><service name="${service}" session="${ada.session}" sgen="0" seq="1"${more}><args>${args}</args></service></request>`;

  it('carries calls, contents up and contents down', async () => {
    const bytes = bytesOf('packets', 300_000);
    const [made] = await send(call('asset.create', `<namespace>${LAB}</namespace><name>p.bin</name>`), bytes);
    const id = textIn(made?.content.toString() ?? '', 'id');
    expect(made?.type).toBe('text/xml');
    expect(await send(call('server.ping', ''))).toHaveLength(1);
    const [reply, content] = await send(call('asset.get', `<id>${id}</id>`, ' data-out-min="1" data-out-max="1"'));
    expect(reply?.content.toString()).toContain('<size h="300 KB">300000</size>');
    expect(content?.content.equals(bytes)).toBe(true);
    const [, part] = await send(
      call('asset.content.get', `<id>${id}</id><offset>1000</offset><length>500</length>`, ' data-out-min="1"'),
    );
    expect(part?.content.equals(bytes.subarray(1_000, 1_500))).toBe(true);
  });

  it('carries an archive whose length nobody knows beforehand, and errors', async () => {
    const [, zip] = await send(
      call('asset.archive.create', `<where>namespace='${LAB}/q/odd'</where><format>zip</format>`, ' data-out-min="1"'),
    );
    expect(Object.keys(contentsOfZip(zip?.content ?? Buffer.alloc(0)))).toHaveLength(11);
    const none = await send(call('server.ping', '', ' data-out-min="1"'));
    expect(none.map(({ content }) => content.toString())).toEqual([EMPTY_SUCCESS]);
  });
});

describe('content in pieces', () => {
  it('goes on where it broke off and becomes an asset with one checksum', async () => {
    const bytes = bytesOf('pieces', 2_500_000);
    const ticket = textIn(await ada.call('server.io.job.create', '<store>asset:data</store>'), 'ticket');
    const write = (from: number, to: number) =>
      ada.upload(
        ada.request('server.io.write', `<ticket>${ticket}</ticket><offset>${from}</offset>`),
        bytes.subarray(from, to),
      );
    expect(await write(0, 1_000_000)).toBe(EMPTY_SUCCESS);
    expect(textIn(await ada.call('server.io.job.describe', `<ticket>${ticket}</ticket>`), 'size')).toBe('1000000');
    await write(500_000, 1_500_000);
    await write(1_500_000, 2_500_000);
    const create = () =>
      ada.execute(
        'asset.create',
        `<namespace>${LAB}</namespace><name>pieces.bin</name>`,
        `<input-ticket>${ticket}</input-ticket>`,
      );
    expect(textIn(await create(), 'message')).toContain('is not finished');
    await ada.call('server.io.write.finish', `<ticket>${ticket}</ticket>`);
    const id = textIn(await create(), 'id');
    const content = await ada.get(`/mflux/content.mfjp?_skey=${ada.session}&id=${id}`);
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    expect(textIn(await ada.call('server.io.job.describe', `<ticket>${ticket}</ticket>`), 'message')).toContain(
      'does not exist',
    );
  });

  it('is nobody else’s', async () => {
    const ticket = textIn(await ada.call('server.io.job.create', '<store>asset:data</store>'), 'ticket');
    const other = new RawClient(emulator.url, { domain: 'demo', user: 'operator', password: 'operator' });
    await other.logon();
    const reply = await other.upload(
      other.request('server.io.write', `<ticket>${ticket}</ticket><offset>0</offset>`),
      'mine',
    );
    expect(textIn(reply, 'message')).toContain('not granted ACCESS to IO job');
    expect(textIn(await ada.call('server.io.job.describe', `<ticket>${ticket}</ticket>`), 'size')).toBe('0');
  });
});

describe('outputs', () => {
  it('are kept by the session, of a content and of an archive', async () => {
    await put('out/a.txt', 'hello');
    for (const [service, args, check] of [
      ['asset.get', `<id>path=${LAB}/out/a.txt</id>`, (body: Buffer) => body.toString() === 'hello'],
      [
        'asset.archive.create',
        `<where>namespace='${LAB}/out'</where><format>zip</format>`,
        (body: Buffer) => Object.keys(contentsOfZip(body)).length === 1,
      ],
    ] as const) {
      const reply = await ada.execute(service, args, '<outputs-via>session</outputs-via>', ' outputs="1"');
      const id = /<outputs><id>(\d+)<\/id><\/outputs>/.exec(reply)?.[1] ?? '';
      const output = await ada.get(`/mflux/output.mfjp?_skey=${ada.session}&id=${id}`);
      expect(check(Buffer.from(await output.arrayBuffer()))).toBe(true);
    }
    expect((await ada.get('/mflux/output.mfjp?_skey=gone&id=1')).status).toBe(401);
  });
});

describe('a background call', () => {
  const background = (service: string, args: string) =>
    ada.call(
      'service.execute',
      `<background>True</background><description>d</description><service name="${service}">${args}</service>`,
    );
  const describeTask = (id: string) => ada.call('service.background.describe', `<id>${id}</id>`);

  const reached = async (id: string, state: string) =>
    textIn(await describeTask(id), 'state') === state ? true : undefined;

  it('is described and its result fetched', async () => {
    const id = textIn(
      await background('asset.query', `<namespace>${LAB}/q</namespace><action>sum</action><xpath>content/size</xpath>`),
      'id',
    );
    await until('the task is completed', async () => reached(id, 'completed'));
    expect(await describeTask(id)).toMatch(
      new RegExp(`<task id="${id}"><service name="asset\\.query"></service>.*<exec-time unit="second">`),
    );
    expect(await ada.call('service.background.results.get', `<id>${id}</id>`)).toContain(
      '<result><reply service="asset.query"><response><value nbe="21">231</value></response></reply></result>',
    );
    expect(await ada.call('service.background.destroy', `<id>${id}</id>`)).toBe(EMPTY_SUCCESS);
  });

  it('that fails says so, and has no result', async () => {
    const id = textIn(await background('asset.get', '<id>999999999</id>'), 'id');
    await until('the task has failed', async () => reached(id, 'failed'));
    expect(textIn(await describeTask(id), 'error')).toContain('does not exist');
    expect(await ada.call('service.background.results.get', `<id>${id}</id>`)).toContain('type="error"');
  });
});

describe('an archive', () => {
  it('holds empty files and empty folders, in zip and in tar.gz', async () => {
    await put('arc/größe.txt', 'content');
    await put('arc/empty.dat', '');
    await ada.call('asset.namespace.create', `<namespace all="true">${LAB}/arc/nothing/here</namespace>`);
    const archive = async (format: string) => {
      const made = await ada.call(
        'secure.identity.token.create',
        `<role type="user">demo:researcher</role><service name="asset.archive.create"><where>namespace&gt;='${LAB}/arc'</where><for>user</for><format>${format}</format><remove-path-prefix>${LAB}/arc</remove-path-prefix></service><use-count>1</use-count>`,
      );
      const response = await ada.get(`/mflux/execute.mfjp?token=${textIn(made, 'token')}&filename=a.${format}`);
      expect(response.headers.get('content-length')).toBeNull();
      return Buffer.from(await response.arrayBuffer());
    };
    const zip = await archive('zip');
    expect(Object.keys(contentsOfZip(zip)).sort()).toEqual(['empty.dat', 'größe.txt']);
    expect(foldersOfZip(zip)).toEqual(['nothing/here/']);
    const file = join(freshFolder(), 'a.tar.gz');
    writeFileSync(file, await archive('tar.gz'));
    const list = spawnSync('tar', ['-tzf', file, '--quoting-style=literal'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    expect(list.stderr).toBe('');
    expect(list.stdout.trim().split('\n').sort()).toEqual(['empty.dat', 'größe.txt', 'nothing/here/']);
  });

  it('is refused in a form whose layout nobody knows', async () => {
    expect(
      textIn(
        await ada.call('asset.archive.create', `<where>namespace='${LAB}'</where><format>aar</format>`),
        'message',
      ),
    ).toContain("'aar' is not made here");
  });
});

describe('the control port', () => {
  const control = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${emulator.controlUrl ?? ''}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it('answers errors and statuses, refuses, and cuts, as often as it was told', async () => {
    await control('POST', '/faults', { service: 'asset.exists', times: 1, action: { error: 'maintenance mode' } });
    expect(textIn(await ada.call('asset.exists', '<id>1</id>'), 'message')).toContain('maintenance mode');
    expect(await ada.call('asset.exists', '<id>1</id>')).toContain('<exists id="1">');
    await control('POST', '/faults', { path: '/__mflux_svc__', after: 1, times: 1, action: { status: 503 } });
    expect(await ada.call('server.ping')).toBe(EMPTY_SUCCESS);
    await expect(ada.call('server.ping')).rejects.toThrow('503');
    await control('POST', '/faults', { service: 'server.ping', times: 1, action: { refuse: true } });
    await expect(ada.call('server.ping')).rejects.toThrow();
    await control('POST', '/faults', { service: 'server.ping', times: 1, action: { cutAfterBytes: 20 } });
    await expect(ada.call('server.ping')).rejects.toThrow();
    expect(await ada.call('server.ping')).toBe(EMPTY_SUCCESS);
  });

  it('holds a call until the faults are cleared, and no other', async () => {
    await control('POST', '/faults', { service: 'server.ping', times: 1, action: { hold: true } });
    const answered: string[] = [];
    emulator.faults.forgetCalls();
    const held = ada.call('server.ping').then((reply) => {
      answered.push('held');
      return reply;
    });
    await until('the call having come', () => emulator.faults.calls().find((one) => one.service === 'server.ping'));
    expect(await ada.call('server.ping')).toBe(EMPTY_SUCCESS);
    answered.push('other');
    await control('DELETE', '/faults');
    expect(await held).toBe(EMPTY_SUCCESS);
    expect(answered).toEqual(['other', 'held']);
  });

  it('flips a byte, fills the store, expires sessions, makes users', async () => {
    const id = await put('ctl/x.bin', 'abcdef');
    await control('POST', '/flip-byte', { asset: id, offset: 2 });
    const content = await ada.get(`/mflux/content.mfjp?_skey=${ada.session}&id=${id}`);
    expect(Buffer.from(await content.arrayBuffer()).equals(Buffer.from('ab\x9cdef', 'latin1'))).toBe(true);
    await control('POST', '/store', { full: true });
    const refused = await ada.upload(
      ada.request('asset.create', `<namespace>${LAB}</namespace><name>full</name>`),
      'x',
    );
    expect(textIn(refused, 'message')).toContain('not enough space');
    await control('POST', '/store', { full: false });
    await control('POST', '/users', { domain: 'demo', user: 'new', password: 'pw' });
    expect(await new RawClient(emulator.url, { domain: 'demo', user: 'new', password: 'pw' }).logon()).not.toBe('');
    expect((await control('POST', '/expire-sessions')).body['expired']).toBeGreaterThan(1);
    expect(textIn(await ada.call('server.ping'), 'message')).toBe('session is not valid');
    await ada.logon();
  });

  it('shows the calls by name, and says what is wrong with what it is told', async () => {
    await control('DELETE', '/calls');
    await ada.execute('asset.exists', '<id>1</id>');
    expect((await control('GET', '/calls')).body['calls']).toMatchObject([
      { method: 'POST', path: '/__mflux_svc__', service: 'service.execute', inner: ['asset.exists'] },
    ]);
    expect(await control('POST', '/faults', { action: { explode: true } })).toMatchObject({ status: 400 });
    expect(await control('GET', '/nothing')).toMatchObject({ status: 404 });
  });
});
