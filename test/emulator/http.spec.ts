// The HTTP face byte for byte, on sockets of the tests' own: answers that are cut, bodies whose length was counted in
// characters, bytes that are no request, archives without a length, links for browsers, and https.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'node:net';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/program.js';
import { EMPTY_SUCCESS, RawClient, textIn } from '../support/raw-client.js';
import { until } from '../support/wait.js';
import { contentsOfZip } from '../support/zip.js';

const LAB = '/projects/proj-researcher-1128.4.20';
let emulator: RunningEmulator;
let ada: RawClient;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder(), controlPort: 0 });
  ada = new RawClient(emulator.url, { domain: 'demo', user: 'researcher', password: 'researcher' });
  await ada.logon();
});
afterAll(() => emulator.close());

interface Received {
  head: string;
  body: Buffer;
}

/** In place of a part: waits for something to be answered before the next. */
const ANSWER = Symbol('answer');

/** Sends the parts, each once the one before has left, and answers what came until the other side closed. */
async function untilClosed(...parts: (string | Buffer | typeof ANSWER)[]): Promise<Received> {
  const { hostname, port } = new URL(emulator.url);
  const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
  const received: Buffer[] = [];
  socket.on('data', (part) => received.push(part));
  const answered = new Promise<void>((resolve) => socket.once('data', () => resolve()));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()).on('error', () => undefined));
  for (const part of parts) {
    if (part === ANSWER) await answered;
    else await new Promise<void>((resolve) => socket.write(part, () => resolve()));
  }
  await closed;
  const whole = Buffer.concat(received);
  const end = whole.indexOf('\r\n\r\n');
  return end < 0
    ? { head: whole.toString('latin1'), body: Buffer.alloc(0) }
    : { head: whole.subarray(0, end).toString('latin1'), body: whole.subarray(end + 4) };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
const post = (type: string, body: Buffer, length = body.length): Buffer =>
  Buffer.concat([
    Buffer.from(
      `POST /__mflux_svc__ HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`,
    ),
    body,
  ]);

const put = async (name: string, content: string | Buffer): Promise<string> =>
  textIn(
    await ada.upload(ada.request('asset.create', `<namespace>${LAB}</namespace><name>${name}</name>`), content),
    'id',
  );

