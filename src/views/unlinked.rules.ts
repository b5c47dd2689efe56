// What a person typed must not become a link: mail programs make one of anything that looks like an address. The rule:
// a word joiner (U+2060, seen by nobody) stands on both sides of every colon of a scheme, of `//`, of `@`, of `www.` and
// of each dot in a word before what could be a top domain, and of the dots of an IPv4 address. Both sides,
// because some programs take a word joiner for a letter of a domain, and browsers then drop it.

const JOINER = '\u2060';
/** The full stop and the three signs that browsers read as one in a domain (UTS 46). */
const DOT = '[.\\u3002\\uff0e\\uff61]';
const LINK_SIGNS = new RegExp(
  [
    '(?<=[a-z][a-z0-9+.-]*):(?=\\S)',
    '//',
    '[@\\uff20]',
    `(?<=\\bwww)${DOT}`,
    `(?<=\\S)${DOT}(?=\\p{L}[\\p{L}\\p{M}\\p{N}-])`,
    `(?<=\\b\\d{1,3})${DOT}(?=\\d{1,3}${DOT}\\d{1,3}${DOT}\\d{1,3}\\b)`,
  ].join('|'),
  'giu',
);

/** `www.example.org` reads the same and is no link. */
export const unlinked = (text: string): string =>
  text.replaceAll(JOINER, '').replace(LINK_SIGNS, (sign) => `${JOINER}${sign}${JOINER}`);
