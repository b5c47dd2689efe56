// Packets, pieces, outputs, background calls and archives as foreign clients use them (reference 1.6, 4, 5 and 9).

import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { EMPTY_SUCCESS, exchange, textIn } from '../support/raw-client.js';
import { until } from '../support/wait.js';
import { contentsOfZip, foldersOfZip } from '../support/zip.js';
import { LAB, labOf } from './lab.js';

const lab = labOf();
beforeAll(() => lab.putNumbered());

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
        `POST ${lab.emulator.url}/__mflux_svc__/ HTTP/1.1\r\nHost: x\r\nUser-Agent: Mediaflux/3.0\r\nConnection: keep-alive\r\nKeep-Alive: 300\r\nContent-Type: application/mflux\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]);
    return packetsOf((await exchange(lab.emulator.url, request)).body);
  };
  const call = (service: string, args: string, more = '') =>
    `<request><service name="${service}" session="${lab.ada.session}" sgen="0" seq="1"${more}><args>${args}</args></service></request>`;

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
    const ticket = textIn(await lab.ada.call('server.io.job.create', '<store>asset:data</store>'), 'ticket');
    const write = (from: number, to: number) =>
      lab.ada.upload(
        lab.ada.request('server.io.write', `<ticket>${ticket}</ticket><offset>${from}</offset>`),
        bytes.subarray(from, to),
      );
    expect(await write(0, 1_000_000)).toBe(EMPTY_SUCCESS);
    expect(textIn(await lab.ada.call('server.io.job.describe', `<ticket>${ticket}</ticket>`), 'size')).toBe('1000000');
    await write(500_000, 1_500_000);
    await write(1_500_000, 2_500_000);
    const create = () =>
      lab.ada.execute(
        'asset.create',
        `<namespace>${LAB}</namespace><name>pieces.bin</name>`,
        `<input-ticket>${ticket}</input-ticket>`,
      );
    expect(textIn(await create(), 'message')).toContain('is not finished');
    await lab.ada.call('server.io.write.finish', `<ticket>${ticket}</ticket>`);
    const id = textIn(await create(), 'id');
    const content = await lab.ada.get(`/mflux/content.mfjp?_skey=${lab.ada.session}&id=${id}`);
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    expect(textIn(await lab.ada.call('server.io.job.describe', `<ticket>${ticket}</ticket>`), 'message')).toContain(
      'does not exist',
    );
  });

  it('is nobody else’s', async () => {
    const ticket = textIn(await lab.ada.call('server.io.job.create', '<store>asset:data</store>'), 'ticket');
    const other = lab.operator;
    const reply = await other.upload(
      other.request('server.io.write', `<ticket>${ticket}</ticket><offset>0</offset>`),
      'mine',
    );
    expect(textIn(reply, 'message')).toContain('not granted ACCESS to IO job');
    expect(textIn(await lab.ada.call('server.io.job.describe', `<ticket>${ticket}</ticket>`), 'size')).toBe('0');
  });
});

describe('outputs', () => {
  it('are kept by the session, of a content and of an archive', async () => {
    await lab.put('out/a.txt', 'hello');
    for (const [service, args, check] of [
      ['asset.get', `<id>path=${LAB}/out/a.txt</id>`, (body: Buffer) => body.toString() === 'hello'],
      [
        'asset.archive.create',
        `<where>namespace='${LAB}/out'</where><format>zip</format>`,
        (body: Buffer) => Object.keys(contentsOfZip(body)).length === 1,
      ],
    ] as const) {
      const reply = await lab.ada.execute(service, args, '<outputs-via>session</outputs-via>', ' outputs="1"');
      const id = /<outputs><id>(\d+)<\/id><\/outputs>/.exec(reply)?.[1] ?? '';
      const output = await lab.ada.get(`/mflux/output.mfjp?_skey=${lab.ada.session}&id=${id}`);
      expect(check(Buffer.from(await output.arrayBuffer()))).toBe(true);
    }
    expect((await lab.ada.get('/mflux/output.mfjp?_skey=gone&id=1')).status).toBe(401);
  });
});

describe('a background call', () => {
  const background = (service: string, args: string) =>
    lab.ada.call(
      'service.execute',
      `<background>True</background><description>d</description><service name="${service}">${args}</service>`,
    );
  const describeTask = (id: string) => lab.ada.call('service.background.describe', `<id>${id}</id>`);

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
    expect(await lab.ada.call('service.background.results.get', `<id>${id}</id>`)).toContain(
      '<result><reply service="asset.query"><response><value nbe="21">231</value></response></reply></result>',
    );
    expect(await lab.ada.call('service.background.destroy', `<id>${id}</id>`)).toBe(EMPTY_SUCCESS);
  });

  it('that fails says so, and has no result', async () => {
    const id = textIn(await background('asset.get', '<id>999999999</id>'), 'id');
    await until('the task has failed', async () => reached(id, 'failed'));
    expect(textIn(await describeTask(id), 'error')).toContain('does not exist');
    expect(await lab.ada.call('service.background.results.get', `<id>${id}</id>`)).toContain('type="error"');
  });
});

describe('an archive', () => {
  it('holds empty files and empty folders, in zip and in tar.gz', async () => {
    await lab.put('arc/größe.txt', 'content');
    await lab.put('arc/empty.dat', '');
    await lab.ada.call('asset.namespace.create', `<namespace all="true">${LAB}/arc/nothing/here</namespace>`);
    const archive = async (format: string) => {
      const made = await lab.ada.call(
        'secure.identity.token.create',
        `<role type="user">demo:researcher</role><service name="asset.archive.create"><where>namespace&gt;='${LAB}/arc'</where><for>user</for><format>${format}</format><remove-path-prefix>${LAB}/arc</remove-path-prefix></service><use-count>1</use-count>`,
      );
      const response = await lab.ada.get(`/mflux/execute.mfjp?token=${textIn(made, 'token')}&filename=a.${format}`);
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
        await lab.ada.call('asset.archive.create', `<where>namespace='${LAB}'</where><format>aar</format>`),
        'message',
      ),
    ).toContain("'aar' is not made here");
  });
});
