// The search itself: it finds what is there in every form, and nothing where there is nothing.

import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { leaksIn, type Secret } from './secrets.js';

const address: Secret = { kind: 'address', label: 'her address', value: 'Ada.Love+x@Example.org' };
const password: Secret = { kind: 'password', label: 'a password', value: 'p&<"ä/5 %word' };

const FORMS: [string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['in capitals', (text) => text.toUpperCase()],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded by a form', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['in JSON', JSON.stringify],
  ['in HTML', (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
  ['hexadecimal', (text) => `\\x${Buffer.from(text).toString('hex')}`],
  ...['', 'x', 'xy', 'xyz'].map((before): [string, (text: string) => string] => [
    `in base64 after “${before}”`,
    (text) => Buffer.from(`${before}${text}, and so on`).toString('base64'),
  ]),
  ['in base64url', (text) => Buffer.from(`?${text}`).toString('base64url')],
];

describe('the search', () => {
  it.each(FORMS)('finds a secret %s', (_, write) => {
    for (const secret of [address, password])
      expect(leaksIn([{ where: 'a text', text: `some ${write(secret.value)} text` }], [secret])).toEqual([
        expect.stringMatching(new RegExp(`^a text: ${secret.label}, `)),
      ]);
  });

  it('takes the bare hash of an address for the address, and that of a token for none', () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const text = `${hash(address.value)} ${hash(address.value.toLowerCase())} ${hash(password.value)}`;
    expect(leaksIn([{ where: 'a text', text }], [address, password])).toEqual(['a text: her address, as its hash']);
  });

  it('finds nothing in what is only like it', () => {
    const text = 'ada.love@example.org Ada.Love+x@Example.or p&<"ä/5 %wor';
    expect(leaksIn([{ where: 'a text', text }], [address, password])).toEqual([]);
  });
});
