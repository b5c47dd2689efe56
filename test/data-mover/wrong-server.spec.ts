// What no waiting mends: addresses that are none, certificates that do not hold, something else that answers.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DispatchClient } from '../../data-mover/dispatch-api/client.js';
import { MediafluxLink } from '../../data-mover/transfer/mediaflux-link.js';
import { makeCertificate } from '../support/certificate.js';
import { freshFolder } from '../support/folders.js';
import { type Finished, root } from '../support/program.js';
import { Front } from './front.js';
import { Mover } from './stage.js';

const work = freshFolder();
const folder = join(work, 'in');
let front: Front;
let secure: Server;
let secureUrl: string;

beforeAll(async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'a');
  front = await Front.before('http://127.0.0.1:9');
  secure = createServer(makeCertificate(), (_, response) => response.end('{}'));
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  secureUrl = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
});
afterAll(async () => {
  secure.closeAllConnections();
  await new Promise<void>((resolve) => secure.close(() => resolve()));
  await front.close();
});

const upload = (url: string, token = 'a-token'): Promise<Finished> => run(url, token, folder);

const run = (url: string, token: string, path: string): Promise<Finished> =>
  mover('upload', '--url', url, '--token', token, '--to', 'ada@example.org', path);

function mover(...args: string[]): Promise<Finished> {
  const { NODE_OPTIONS: _, INIT_CWD: __, ...env } = process.env;
  const program = join(root, 'dist', 'data-mover', 'main.js');
  return new Mover(
    spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, CI: 'true', DATA_MOVER_STATE: join(work, 'state') },
    }),
  ).finished;
}

describe('wrong use, told at once', () => {
  it.each(['htp://dispatch.example.org', 'dispatch.example.org', 'ftp://dispatch.example.org'])(
    'is %s as a server',
    async (url) => {
      const { code, stderr } = await upload(url);
      expect(code).toBe(2);
      expect(stderr).toBe(
        'The server in --url and --token is no web address; it looks like https://dispatch.example.org\n',
      );
    },
  );

  it('is a token with a line break in it', async () => {
    const { code, stderr } = await upload(front.url, 'half\nother half');
    expect(code).toBe(2);
    expect(stderr).toContain('The token in --url and --token holds a space, a line break');
    expect(stderr).not.toContain('half\n');
  });

  it('is a server that has moved, with its new address and nothing of the path', async () => {
    front.answer(/POST .*uploads$/, { status: 301, headers: { location: 'https://new.example.org/api/v1/secret' } });
    const { code, stderr } = await upload(front.url);
    expect(code).toBe(2);
    expect(stderr).toContain(`The server at ${front.url} sends everybody on to https://new.example.org (301).`);
    expect(stderr).not.toContain('secret');
  });
});

describe('a failure, told at once and with what to do', () => {
  it('is a logon page of the network', async () => {
    const body = '<!doctype html><title>Welcome to the guest network</title>';
    front.answer(/POST .*uploads$/, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body });
    const { code, stderr } = await upload(front.url);
    expect(code).toBe(1);
    expect(stderr).toContain('is not the dispatch server: it answered with text/html.');
    expect(stderr).toContain('logon page of the network');
  });

  it.each([
    [401, 'logon page'],
    [403, 'A proxy or a logon page'],
    [404, 'Is the address right?'],
    [407, 'wants a logon of its own'],
    [410, 'A proxy or a logon page'],
    [413, 'takes no request of this length'],
  ])('is a proxy that answers %i in words of its own, which say nothing of the token', async (status, advice) => {
    const body = '<html><body>Refused by the gateway</body></html>';
    front.answer(/POST .*uploads$/, { status, headers: { 'content-type': 'text/html' }, body });
    const { code, stderr } = await upload(front.url);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(advice) });
    expect(stderr).toContain(`is not the dispatch server: it answered ${status} with text/html.`);
  });

  it.each([404, 410])('is a proxy that answers %i to a link, which may be good all the same', async (status) => {
    front.answer(/GET/, { status, headers: { 'content-type': 'text/html' }, body: 'not found' });
    const { code, stderr } = await mover('download', `${front.url}/s/${'x'.repeat(43)}`, join(work, 'out'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is not the dispatch server') });
  });

  it('is https where http is spoken', async () => {
    const { code, stderr } = await upload(front.url.replace('http:', 'https:'));
    expect(code).toBe(1);
    expect(stderr).toContain('Is https right there, or is it http?');
  });

  it('is a certificate that this computer does not trust', async () => {
    const { code, stderr } = await upload(secureUrl);
    expect(code).toBe(1);
    expect(stderr).toContain(`does not trust the certificate of ${secureUrl} (`);
    expect(stderr).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('is such a certificate of Mediaflux', async () => {
    const credential = {
      url: secureUrl,
      namespace: '/a',
      token: 't',
      expiresAt: new Date(Date.now() + 1e6).toISOString(),
    };
    const link = new MediafluxLink(credential, {
      connections: 1,
      giveUpAfterMs: 600_000,
      note: () => undefined,
      signal: new AbortController().signal,
      renew: () => Promise.resolve(credential),
      millisecondsUntil: () => 1e6,
    });
    await expect(link.makeFolder('b')).rejects.toThrow(`no safe connection to Mediaflux at ${secureUrl}`);
    await link.close();
  });

  it('is a disk that cannot be read while lines are sent', async () => {
    front.answer(/PUT/, { status: 204 }, 1_000_000);
    const client = new DispatchClient({
      server: front.url,
      giveUpAfterMs: 600_000,
      note: () => undefined,
      signal: new AbortController().signal,
    });
    const lines = function* (): Generator<string> {
      yield 'first\n';
      throw Object.assign(new Error('i/o error, read'), { code: 'EIO' });
    };
    await expect(client.sendManifest('/lines', lines)).rejects.toMatchObject({ code: 'EIO' });
  });
});
