import { describe, expect, it } from '@jest/globals';
import { xml } from './element.js';
import { errorOfReply, isServiceRefused, shortMessage } from './reply-errors.js';

const CLASS = 'arc.mf.server.Services$ExServiceError';
const told = (message: string, className = CLASS, causes: [message: string, className: string][] = []) =>
  xml(
    'reply',
    [
      xml('error', className),
      xml('sclass', 'java.lang.Throwable'),
      xml('message', message),
      ...causes.map(([text, name]) => xml('cause', [xml('error', name), xml('message', text)])),
    ],
    { type: 'error' },
  );
const kindOf = (message: string, className?: string, causes?: [string, string][], service = 'some.service') =>
  errorOfReply(told(message, className, causes), service).kind;
const CONTEXT =
  '\nContext:\n   02-Jan-2026 09:00:00.000 [0 sec(s) ago]: service: d:u [sid=1]: asset.set :name  "quota exceeded, session is not valid, no space left, already exists"';

describe('an error is of the kind that its sentence says', () => {
  it.each([
    ['session is not valid', 'session-expired'],
    ["call to service 'x' failed: The namespace '/x' does not exist or is not accessible", 'not-found'],
    ["call to service 'x' failed: The asset (id) 7 does not exist", 'not-found'],
    ["user 'd:u' (id=4) not granted MODIFY to service 'server.log'", 'not-permitted'],
    ["user 'd:u' (id=4) has not been granted ACCESS to service 'asset.query'", 'not-permitted'],
    ["user 'd:u' (id=4) not granted ADMINISTER to document:namespace 'NS:'", 'not-permitted'],
    ['No permission to access metadata for asset (id) 7', 'not-permitted'],
    ["The namespace 4 already contains an asset named 'x'", 'already-exists'],
    ["The namespace '/x' already exists", 'already-exists'],
    ['XPath args/project-id is invalid', 'invalid-arguments'],
    ['XPath tigerdata:project/ProjectID is invalid: missing value', 'invalid-arguments'],
    ["The document type 'T' does not contain an element 'E'", 'invalid-arguments'],
    ["The document type '' is not known", 'invalid-arguments'],
    ['Syntax error at line 1 Context: namespace=', 'invalid-arguments'],
    ['The server is in maintenance mode', 'busy'],
    ['The licence limit of 10 sessions has been reached', 'busy'],
    ['Too many users for this license', 'busy'],
    ['There is not enough space left in the store', 'store-full'],
    ['java.io.IOException: No space left on device', 'store-full'],
    ["The quota of the namespace '/x' is used up", 'store-full'],
    ['Quota exceeded', 'store-full'],
    ["call to service 'asset.query.iterate' failed: The session does not have an iterator (id): 4", 'service-error'],
    ['It broke', 'service-error'],
    ['', 'service-error'],
  ])('%s: %s', (message, kind) => {
    expect(kindOf(message)).toBe(kind);
    if (kind !== 'session-expired') expect(kindOf(`call to service 's' failed: ${message}${CONTEXT}`)).toBe(kind);
  });

  it('and of its classes or a cause, where they say it', () => {
    expect(kindOf('x', 'arc.mf.modules.asset.Asset$ExNameExists')).toBe('already-exists');
    expect(kindOf("call to service 'x' failed: y", CLASS, [['no', 'arc.mf.server.actor.ExNotAuthorized']])).toBe(
      'not-permitted',
    );
    expect(kindOf("call to service 'x' failed: y", CLASS, [['The store is full', CLASS]])).toBe('store-full');
    expect(kindOf('y', CLASS, [['session is not valid', CLASS]])).toBe('session-expired');
  });
});

describe('what a user wrote is not taken for what the server says', () => {
  it.each([
    "The asset 'session is not valid' broke",
    "call to service 'x' failed: the name 'session is not valid' is odd",
    'It broke: session is not valid',
    "It broke with 'no space left'",
    "It broke with 'a quota exceeded b'",
    "It broke with 'it's already exists, in maintenance mode'",
    "It broke with '/data/does not exist'",
    'It broke in /data/quota/no space/licence',
    `It broke${CONTEXT}`,
    `It broke Context: session is not valid`,
  ])('%s', (message) => {
    expect(kindOf(message)).toBe('service-error');
  });
});

describe('a logon', () => {
  const logon = (text: string, className?: string, causes?: [string, string][]) =>
    kindOf(`call to service 'system.logon' failed: ${text}`, className, causes, 'system.logon');

  it.each([
    'Authentication failure',
    'The password is not correct',
    'Invalid credentials',
    "user 'd:u' is not authorised",
    'The token has expired',
    'The secure identity token is not valid',
    'Invalid token',
  ])('that is refused with %s is refused for good', (text) => {
    expect(logon(text)).toBe('not-authenticated');
  });

  it('is refused for good by its classes too', () => {
    expect(logon('no', 'arc.mf.server.actor.ExNotAuthorized')).toBe('not-authenticated');
    expect(logon('no', CLASS, [['no', 'arc.mf.server.ExAuthenticationFailed']])).toBe('not-authenticated');
  });

  it.each([
    ['The server is in maintenance mode', 'busy'],
    ['The licence limit has been reached: authentication is not possible', 'busy'],
    ['There is not enough space left in the store', 'store-full'],
    ['Authentication failed: the LDAP server cannot be reached', 'service-error'],
    ['Authentication is temporarily not possible', 'service-error'],
    ['Connection timed out while the password was checked', 'service-error'],
    ["The domain 'x' does not exist", 'service-error'],
    ['It broke', 'service-error'],
  ])('that fails with %s may pass: %s', (text, kind) => {
    expect(logon(text)).toBe(kind);
  });
});

it.each([
  ["call to service 'a' failed: It is gone", 'It is gone'],
  [
    "call to service 'service.execute' failed: error executing service [idx=0] asset.get: call to service 'asset.get' failed: It is gone\nContext:\n   :password \"x\"",
    'It is gone',
  ],
  ["call to service 'service.execute' failed: error executing service [idx=12] asset.get: It is gone", 'It is gone'],
  ['It is gone Context: :password "x"', 'It is gone'],
  ['Context: :password "x"', ''],
  ['Syntax error in query: x\nContext: y', 'Syntax error in query: x'],
  ['Syntax error: unexpected token Context near y', 'Syntax error: unexpected token'],
  ["call to service 'a' failed: ", "call to service 'a' failed:"],
  ['two\n   lines', 'two lines'],
  ["It broke: call to service 'a' failed: inside", "It broke: call to service 'a' failed: inside"],
])('the short form of %j is %j', (message, short) => {
  expect(shortMessage(message)).toBe(short);
});

it('a long sentence is cut, between words', () => {
  expect(shortMessage('It broke '.repeat(1_000))).toMatch(/^(?:It broke ){66}It …$/);
  expect(shortMessage(`It broke at ${'x'.repeat(5_000)}`)).toBe('It broke at …');
});

it.each([
  ["call to service 'x' failed: user 'd:u' (id=4) not granted MODIFY to service 'server.io.write'", true],
  ["call to service 'x' failed: The service 'server.io.write' is not known", true],
  ["Service 'server.io.write' not found or not accessible", true],
  ["The service 'server.io.write' does not exist", true],
  ['Unknown service: server.io.write', true],
  ["No such service 'server.io.write'", true],
  ['The IO job 12 does not exist', false],
  ["The asset 'service not known' does not exist", false],
  ['The piece could not be written', false],
])('%s: is the service refused, whatever it was called with? %s', (message, isRefused) => {
  expect(isServiceRefused(errorOfReply(told(message), 'server.io.write'))).toBe(isRefused);
});
