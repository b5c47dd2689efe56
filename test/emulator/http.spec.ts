// The HTTP face byte for byte: answers that are cut, bodies whose length was counted in characters, bytes that are no
// request, a store that is full while an upload begins.

import { describe, expect, it } from '@jest/globals';
import { createConnection } from 'node:net';
import { bytesOf } from '../support/files.js';
import { EMPTY_SUCCESS, textIn } from '../support/raw-client.js';
import { until } from '../support/wait.js';
import { LAB, labOf } from './lab.js';
import { ANSWER, get, post, untilClosed } from './sockets.js';

const lab = labOf({ controlPort: 0 });

describe('an answer that is cut', () => {
  const cut = (service: string | undefined, path: string | undefined, bytes: number) =>
    lab.emulator.faults.set({
      ...(service === undefined ? {} : { service }),
      ...(path === undefined ? {} : { path }),
      times: 1,
      action: { cutAfterBytes: bytes },
    });
  const ping = () => Buffer.from(lab.ada.request('server.ping'));

  it.each([0, 1, 20, EMPTY_SUCCESS.length - 1])('has its head and %d bytes of a reply', async (bytes) => {
    cut('server.ping', undefined, bytes);
    const { head, body } = await untilClosed(lab.emulator.url, post('text/xml', ping()));
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
    const { head, body } = await untilClosed(lab.emulator.url, request);
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
    const id = await lab.put(`${name}-${bytes}.bin`, content);
    cut(undefined, '/mflux/content.mfjp', bytes);
    const { head, body } = await untilClosed(
      lab.emulator.url,
      get(`/mflux/content.mfjp?_skey=${lab.ada.session}&id=${id}`),
    );
    expect(head).toMatch(new RegExp(`content-length: ${size}`, 'i'));
    expect(body.equals(content.subarray(0, bytes))).toBe(true);
  });

  it('is whole when it is shorter than that', async () => {
    cut('server.ping', undefined, 10_000);
    expect(await lab.ada.call('server.ping')).toBe(EMPTY_SUCCESS);
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
      lab.ada.request('asset.create', `<namespace>${LAB}</namespace><name>${name}</name>`),
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
  const next = () => post('text/xml', Buffer.from(lab.ada.request('server.ping')));

  it.each(['é.txt', 'größe.txt', '日本.txt', `${'ñ'.repeat(13)}.txt`])(
    'is stored whole and answered for %s, in one piece, in two, and with the rest after the answer',
    async (name) => {
      for (const between of [undefined, [], [ANSWER]] as const) {
        await lab.ada.call('asset.destroy', `<id>path=${LAB}/${name}</id>`);
        const content = bytesOf(name, 200_000);
        const { request, left } = miscounted(name, content);
        expect(left).toBe(2 * (Buffer.byteLength(name) - name.length));
        const parts = between ? [request.subarray(0, -left), ...between, request.subarray(-left)] : [request];
        // Not every rest ends a connection: an empty line before a request means nothing, so another request asks.
        const { head, body } = await untilClosed(
          lab.emulator.url,
          ...parts,
          left <= 4 ? Buffer.from(get('/aterm')) : Buffer.alloc(0),
        );
        expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
        expect(body.toString()).toMatch(/<result><id>\d+<\/id><\/result>/);
        expect(body.toString()).not.toContain('HTTP/1.1 400');
        const reply = await lab.ada.call('asset.get', `<id>path=${LAB}/${name}</id>`);
        expect(textIn(reply, 'size')).toBe('200000');
        const id = /<asset id="(\d+)"/.exec(reply)?.[1] ?? '';
        const stored = await lab.ada.get(`/mflux/content.mfjp?_skey=${lab.ada.session}&id=${id}`);
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
    const { head } = await untilClosed(
      lab.emulator.url,
      post(`multipart/form-data; boundary=${BOUNDARY}`, body),
      get('/aterm'),
    );
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(textIn(await lab.ada.call('asset.exists', `<id>path=${LAB}/two.txt</id>`), 'exists')).toBe('false');
  });

  it('is refused in clear words and stored nowhere when its end cannot be told', async () => {
    const name = `${'長'.repeat(20)}.txt`;
    const { request, left } = miscounted(name, Buffer.from('content'));
    for (const parts of [[request], [request.subarray(0, -left), request.subarray(-left)]]) {
      const { head, body } = await untilClosed(lab.emulator.url, ...parts);
      expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
      expect(body.toString()).toBe('The body ended before its closing boundary.\n');
    }
    expect(textIn(await lab.ada.call('asset.exists', `<id>path=${LAB}/${name}</id>`), 'exists')).toBe('false');
  });

  it('is not mistaken for one that a broken sender cut off before its content', async () => {
    const { request } = miscounted('whole.txt', Buffer.from('content'));
    const end = request.indexOf('\r\n\r\n') + 4;
    const cutAt = request.indexOf(`--${BOUNDARY}`, request.indexOf('nb-data-attachments')) + BOUNDARY.length + 2;
    const short = post(`multipart/form-data; boundary=${BOUNDARY}`, request.subarray(end, cutAt));
    const { head } = await untilClosed(lab.emulator.url, short, next(), get('/aterm'));
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(textIn(await lab.ada.call('asset.exists', `<id>path=${LAB}/whole.txt</id>`), 'exists')).toBe('false');
  });
});

describe('bytes that are no request', () => {
  it('are answered with a sentence, and the connection closed', async () => {
    const { head, body } = await untilClosed(lab.emulator.url, '--what is this\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*Connection: close/);
    expect(body.toString()).toBe('The request cannot be read: it is not in the form of HTTP.\n');
  });

  it('are answered where they break a body off', async () => {
    const { head } = await untilClosed(
      lab.emulator.url,
      'POST /__mflux_svc__ HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n',
    );
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(await lab.ada.call('server.ping')).toBe(EMPTY_SUCCESS);
  });

  it('do not cut off a large answer that is under way', async () => {
    const content = bytesOf('under way', 5_000_000);
    const id = await lab.put('under-way.bin', content);
    const request = `GET /mflux/content.mfjp?_skey=${lab.ada.session}&id=${id} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const { head, body } = await untilClosed(lab.emulator.url, `${request}--\r\n`);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(body.equals(content)).toBe(true);
  });
});

describe('a store that is full while an upload begins', () => {
  it('has not kept it, though it has space when the upload ends', async () => {
    const control = (method: string, path: string, body?: unknown) =>
      fetch(`${lab.emulator.controlUrl ?? ''}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const document = lab.ada.request('asset.create', `<namespace>${LAB}</namespace><name>full.bin</name>`);
    const body = Buffer.from(
      `--B\r\nContent-Disposition: form-data; name="request"\r\n\r\n${document}\r\n--B\r\nContent-Disposition: form-data; name="nb-data-attachments"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name="filename"; filename="full.bin"\r\n\r\ncontent\r\n--B--\r\n`,
    );
    await control('POST', '/store', { full: true });
    await control('DELETE', '/calls');
    const sending = createConnection({ host: '127.0.0.1', port: Number(new URL(lab.emulator.url).port) });
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
    expect(textIn(await lab.ada.call('asset.exists', `<id>path=${LAB}/full.bin</id>`), 'exists')).toBe('false');
  });
});
