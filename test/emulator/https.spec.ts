// The emulator with a certificate: calls, contents, errors and wrong bytes over https (reference 13.14).

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:https';
import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import { makeCertificate } from '../support/certificate.js';
import { freshFolder } from '../support/folders.js';
import { EMPTY_SUCCESS, textIn } from '../support/raw-client.js';

const { key, cert } = makeCertificate();
let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder(), tls: { key, cert } });
});
afterAll(() => emulator.close());

/** With a client that trusts the certificate and nothing else. */
function ask(method: string, path: string, body = '', trusted: Buffer = cert): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = body === '' ? {} : { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) };
    const sent = request(`${emulator.url}${path}`, { method, ca: trusted, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve(Buffer.concat(parts).toString()));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
const call = (service: string, attributes: string, args: string) =>
  ask(
    'POST',
    '/__mflux_svc__',
    `<request><service name="${service}"${attributes}><args>${args}</args></service></request>`,
  );
const logon = async (): Promise<string> =>
  textIn(
    await call('system.logon', '', '<domain>demo</domain><user>researcher</user><password>researcher</password>'),
    'session',
  );

describe('over https', () => {
  it('answers calls to who trusts the certificate, and to nobody else', async () => {
    expect(emulator.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await ask('GET', '/aterm')).toBe('Mediaflux emulator\n');
    const session = await logon();
    expect(await call('server.ping', ` session="${session}"`, '')).toBe(EMPTY_SUCCESS);
    expect(await call('network.describe', ` session="${session}"`, '<type>https</type>')).toContain('ssl="true"');
    await expect(ask('GET', '/aterm', '', makeCertificate().cert)).rejects.toThrow(/certificate|self-signed/);
  });

  it('tells the connection in the context of an error', async () => {
    const reply = await call('asset.namespace.describe', ` session="${await logon()}"`, '<namespace>/x</namespace>');
    expect(textIn(reply, 'message')).toMatch(
      /\n {2}called by: .*: network: ctime=.*, origin=\/127\.0\.0\.1, received=\d+ \[[^\]]+\], sent=\d+ \[[^\]]+\]$/,
    );
  });

  it('answers what is no request with a sentence, and plain bytes with nothing', async () => {
    const port = Number(new URL(emulator.url).port);
    const received = (socket: ReturnType<typeof connect>): Promise<string> =>
      new Promise((resolve) => {
        let text = '';
        socket.on('data', (part) => (text += part.toString('latin1')));
        socket.on('error', () => undefined).on('close', () => resolve(text));
      });
    const secure = connectSecurely({ host: '127.0.0.1', port, ca: cert }, () => secure.write('--no request\r\n\r\n'));
    expect(await received(secure)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*not in the form of HTTP\.\n$/);
    const bare = connect(port, '127.0.0.1', () => bare.write('GET /aterm HTTP/1.1\r\nHost: x\r\n\r\n'));
    expect(await received(bare)).not.toContain('HTTP/1.1 200');
    expect(await ask('GET', '/aterm')).toBe('Mediaflux emulator\n');
  });
});
