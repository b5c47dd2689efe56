import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MediafluxError } from '../protocol/index.js';
import { Secrets } from './secrets.js';

const maskedBy = (secrets: Secrets, text: string): string =>
  (secrets.maskIn(new MediafluxError('service-error', text)) as Error).message;

describe('a secret', () => {
  it('is masked wherever it stands, whatever it is made of', () => {
    const word = fc.string({ unit: 'binary', minLength: 6, maxLength: 40 });
    fc.assert(
      fc.property(word, fc.string(), fc.string(), (token, before, after) => {
        const secrets = new Secrets({ token });
        expect(maskedBy(secrets, `before ${token} after`)).toBe('before ****** after');
        expect(maskedBy(secrets, `${before}${token}${after}`).replaceAll('******', '')).not.toContain(token);
      }),
    );
  });

  it.each([
    ['a&b<c>d', 'as a&amp;b&lt;c&gt;d or a&amp;b&lt;c>d', 'as ****** or ******'],
    ['a/b?c=d', 'at ?t=a%2Fb%3Fc%3Dd', 'at ?t=******'],
    ['pin', 'pin, (pin) spinning', '******, (******) spinning'],
    ['', 'nothing', 'nothing'],
  ])('%j is masked in %j', (token, text, masked) => {
    expect(maskedBy(new Secrets({ token }), text)).toBe(masked);
  });

  it('that is the user’s own name is none', () => {
    const secrets = new Secrets({ domain: 'demo', user: 'researcher', password: 'researcher' });
    expect(maskedBy(secrets, 'user demo:researcher')).toBe('user demo:researcher');
  });

  it('is masked in stack, causes and their causes too, and keys with it', () => {
    const secrets = new Secrets({ token: 'tok3nTok3n' });
    secrets.addKey('KEY1');
    const inner = new MediafluxError('service-error', 'inner KEY1', {
      causes: ['tok3nTok3n'],
      cause: new Error('KEY1'),
    });
    const error = new MediafluxError('busy', 'outer tok3nTok3n', { causes: ['of KEY1'], cause: inner });
    secrets.maskIn(error);
    expect([error.message, ...error.causes, inner.message, ...inner.causes, (inner.cause as Error).message]).toEqual([
      'outer ******',
      'of ******',
      'inner ******',
      '******',
      '******',
    ]);
    expect(`${error.stack ?? ''}${inner.stack ?? ''}`).not.toMatch(/tok3nTok3n|KEY1/);
  });
});
