// An instrument computer whose only way to the dispatch server and to Mediaflux is the HTTP proxy of its institution.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { makeCertificate } from '../support/certificate.js';
import { bytesOf, contentsOf, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { InstitutionProxy } from './institution-proxy.js';
import { closedPort, OtherNetwork } from './other-network.js';
import { type Mover, Stage } from './stage.js';

const SERVER = 'http://dispatch.example.org';
const MEDIAFLUX = 'https://mediaflux.example.org';
let stage: Stage;
let network: OtherNetwork;
let proxy: InstitutionProxy;
let settings: string;
let certificate: string;
const secure = makeCertificate(['mediaflux.example.org']);
const tls = createTlsServer(secure, (socket) => {
  const onward = connect(Number(new URL(stage.emulator.url).port), '127.0.0.1');
  socket.pipe(onward).pipe(socket);
  for (const end of [socket, onward]) end.on('error', () => end.destroy());
  socket.on('close', () => onward.destroy());
});

beforeAll(async () => {
  const nowhere = `http://127.0.0.1:${await closedPort()}`;
  // The server does not follow these variables, or it would reach nobody.
  stage = await Stage.open({ HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, http_proxy: nowhere, https_proxy: nowhere });
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  network = await OtherNetwork.before(stage.program.endpoints.server, MEDIAFLUX);
  proxy = await InstitutionProxy.before(
    new Map([
      ['dispatch.example.org:80', Number(new URL(network.url).port)],
      ['mediaflux.example.org:443', (tls.address() as AddressInfo).port],
    ]),
  );
  settings = join(stage.work, 'outside.xml');
  const { server } = stage.program.endpoints;
  writeFileSync(settings, readFileSync(stage.settings, 'utf8').replace(server, SERVER));
  certificate = join(stage.work, 'ca.pem');
  writeFileSync(certificate, secure.cert);
});
beforeEach(() => {
  proxy.requests.length = 0;
  proxy.wants = undefined;
  proxy.refuses = { status: 403, times: 0 };
});
afterAll(async () => {
  await Promise.all([network.close(), proxy.close(), new Promise((resolve) => tls.close(resolve))]);
  await stage.close();
});

const throughIt = (login = ''): Record<string, string> => ({
  // One variable of either case.
  HTTPS_PROXY: `http://${login}${proxy.host}`,
  http_proxy: `${login}${proxy.host}`,
  NODE_EXTRA_CA_CERTS: certificate,
});

const upload = (env: Record<string, string>, to: string, folder: string, ...more: string[]): Mover =>
  stage.moverWith(env, 'upload', '--settings', settings, '--to', to, ...more, folder);

it('uploads, downloads and checks through it, with the user and password that it wants', async () => {
  proxy.wants = 'scope:p@ss';
  const env = throughIt('scope:p%40ss@');
  const folder = join(stage.work, 'in');
  writeTree(folder, { 'a/scan.raw': bytesOf('scan', 9_000_000), 'b.txt': 'b', 'empty.txt': '' });
  const sent = await upload(env, 'ada@example.org', folder, '--piece-above', '4MB', '--piece-size', '2MB').finished;
  expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('Uploaded and verified') });
  expect(proxy.requests).toContain('CONNECT mediaflux.example.org:443');
  expect(proxy.requests).toContain(`POST ${SERVER}/api/v1/uploads`);

  const link = linkIn(await stage.program.mailbox.next('ada@example.org', /your data/));
  const out = join(stage.work, 'out');
  const here = link.replace(stage.program.endpoints.server, SERVER);
  expect(await stage.moverWith(env, 'download', here, out).finished).toMatchObject({ code: 0 });
  expect(contentsOf(out)).toEqual(contentsOf(folder));

  const checked = await stage.moverWith(env, 'check', '--settings', settings).finished;
  expect(checked.code).toBe(0);
  expect(checked.stdout).toMatch(/^Ready: .*both are reached through the proxy http:\/\/127\.0\.0\.1:\d+; the clocks/);
  const logs = readdirSync(stage.state, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.log'));
  const written = logs.map((path) => readFileSync(join(stage.state, path), 'utf8')).join('');
  expect(logs).not.toHaveLength(0);
  for (const text of [written, sent.stderr, sent.stdout, checked.stdout]) expect(text).not.toMatch(/p@ss|p%40ss/);
});

