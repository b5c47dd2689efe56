// A key and a certificate of one's own for 127.0.0.1, and names, made without any program: an X.509 certificate is a few nested
// records in DER (RFC 5280), which the key signs.

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
};
const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

const ECDSA_WITH_SHA256 = sequence(der(0x06, hex('2a8648ce3d040302')));
const COMMON_NAME = hex('550403');
const ALTERNATIVE_NAMES = hex('551d11');
const BASIC_CONSTRAINTS = hex('551d13');

/** `YYMMDDHHMMSSZ`, as dates of this century are written. */
const time = (date: Date): Buffer =>
  der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

/** Both in PEM. It is valid from an hour ago for a day, and is its own authority. */
export function makeCertificate(names: readonly string[] = []): { key: Buffer; cert: Buffer } {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const name = sequence(der(0x31, sequence(der(0x06, COMMON_NAME), der(0x0c, Buffer.from('emulator test')))));
  const now = Date.now();
  const extension = (identifier: Buffer, value: Buffer): Buffer => sequence(der(0x06, identifier), der(0x04, value));
  const body = sequence(
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, hex('01')),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date(now - 3_600_000)), time(new Date(now + 86_400_000))),
    name,
    createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        extension(BASIC_CONSTRAINTS, sequence(der(0x01, hex('ff')))),
        extension(
          ALTERNATIVE_NAMES,
          sequence(der(0x87, Buffer.from([127, 0, 0, 1])), ...names.map((host) => der(0x82, Buffer.from(host)))),
        ),
      ),
    ),
  );
  const signature = sign('sha256', body, privateKey);
  const whole = sequence(body, ECDSA_WITH_SHA256, der(0x03, Buffer.concat([hex('00'), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: Buffer.from(privateKey),
    cert: Buffer.from(`-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`),
  };
}
