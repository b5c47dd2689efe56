// Links to archives and contents, in programs and in browsers.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { textIn } from '../support/raw-client.js';
import { contentsOfZip } from '../support/zip.js';
import { LAB, labOf } from './lab.js';
import { untilClosed } from './sockets.js';

const lab = labOf();

describe('an archive at its link', () => {
  it('is sent without a length and not in chunks, and ends by closing', async () => {
    await lab.put('in-archive.txt', 'archived');
    const made = await lab.ada.call(
      'secure.identity.token.create',
      `<role type="user">demo:researcher</role><service name="asset.archive.create"><where>namespace='${LAB}' and name='in-archive.txt'</where><format>zip</format></service>`,
    );
    const { head, body } = await untilClosed(
      lab.emulator.url,
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
    textIn(
      await lab.ada.call('secure.identity.token.create', `<role type="user">demo:researcher</role>${args}`),
      'token',
    );
  const ARCHIVE = `<service name="asset.archive.create"><where>namespace='${LAB}' and name='linked.txt'</where><format>zip</format><remove-path-prefix>${LAB}</remove-path-prefix></service>`;
  const namesIn = async (answer: Response): Promise<string[]> =>
    Object.keys(contentsOfZip(Buffer.from(await answer.arrayBuffer())));
  const ask = (path: string, init: RequestInit = {}) => fetch(`${lab.emulator.url}${path}`, init);
  let id: string;

  beforeAll(async () => {
    id = await lab.put('linked.txt', 'linked');
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