describe('an answer that is cut', () => {
  const cut = (service: string | undefined, path: string | undefined, bytes: number) =>
    emulator.faults.set({
      ...(service === undefined ? {} : { service }),
      ...(path === undefined ? {} : { path }),
      times: 1,
      action: { cutAfterBytes: bytes },
    });
  const ping = () => Buffer.from(ada.request('server.ping'));

  it.each([0, 1, 20, EMPTY_SUCCESS.length - 1])('has its head and %d bytes of a reply', async (bytes) => {
    cut('server.ping', undefined, bytes);
    const { head, body } = await untilClosed(post('text/xml', ping()));
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 200 OK\\r\\n[^]*content-length: ${EMPTY_SUCCESS.length}`, 'i'));
    expect(body.toString()).toBe(EMPTY_SUCCESS.slice(0, bytes));
  });

  it.each([0, 10, 30, 100])('has its head and %d bytes of a reply in packets', async (bytes) => {
    const document = ping();
    const packet = Buffer.alloc(16);
    packet.writeUInt8(1, 0);
    packet.writeBigInt64BE(BigInt(document.length), 2);
    const request = post('application/mflux', Buffer.concat([packet, document]));
    cut('server.ping', undefined, bytes);
    const { head, body } = await untilClosed(request);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(body).toHaveLength(bytes);
  });

  it.each([
    ['small', 1_000, 0],
    ['small', 1_000, 999],
    ['large', 3_000_000, 0],
    ['large', 3_000_000, 2_500_001],
  ])('has its head and the first bytes of a %s content', async (name, size, bytes) => {
    const content = bytesOf(name, size);
    const id = await put(`${name}-${bytes}.bin`, content);
    cut(undefined, '/mflux/content.mfjp', bytes);
    const { head, body } = await untilClosed(get(`/mflux/content.mfjp?_skey=${ada.session}&id=${id}`));
    expect(head).toMatch(new RegExp(`content-length: ${size}`, 'i'));
    expect(body.equals(content.subarray(0, bytes))).toBe(true);
  });

  it('is whole when it is shorter than that', async () => {
    cut('server.ping', undefined, 10_000);
    expect(await ada.call('server.ping')).toBe(EMPTY_SUCCESS);
  });
});

describe('a body whose length was counted in characters', () => {
  const BOUNDARY = 'q7Rw2ZpT4rXv9LbN5sKd8HfG3jMc6V';

  /** As pshell sends it: everything before the content is counted in characters and sent in bytes. */
  const miscounted = (name: string, content: Buffer): { request: Buffer; left: number } => {
    const preamble = [
      `--${BOUNDARY}`,
      'Content-Disposition: form-data; name="request"',
      '',
      ada.request('asset.create', `<namespace>${LAB}</namespace><name>${name}</name>`),
      `--${BOUNDARY}`,
      'Content-Disposition: form-data; name="nb-data-attachments"',
      '',
      '1',
      `--${BOUNDARY}`,
      `Content-Disposition: form-data; name="filename"; filename="${name}"`,
      'Content-Type: application/octet-stream',
      '',
      '',
    ].join('\r\n');
    const closing = `\r\n--${BOUNDARY}--\r\n`;
    const body = Buffer.concat([Buffer.from(preamble), content, Buffer.from(closing)]);
    const length = preamble.length + content.length + closing.length;
    return {
      request: post(`multipart/form-data; boundary=${BOUNDARY}`, body, length),
      left: body.length - length,
    };
  };
  const next = () => post('text/xml', Buffer.from(ada.request('server.ping')));

  it.each(['é.txt', 'größe.txt', '日本.txt', `${'ñ'.repeat(13)}.txt`])(
    'is stored whole and answered for %s, in one piece, in two, and with the rest after the answer',
    async (name) => {
      for (const between of [undefined, [], [ANSWER]] as const) {
        await ada.call('asset.destroy', `<id>path=${LAB}/${name}</id>`);
        const content = bytesOf(name, 200_000);
        const { request, left } = miscounted(name, content);
        expect(left).toBe(2 * (Buffer.byteLength(name) - name.length));
        const parts = between ? [request.subarray(0, -left), ...between, request.subarray(-left)] : [request];
        // Not every rest ends a connection: an empty line before a request means nothing, so another request asks.
        const { head, body } = await untilClosed(...parts, left <= 4 ? Buffer.from(get('/aterm')) : Buffer.alloc(0));
        expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
        expect(body.toString()).toMatch(/<result><id>\d+<\/id><\/result>/);
        expect(body.toString()).not.toContain('HTTP/1.1 400');
        const reply = await ada.call('asset.get', `<id>path=${LAB}/${name}</id>`);
        expect(textIn(reply, 'size')).toBe('200000');
        const id = /<asset id="(\d+)"/.exec(reply)?.[1] ?? '';
        const stored = await ada.get(`/mflux/content.mfjp?_skey=${ada.session}&id=${id}`);
        expect(Buffer.from(await stored.arrayBuffer()).equals(content)).toBe(true);
      }
    },
  );

  it('is refused when a content that was announced is missing', async () => {
    const { request } = miscounted('two.txt', Buffer.from('content'));
    const text = request
      .toString()
      .replace('\r\n\r\n1\r\n', '\r\n\r\n2\r\n')
      .replace(/--\r\n$/, '');
    const body = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4));
    const { head } = await untilClosed(post(`multipart/form-data; boundary=${BOUNDARY}`, body), get('/aterm'));
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(textIn(await ada.call('asset.exists', `<id>path=${LAB}/two.txt</id>`), 'exists')).toBe('false');
  });

  it('is refused in clear words and stored nowhere when its end cannot be told', async () => {
    const name = `${'長'.repeat(20)}.txt`;
    const { request, left } = miscounted(name, Buffer.from('content'));
    for (const parts of [[request], [request.subarray(0, -left), request.subarray(-left)]]) {
      const { head, body } = await untilClosed(...parts);
      expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
      expect(body.toString()).toBe('The body ended before its closing boundary.\n');
    }
    expect(textIn(await ada.call('asset.exists', `<id>path=${LAB}/${name}</id>`), 'exists')).toBe('false');
  });

  it('is not mistaken for one that a broken sender cut off before its content', async () => {
    const { request } = miscounted('whole.txt', Buffer.from('content'));
    const end = request.indexOf('\r\n\r\n') + 4;
    const cutAt = request.indexOf(`--${BOUNDARY}`, request.indexOf('nb-data-attachments')) + BOUNDARY.length + 2;
    const short = post(`multipart/form-data; boundary=${BOUNDARY}`, request.subarray(end, cutAt));
    const { head } = await untilClosed(short, next(), get('/aterm'));
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(textIn(await ada.call('asset.exists', `<id>path=${LAB}/whole.txt</id>`), 'exists')).toBe('false');
  });
});

describe('bytes that are no request', () => {
  it('are answered with a sentence, and the connection closed', async () => {
    const { head, body } = await untilClosed('--what is this\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*Connection: close/);
    expect(body.toString()).toBe('The request cannot be read: it is not in the form of HTTP.\n');
  });

  it('are answered where they break a body off', async () => {
    const { head } = await untilClosed(
      'POST /__mflux_svc__ HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n',
    );
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(await ada.call('server.ping')).toBe(EMPTY_SUCCESS);
  });

  it('do not cut off a large answer that is under way', async () => {
    const content = bytesOf('under way', 5_000_000);
    const id = await put('under-way.bin', content);
    const request = `GET /mflux/content.mfjp?_skey=${ada.session}&id=${id} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const { head, body } = await untilClosed(`${request}--\r\n`);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(body.equals(content)).toBe(true);
  });
});

