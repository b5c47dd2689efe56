import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { MediafluxError } from './errors.js';
import { ConnectFailed, transportError } from './network-errors.js';

const coded = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

describe('a failed exchange', () => {
  it.each([
    ...['EAI_AGAIN', 'ENOTFOUND', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNREFUSED'],
    ...['ECONNABORTED', 'ERR_SSL_WRONG_VERSION_NUMBER', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_STREAM_PREMATURE_CLOSE'],
    ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET'],
    ...['UND_ERR_CLOSED', 'UND_ERR_DESTROYED'],
  ])('with %s is Mediaflux out of reach', (code) => {
    expect(transportError(coded(code), undefined, 'a.b')).toMatchObject({
      name: 'MediafluxError',
      kind: 'unreachable',
      service: 'a.b',
      message: `Mediaflux cannot be reached (${code}).`,
      cause: { code },
    });
  });

  it.each(['ENOENT', 'EACCES', 'EIO', 'EMFILE', 'ENOSPC', 'UND_ERR_INVALID_ARG', 'ERR_INVALID_ARG_TYPE', 'EBADF'])(
    'with %s is not of the network, and stays what it is',
    (code) => {
      const error = coded(code);
      expect(transportError(error, undefined, 'a.b')).toBe(error);
    },
  );

  it('without a connection is known as such, with one not', () => {
    for (const connecting of [
      coded('ECONNREFUSED', { syscall: 'connect' }),
      coded('ENOTFOUND', { syscall: 'getaddrinfo' }),
      coded('UND_ERR_CONNECT_TIMEOUT'),
      coded('ECONNREFUSED', { errors: [coded('ECONNREFUSED', { syscall: 'connect' })] }),
    ])
      expect(transportError(connecting)).toBeInstanceOf(ConnectFailed);
    for (const later of [coded('ECONNRESET', { syscall: 'read' }), coded('UND_ERR_SOCKET')])
      expect(transportError(later)).not.toBeInstanceOf(ConnectFailed);
  });

  it('by an answer that is no HTTP is malformed, and what was answered is not kept', () => {
    const error = Object.assign(new Error('Expected HTTP/'), { name: 'HTTPParserError', data: 'SECRET' });
    const known = transportError(error, undefined, 'a.b');
    expect(known).toMatchObject({ kind: 'malformed-reply', service: 'a.b' });
    expect(inspect(known, { depth: 10 })).not.toContain('SECRET');
  });
});

describe('a signal', () => {
  it('of the caller’s own stays its reason', () => {
    const reason = new Error('The user has stopped it.');
    expect(transportError(coded('UND_ERR_ABORTED'), AbortSignal.abort(reason), 'a.b')).toBe(reason);
  });

  it('that is a time limit is Mediaflux not answering', () => {
    const signal = AbortSignal.abort(new DOMException('Too late', 'TimeoutError'));
    expect(transportError(signal.reason, signal, 'a.b')).toMatchObject({ kind: 'unreachable', service: 'a.b' });
  });
});

it('an error of ours names the service, and keeps the one that it names', () => {
  expect(transportError(new MediafluxError('busy', 'x'), undefined, 'a.b')).toMatchObject({ service: 'a.b' });
  const named = new MediafluxError('busy', 'x', { service: 'c.d' });
  expect(transportError(named, undefined, 'a.b')).toBe(named);
  expect(named.service).toBe('c.d');
});
