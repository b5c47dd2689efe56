import { expect, it } from '@jest/globals';
import { parseAddress } from './address.rules.js';

it.each([
  ['ada@example.org', 'ada@example.org', 'ada@example.org'],
  ['  Ada.B+c@Example.ORG ', 'Ada.B+c@example.org', 'ada.b+c@example.org'],
  ['ada\u2060@\u2060example.org\u200b', 'ada@example.org', 'ada@example.org'],
  ['a\ufeffda@exam\u200bple.org', 'ada@example.org', 'ada@example.org'],
  ['ana@bücher.example', 'ana@xn--bcher-kva.example', 'ana@xn--bcher-kva.example'],
  ['ana@bu\u0308cher.example', 'ana@xn--bcher-kva.example', 'ana@xn--bcher-kva.example'],
  ['jose\u0301@example.org', 'jos\u00e9@example.org', 'jos\u00e9@example.org'],
  ['JOS\u00c9@example.org', 'JOS\u00c9@example.org', 'jos\u00e9@example.org'],
  ['ada@हिन्दी.example', 'ada@xn--j2bd4cyah0f.example', 'ada@xn--j2bd4cyah0f.example'],
])('%j is mailed to as %s', (text, address, key) => {
  expect(parseAddress(text)).toEqual({ address, key });
});

it.each([
  '',
  'ada',
  '@example.org',
  'ada@',
  'ada@localhost',
  'a b@example.org',
  'ada@exa mple.org',
  'ada@example.org\r\nBcc: x@y.org',
  'a@b@c..org',
  '<a@b.org>',
  '.a@b.org',
  `${'x'.repeat(65)}@b.org`,
  'a@127.0.0.1',
  'a\u200dda@example.org',
  'a\u00adda@example.org',
  'a\u202eda@example.org',
  'a\u2066da@example.org',
  'a\ud800da@example.org',
  'a\uffffda@example.org',
  'ada@exam\u00adple.org',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});
