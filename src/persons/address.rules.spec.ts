import { expect, it } from '@jest/globals';
import { parseAddress } from './address.rules.js';

it.each([
  ['ada@example.org', 'ada@example.org', 'ada@example.org'],
  ['  Ada.B+c@Example.ORG ', 'Ada.B+c@example.org', 'ada.b+c@example.org'],
  ['ada\u2060@\u2060example.org\u200b', 'ada@example.org', 'ada@example.org'],
  ['ana@bücher.example', 'ana@xn--bcher-kva.example', 'ana@xn--bcher-kva.example'],
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
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});
