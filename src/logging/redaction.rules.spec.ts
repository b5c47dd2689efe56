import { expect, it } from '@jest/globals';
import { redact } from './redaction.rules.js';

it.each([
  ['postgres://user:secret@host/db failed', 'secret'],
  ['Authorization: Bearer abcDEF123', 'abcDEF123'],
  ['GET /s/fC1Ftn9k2V9gSz_wlXhCrjAd-R6Te-0HB4mQr1Fmzjs', 'fC1Ftn9k2V9gSz'],
  ['/mflux/execute.mfjp?token=AbC123&filename=x', 'AbC123'],
  ['<password>hunter2</password>', 'hunter2'],
  ['mail to ada@example.org bounced', 'ada@example.org'],
])('%j loses its secret', (text, secret) => {
  expect(redact(text)).not.toContain(secret);
});

it('leaves other text as it is', () => {
  expect(redact('The upload 01a20d3c is complete.')).toBe('The upload 01a20d3c is complete.');
});
