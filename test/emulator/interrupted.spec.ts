// Senders and readers that leave in the middle, come twice, or go on after they should have ended: what was acknowledged
// stays what it was, and the emulator goes on.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { crc32 } from '../../src/mediaflux/protocol/index.js';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { EMPTY_SUCCESS, RawClient, textIn, texts } from '../support/raw-client.js';
import { until } from '../support/wait.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const dataDir = freshFolder();
let emulator: RunningEmulator;
let ada: RawClient;
let serial = 0;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir });
  ada = new RawClient(emulator.url, { domain: 'demo', user: 'researcher', password: 'researcher' });
  await ada.logon();
});
afterAll(() => emulator.close());

/** An upload whose second half waits until it is wanted. */
class HalfSent {
  private readonly socket: Socket;
  private readonly rest: Buffer;
  readonly closed: Promise<unknown>;

  constructor(request: string, bytes: Buffer, sentBytes: number) {
    const head = `--B0und\r\nContent-Disposition: form-data; name="request"\r\n\r\n${request}\r\n--B0und\r\nContent-Disposition: form-data; name="nb-data-attachments"\r\n\r\n1\r\n--B0und\r\nContent-Disposition: form-data; name="filename"; filename="a"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--B0und--\r\n')]);
    const { hostname, port } = new URL(emulator.url);
    this.socket = connect(Number(port), hostname);
    this.closed = once(this.socket, 'close');
    this.socket.on('error', () => undefined);
    this.socket.write(
      `POST /__mflux_svc__/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=B0und\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    this.socket.write(body.subarray(0, head.length + sentBytes));
    this.rest = body.subarray(head.length + sentBytes);
  }

  async finish(): Promise<string> {
    let reply = '';
    this.socket.on('data', (part: Buffer) => (reply += part.toString()));
    this.socket.write(this.rest);
    await this.closed;
    return reply;
  }

  async leave(): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }
}

describe('pieces of a content', () => {
  const SIZE = 3_000_000;
  const whole = bytesOf('whole', SIZE);
  const ticketOf = async () => textIn(await ada.call('server.io.job.create', '<store>asset:data</store>'), 'ticket');
  const requestOf = (ticket: string, offset: number) =>
    ada.request('server.io.write', `<ticket>${ticket}</ticket><offset>${offset}</offset>`);
  const write = (ticket: string, from: number, to: number) =>
    ada.upload(requestOf(ticket, from), whole.subarray(from, to));
  const finish = (ticket: string) => ada.call('server.io.write.finish', `<ticket>${ticket}</ticket>`);
  const become = async (ticket: string): Promise<string> =>
    textIn(
      await ada.execute(
        'asset.create',
        `<namespace create="true">${LAB}/interrupted</namespace><name>f${++serial}</name>`,
        `<input-ticket>${ticket}</input-ticket>`,
      ),
      'id',
    );
  const written = (ticket: string, bytes: number) =>
    until('so many bytes being written', async () =>
      Number(textIn(await ada.call('server.io.job.describe', `<ticket>${ticket}</ticket>`), 'size')) >= bytes
        ? true
        : undefined,
    );

  async function expectWhole(id: string, bytes = whole): Promise<void> {
    const [, decimal] = texts(await ada.call('asset.get', `<id>${id}</id>`), 'csum');
    expect(decimal).toBe(String(crc32(bytes) >>> 0));
    const content = await ada.get(`/mflux/content.mfjp?_skey=${ada.session}&id=${id}`);
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
  }

  it('that come at the same time have the checksum of the whole', async () => {
    const ticket = await ticketOf();
    const second = new HalfSent(requestOf(ticket, 1_500_000), whole.subarray(1_500_000), 1_200_000);
    await written(ticket, 2_500_000);
    await write(ticket, 0, 1_500_000);
    expect(await second.finish()).toContain('type="result"');
    await finish(ticket);
    await expectWhole(await become(ticket));
  });

  it('of which an earlier one is written over by half and left have the checksum of what is there', async () => {
    const ticket = await ticketOf();
    await write(ticket, 0, 1_500_000);
    await write(ticket, 1_500_000, SIZE);
    const other = bytesOf('other', 1_500_000);
    const again = new HalfSent(requestOf(ticket, 0), other, 1_400_000);
    const file = textIn(await ada.call('server.io.job.describe', `<ticket>${ticket}</ticket>`), 'path');
    await until('the piece being written over', () =>
      readFileSync(file).subarray(0, 1_000).equals(other.subarray(0, 1_000)) ? true : undefined,
    );
    await again.leave();
    await finish(ticket);
    const id = await become(ticket);
    const content = await ada.get(`/mflux/content.mfjp?_skey=${ada.session}&id=${id}`);
    await expectWhole(id, Buffer.from(await content.arrayBuffer()));
  });

  it('that still arrive when the job is finished change nothing of the asset', async () => {
    const ticket = await ticketOf();
    await write(ticket, 0, SIZE);
    const late = new HalfSent(requestOf(ticket, 0), bytesOf('late', SIZE), 10);
    await finish(ticket);
    const id = await become(ticket);
    await late.finish();
    await expectWhole(id);
  });

  it('that are repeated after the asset was made take nothing away', async () => {
    const ticket = await ticketOf();
    emulator.faults.set({ service: 'server.io.write', times: 1, action: { hold: true } });
    const first = write(ticket, 0, SIZE);
    await written(ticket, SIZE);
    await write(ticket, 0, SIZE);
    await finish(ticket);
    const id = await become(ticket);
    emulator.faults.clear();
    expect(textIn(await first, 'message')).toContain('does not exist');
    await expectWhole(id);
  });
});

