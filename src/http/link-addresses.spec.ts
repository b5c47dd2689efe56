import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressMeant } from './link-addresses.js';

const TOKEN = 'AbC-_0123456789AbC-_0123456789AbC-_01234567';
const token = fc.base64String({ minLength: 44, maxLength: 44 }).map((text) => text.replace(/[+/=]/g, '-').slice(0, 43));
const place = fc.constantFrom('', '/files', '/copy', '/copy/destination', '/copy/0196a000-0000-7000-8000-000000000001');
const query = fc.constantFrom('', '?lang=de', '?path=a/b.&x=)');

describe('the address of a link', () => {
  it.each(['/', '//', '.', ',', ')', '>', ').', '/.', '"', '%3E', '%3e', '%29.', '%22%3E'])(
    'is meant with %s behind it',
    (end) => {
      expect(addressMeant(`/s/${TOKEN}${end}`)).toBe(`/s/${TOKEN}`);
      expect(addressMeant(`/u/${TOKEN}${end}?lang=de`)).toBe(`/u/${TOKEN}?lang=de`);
      expect(addressMeant(`/s/${TOKEN}/copy${end}`)).toBe(`/s/${TOKEN}/copy`);
    },
  );

  it.each([
    `/s/${TOKEN}`,
    `/s/${TOKEN}?x=.`,
    `/s/${TOKEN}a/`,
    `/s/${TOKEN.slice(1)}/`,
    `/s/${TOKEN}.a`,
    `/s/${TOKEN}/../x`,
    `/s/${TOKEN}%zz`,
    `/s/${TOKEN}%0d%0a`,
    `/s/${TOKEN}*`,
    `/api/v1/shares/${TOKEN}/`,
    `//s/${TOKEN}/`,
    '/s/',
    '/',
  ])('is not guessed of %s', (url) => {
    expect(addressMeant(url)).toBeUndefined();
  });

  it('is itself never sent on, whatever the token, the place and the query', () => {
    fc.assert(
      fc.property(token, place, query, fc.constantFrom('/', '.', ').'), (name, at, asked, end) => {
        const address = `/s/${name}${at}${asked}`;
        expect(addressMeant(address)).toBeUndefined();
        expect(addressMeant(`/s/${name}${at}${end}${asked}`)).toBe(address);
      }),
    );
  });
});