it('waits while it cannot reach Mediaflux, and says so', async () => {
  const folder = join(stage.work, 'waits');
  writeTree(folder, { 'a.txt': 'a' });
  proxy.refuses = { status: 503, times: 2 };
  const { code, stderr } = await upload(throughIt(), 'bea@example.org', folder).finished;
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /The proxy http:\S+, which HTTPS_PROXY names, cannot connect to mediaflux\.example\.org:443 \(503\)\. Waiting for it/,
  );
});

it('is not asked for this computer itself', async () => {
  const folder = join(stage.work, 'here');
  writeTree(folder, { 'a.txt': 'a' });
  const args = ['upload', '--settings', stage.settings, '--to', 'cleo@example.org', folder];
  expect(await stage.moverWith(throughIt(), ...args).finished).toMatchObject({ code: 0 });
  expect(proxy.requests).toEqual([]);
});

describe('what is wrong with it is told, by name and without its password', () => {
  const check = async (env: Record<string, string>): Promise<string> => {
    const { code, stdout, stderr } = await stage.moverWith(env, 'check', '--settings', settings).finished;
    expect({ code: code === 0, stdout }).toEqual({ code: false, stdout: '' });
    expect(stderr).not.toContain('secret');
    return stderr;
  };

  it('that it wants a user and a password', async () => {
    proxy.wants = 'scope:right';
    // For the server, which is asked first.
    expect(await check(throughIt())).toMatch(
      /The proxy http:\S+ wants a user and a password \(407\): write them into http_proxy, as/,
    );
    const toMediaflux = { ...throughIt(), http_proxy: `scope:right@${proxy.host}` };
    expect(await check(toMediaflux)).toMatch(
      /The proxy http:\S+ wants a user and a password \(407\): write them into HTTPS_PROXY.*\(The rest is right/,
    );
    const wrong = { ...toMediaflux, HTTPS_PROXY: `http://scope:secret@${proxy.host}` };
    expect(await check(wrong)).toMatch(/does not take the user and password that HTTPS_PROXY holds \(407\)/);
  });

  it('that it lets nobody through to Mediaflux', async () => {
    proxy.refuses = { status: 403, times: 100 };
    expect(await check(throughIt('scope:secret@'))).toMatch(
      /does not let this computer connect to mediaflux\.example\.org:443 \(403\)\. Ask the network's administrators/,
    );
    const folder = join(stage.work, 'refused');
    writeTree(folder, { 'a.txt': 'a' });
    const { code, stderr } = await upload(throughIt(), 'dan@example.org', folder).finished;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('name it in NO_PROXY') });
  });

  it('that it is not there', async () => {
    const nowhere = `http://scope:secret@127.0.0.1:${await closedPort()}`;
    expect(await check({ ...throughIt(), http_proxy: nowhere })).toMatch(
      /dispatch\.example\.org cannot be reached \(ECONNREFUSED\)\. It is asked through the proxy http:\S+, as http_proxy says\./,
    );
    expect(await check({ ...throughIt(), HTTPS_PROXY: nowhere })).toMatch(
      /cannot reach Mediaflux at https:\S+ through the proxy http:\S+ \(HTTPS_PROXY\).*ECONNREFUSED.*in NO_PROXY/,
    );
  });

  it('that the variable names none', async () => {
    expect(await check({ ...throughIt(), http_proxy: 'socks5://scope:secret@127.0.0.1' })).toMatch(
      /^http_proxy names no HTTP proxy; it looks like http:\/\/proxy\.example\.org:8080$/m,
    );
  });
});