describe('an archive', () => {
  it.each(['tar.gz', 'zip'])(
    'as %s that nobody reads to its end, or whose files go, ends and leaves the emulator',
    async (format) => {
      const folder = `${LAB}/left-${format}`;
      for (const name of ['a', 'b', 'c'])
        await ada.upload(
          ada.request('asset.create', `<namespace create="true">${folder}</namespace><name>${name}</name>`),
          bytesOf(name, 4_000_000),
        );
      const token = textIn(
        await ada.call(
          'secure.identity.token.create',
          `<role type="user">demo:researcher</role><service name="asset.archive.create"><where>namespace='${folder}'</where><format>${format}</format></service>`,
        ),
        'token',
      );
      for (const isDestroyed of [false, true]) {
        const leaving = new AbortController();
        const response = await fetch(`${emulator.url}/mflux/execute.mfjp?token=${token}`, { signal: leaving.signal });
        await response.body?.getReader().read();
        if (isDestroyed) await ada.call('asset.namespace.destroy', `<namespace>${folder}</namespace>`);
        leaving.abort();
        expect(await ada.call('server.ping')).toBe(EMPTY_SUCCESS);
      }
    },
  );
});

describe('an upload', () => {
  it('of whoever has no session is not kept while it arrives', async () => {
    const before = readdirSync(join(dataDir, 'content')).length;
    const nobody = new HalfSent(
      `<request><service name="asset.create" session="none"><args><namespace>${LAB}</namespace><name>n</name></args></service></request>`,
      bytesOf('nobody', 4_000_000),
      3_900_000,
    );
    expect(await nobody.finish()).toContain('session is not valid');
    expect(readdirSync(join(dataDir, 'content'))).toHaveLength(before);
  });

  it('in the background that is refused leaves no content behind', async () => {
    const before = readdirSync(join(dataDir, 'content')).length;
    const reply = await ada.upload(
      ada.request(
        'service.execute',
        '<background>true</background><service name="asset.create"><namespace>/nowhere</namespace><name>n</name></service>',
      ),
      bytesOf('background', 400_000),
    );
    const id = textIn(reply, 'id');
    await until('the task to fail', async () =>
      textIn(await ada.call('service.background.describe', `<id>${id}</id>`), 'state') === 'failed' ? true : undefined,
    );
    await until('its content to be gone', () =>
      readdirSync(join(dataDir, 'content')).length === before ? true : undefined,
    );
  });
});
