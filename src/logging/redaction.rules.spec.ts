import { expect, it } from '@jest/globals';
import { redact } from './redaction.rules.js';

it.each([
  ['postgres://user:secret@host/db failed', 'secret'],
  ['Authorization: Bearer abcDEF123', 'abcDEF123'],
  ['GET /s/fC1Ftn9k2V9gSz_wlXhCrjAd-R6Te-0HB4mQr1Fmzjs', 'fC1Ftn9k2V9gSz'],
  ['/mflux/execute.mfjp?token=AbC123&filename=x', 'AbC123'],
  ['<password>hunter2</password>', 'hunter2'],
  ['mail to ada@example.org bounced', 'ada@example.org'],
  ['is invalid: IVRIGZQcQ25LDLQZA7YfSg1O, 1', 'IVRIGZQcQ25LDLQZA7YfSg1O'],
  ['a key without a digit: IVRIGZQcQwLDLQZAfYfSgOpe', 'IVRIGZQcQ'],
  ['token kuL1KKe6rGC-p-YzkJUyo_yDBzQSlrJr3ifgJw6F8Vs', 'kuL1KKe6rGC'],
])('%j loses its secret', (text, secret) => {
  expect(redact(text)).not.toContain(secret);
});

it.each([
  'The upload 01a20d3c is complete.',
  'verify-01a2153f-1447-7102-8177-7b5a7546d4ee failed',
  '/projects/proj-microscopy-1128.4.15/2020-08-18_18.20.37-1-2/data is not there',
  'at GermanAndFrenchWordsOfEveryMail.run (file:///app/dist/src/mail/send-mails.processor.js:97:12)',
])('leaves other text as it is: %j', (text) => {
  expect(redact(text)).toBe(text);
});
