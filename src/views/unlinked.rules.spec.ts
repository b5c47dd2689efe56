import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unlinked } from './unlinked.rules.js';

/** How mail programs and libraries find links in text, from strict to lax. */
const FINDERS = {
  scheme: /\b[a-z][a-z0-9+.-]*:\/?\/?[^\s\u2060]/iu,
  'scheme, anything after it': /\bhttps?:\/\/\S+/iu,
  'no scheme': /(?:^|\s)\/\/\S+/u,
  www: /\bwww\.\S+/iu,
  domain: /[\p{L}\p{N}-]\.(?:[a-z]{2,}|xn--[a-z0-9-]+)\b/iu,
  'domain in any script': /[\p{L}\p{N}-][.\u3002\uff0e\uff61]\p{L}{2,}/u,
  // As linkify-it reads: signs that are neither space nor punctuation are letters, so a joiner may be in a label, but
  // a top domain is a known one.
  'domain with joiners for letters': /[^\s\p{P}\p{S}]\.(?:com|org|net|edu|zip|de|info|dev)\b/iu,
  mail: /[^\s@\u2060]+@[^\s@\u2060]+/u,
  IPv4: /\b\d{1,3}(?:\.\d{1,3}){3}\b/u,
};
const found = (text: string) => Object.entries(FINDERS).flatMap(([name, finder]) => (finder.test(text) ? [name] : []));

it.each([
  'https://evil.example/login',
  'HTTPS://EVIL.EXAMPLE',
  'http:evil.example',
  '//evil.example/a',
  'www.evil.example',
  'WWW.evil',
  'evil.com',
  'sub.host1.evil.org/path?x=1',
  'a-b.zip',
  '4you.net',
  'bücher.de',
  'xn--bcher-kva.de',
  '例え.テスト',
  'evil。com',
  'ada@evil.example',
  'mailto:ada@evil.example',
  'javascript:alert(1)',
  'ftp://10.0.0.1/a',
  '192.168.1.1',
  'see (www.evil.example), or <https://evil.example>.',
  'evil\u2060.com',
])('%s is no link, and reads the same', (text) => {
  expect(found(text)).not.toEqual([]);
  expect(found(unlinked(text))).toEqual([]);
  expect(unlinked(text).replaceAll('\u2060', '')).toBe(text.replaceAll('\u2060', ''));
});

it.each([
  '2020-08-18_18.20.37-32-4-fish',
  'Monday, 30 November 2026 at 09:00 (UTC+11, Australia/Melbourne)',
  'Montag, 30. November 2026',
  'Size: 1.5 GB, e.g. half of it. Then more',
])('%s stays as it is, to the letter', (text) => {
  expect(unlinked(text)).toBe(text);
});

it('leaves no link in any text, and changes nothing twice', () => {
  const piece = fc.constantFrom(
    'http',
    'https',
    ':',
    '/',
    '//',
    '.',
    'www',
    '@',
    'evil',
    'com',
    'org',
    ' ',
    '1',
    '-',
    'é',
    '。',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const once = unlinked(pieces.join(''));
      expect(found(once).filter((name) => name !== 'IPv4')).toEqual([]);
      expect(unlinked(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});