describe('an archive at its link', () => {
  it('is sent without a length and not in chunks, and ends by closing', async () => {
    await put('in-archive.txt', 'archived');
    const made = await ada.call(
      'secure.identity.token.create',
      `<role type="user">demo:researcher</role><service name="asset.archive.create"><where>namespace='${LAB}' and name='in-archive.txt'</where><format>zip</format></service>`,
    );
    const { head, body } = await untilClosed(
      `GET /mflux/execute.mfjp?token=${textIn(made, 'token')}&filename=a.zip HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n`,
    );
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(head).toMatch(/^connection: close$/im);
    expect(head).not.toMatch(/^(?:transfer-encoding|content-length):/im);
    expect(Object.keys(contentsOfZip(body))).toEqual([`${LAB.slice(1)}/in-archive.txt`]);
  });
});

describe('a link', () => {
  const tokenOf = async (args: string): Promise<string> =>
    textIn(await ada.call('secure.identity.token.create', `<role type="user">demo:researcher</role>${args}`), 'token');
  const ARCHIVE = `<service name="asset.archive.create"><where>namespace='${LAB}' and name='linked.txt'</where><format>zip</format><remove-path-prefix>${LAB}</remove-path-prefix></service>`;
  const namesIn = async (answer: Response): Promise<string[]> =>
    Object.keys(contentsOfZip(Buffer.from(await answer.arrayBuffer())));
  const ask = (path: string, init: RequestInit = {}) => fetch(`${emulator.url}${path}`, init);
  let id: string;

  beforeAll(async () => {
    id = await put('linked.txt', 'linked');
  });

  it('works for the program that its token is for, and for no other', async () => {
    const bound = await tokenOf(`${ARCHIVE}<app>zip-app</app>`);
    expect((await ask(`/mflux/execute.mfjp?token=${bound}`)).status).toBe(401);
    expect((await ask(`/mflux/execute.mfjp?token=${bound}&app=other`)).status).toBe(401);
    expect(await namesIn(await ask(`/mflux/execute.mfjp?token=${bound}&app=zip-app`))).toEqual(['linked.txt']);
    expect(await namesIn(await ask(`/mflux/execute.mfjp?token=${bound}&_tokenapp=zip-app`))).toEqual(['linked.txt']);
    const free = await tokenOf('<app>content.mfjp</app>');
    expect((await ask(`/mflux/content.mfjp?_token=${free}&id=${id}`)).status).toBe(403);
    expect(await (await ask(`/mflux/content.mfjp?_token=${free}&id=${id}&_tokenapp=content.mfjp`)).text()).toBe(
      'linked',
    );
  });

  it('to a content uses none of the uses up when only its head is asked for', async () => {
    const token = await tokenOf('<use-count>1</use-count>');
    const path = `/mflux/content.mfjp?_token=${token}&id=${id}`;
    for (let times = 0; times < 3; times += 1) {
      const head = await ask(path, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, '6']);
    }
    expect(await (await ask(path)).text()).toBe('linked');
    expect((await ask(path)).status).toBe(403);
    expect((await ask(path, { method: 'HEAD' })).status).toBe(403);
  });

  it('opens no session when its token is bound to a call, and runs no call when it is not', async () => {
    const [bound, free] = [await tokenOf(ARCHIVE), await tokenOf('')];
    expect((await ask(`/mflux/content.mfjp?_token=${bound}&id=${id}`)).status).toBe(403);
    expect((await ask(`/mflux/execute.mfjp?token=${free}`)).status).toBe(401);
  });

  describe('for a browser', () => {
    const at = (token: string, browser = 'true') =>
      `/mflux/share.mfjp?_token=${token}&browser=${browser}&filename=Data%20%26%20more.zip`;
    const form = (field: string): RequestInit => ({
      method: 'POST',
      body: field,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

    it('shows a page whose form asks for the file, and uses nothing up', async () => {
      const path = at(await tokenOf(`${ARCHIVE}<use-count>1</use-count>`));
      for (const init of [{}, {}, form('browser=true')]) {
        const page = await ask(path, init);
        expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
        const text = await page.text();
        expect(text).toContain('<title>Data &amp; more.zip</title>');
        expect(text).toContain('<form method="post"><input type="hidden" name="browser" value="false">');
        expect(text).not.toContain('<script');
      }
      const file = await ask(path, form('browser=false'));
      expect(file.headers.get('content-disposition')).toBe(
        `attachment; filename="Data & more.zip"; filename*=UTF-8''Data%20%26%20more.zip`,
      );
      expect(await namesIn(file)).toEqual(['linked.txt']);
      expect((await ask(path)).status).toBe(401);
    });

    it('gives the file at once where the address says that no browser asks', async () => {
      const token = await tokenOf(ARCHIVE);
      expect(await namesIn(await ask(at(token, 'false')))).toEqual(['linked.txt']);
      expect(await namesIn(await ask(`/mflux/share.mfjp?_token=${token}`, form('')))).toEqual(['linked.txt']);
      expect((await ask(at(token), { method: 'HEAD' })).headers.get('content-type')).toMatch(/^text\/html/);
    });

    it('is refused when its token is unknown, of another kind, or another program’s', async () => {
      for (const token of ['none', await tokenOf(''), await tokenOf(`${ARCHIVE}<app>x</app>`)])
        for (const init of [{}, form('browser=false')]) expect((await ask(at(token), init)).status).toBe(401);
    });
  });
});

describe('a store that is full while an upload begins', () => {
  it('has not kept it, though it has space when the upload ends', async () => {
    const control = (method: string, path: string, body?: unknown) =>
      fetch(`${emulator.controlUrl ?? ''}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const document = ada.request('asset.create', `<namespace>${LAB}</namespace><name>full.bin</name>`);
    const body = Buffer.from(
      `--B\r\nContent-Disposition: form-data; name="request"\r\n\r\n${document}\r\n--B\r\nContent-Disposition: form-data; name="nb-data-attachments"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name="filename"; filename="full.bin"\r\n\r\ncontent\r\n--B--\r\n`,
    );
    await control('POST', '/store', { full: true });
    await control('DELETE', '/calls');
    const sending = createConnection({ host: '127.0.0.1', port: Number(new URL(emulator.url).port) });
    const answered = new Promise<string>((resolve) => sending.once('data', (part) => resolve(part.toString())));
    const request = post('multipart/form-data; boundary=B', body);
    sending.write(request.subarray(0, -12));
    await until('the request has begun', async () => {
      const { calls } = (await (await control('GET', '/calls')).json()) as { calls: unknown[] };
      return calls.length > 0 ? true : undefined;
    });
    await control('POST', '/store', { full: false });
    sending.write(request.subarray(-12));
    expect(textIn(await answered, 'message')).toMatch(
      /^call to service 'asset\.create' failed: There is not enough space left in the store\n/,
    );
    sending.destroy();
    expect(textIn(await ada.call('asset.exists', `<id>path=${LAB}/full.bin</id>`), 'exists')).toBe('false');
  });
});
