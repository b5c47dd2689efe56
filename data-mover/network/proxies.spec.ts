import { describe, expect, it } from '@jest/globals';
import { type Environment, proxyFor } from './proxies.js';

const addressFor = (url: string, env: Environment): string | undefined => proxyFor(url, env)?.address;
const PROXY = 'http://proxy.example.org:8080';
const BOTH = { HTTPS_PROXY: PROXY, HTTP_PROXY: 'http://plain.example.org:3128' };

describe('the proxy of an address', () => {
  it('is that of its scheme, of either case, the lower one first', () => {
    expect(addressFor('https://a.example.org', BOTH)).toBe(PROXY);
    expect(addressFor('http://a.example.org', BOTH)).toBe('http://plain.example.org:3128');
    expect(addressFor('https://a.example.org', { https_proxy: PROXY, HTTPS_PROXY: 'http://other' })).toBe(PROXY);
    expect(addressFor('https://a.example.org', { HTTP_PROXY: PROXY })).toBeUndefined();
    expect(addressFor('https://a.example.org', {})).toBeUndefined();
  });

  it('is none where the variable is empty, also when the other case says one', () => {
    expect(addressFor('https://a.example.org', { https_proxy: '', HTTPS_PROXY: PROXY })).toBeUndefined();
  });

  it('may be written without its scheme, and is told without user and password', () => {
    expect(addressFor('https://a.example.org', { https_proxy: 'proxy.example.org:8080' })).toBe(PROXY);
    expect(proxyFor('https://a.example.org', { HTTPS_PROXY: 'http://us%40er:p%3Aw@proxy.example.org:8080/' })).toEqual({
      address: PROXY,
      setting: 'HTTPS_PROXY',
      authorization: `Basic ${Buffer.from('us@er:p:w').toString('base64')}`,
    });
  });

  it.each(['socks5://proxy.example.org', 'http://', 'nonsense://x', 'http://u:secret%@proxy.example.org'])(
    'of %s is refused with the variable’s name, and nothing of its value',
    (value) => {
      expect(() => proxyFor('https://a.example.org', { HTTPS_PROXY: value })).toThrow(/^HTTPS_PROXY (?!.*secret)/);
    },
  );
});

describe('NO_PROXY', () => {
  const isDirect = (url: string, list: string): boolean => proxyFor(url, { ...BOTH, NO_PROXY: list }) === undefined;

  it.each([
    ['example.org', 'https://a.example.org', true],
    ['.example.org', 'https://a.example.org', true],
    ['*.example.org', 'https://b.a.example.org', true],
    ['example.org', 'https://example.org', true],
    ['ample.org', 'https://a.example.org', false],
    ['EXAMPLE.org', 'https://A.example.ORG', true],
    ['other.org, a.example.org', 'https://a.example.org', true],
    ['other.org a.example.org', 'https://a.example.org', true],
    ['a.example.org:8443', 'https://a.example.org', false],
    ['a.example.org:443', 'https://a.example.org', true],
    ['*', 'http://a.example.org', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/40', 'https://10.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3:8443', true],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['[fd00::1]:443', 'https://[fd00::1]', true],
    ['fd00::1', 'https://[fd00::1]', true],
    ['2.3', 'https://10.1.2.3', false],
    ['', 'https://a.example.org', false],
    [',', 'https://a.example.org', false],
  ])('of %s lets %s be reached directly: %s', (list, url, expected) => {
    expect(isDirect(url, list)).toBe(expected);
  });

  it('of lower case is the one that counts', () => {
    expect(addressFor('https://a.example.org', { ...BOTH, no_proxy: '', NO_PROXY: '*' })).toBe(PROXY);
  });

  it('need not name this computer itself', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]', '127.1.2.3'])
      expect(addressFor(`http://${host}:3000`, BOTH)).toBeUndefined();
  });
});
