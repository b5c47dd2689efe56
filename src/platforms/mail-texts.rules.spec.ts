import { expect, it } from '@jest/globals';
import { hasOnlyPlaceholders, mailTextFor, NO_MAIL_TEXTS } from './mail-texts.rules.js';

const values = { folder: 'F', size: '1 GB', until: 'Monday', platform: '{folder} & Co' };

it.each([
  ['Data {folder} ({size}) until {until} from {platform}', true],
  ['no placeholder', true],
  ['{name}', false],
  ['{folder', false],
  ['folder}', false],
  ['{{folder}}', false],
  ['{folder, select, other {x}}', false],
  ['{ folder }', false],
])('%s: only placeholders of the set, %s', (text, isAllowed) => {
  expect(hasOnlyPlaceholders(text)).toBe(isAllowed);
});

it('puts each value in once, whatever the values hold', () => {
  const texts = { ...NO_MAIL_TEXTS, subject: '{platform}: {folder}, {folder}' };
  expect(mailTextFor(texts, 'subject', 'en', values)).toBe('{folder} & Co: F, F');
});

it('uses the text of the mail’s language, and ours where there is none', () => {
  const texts = { ...NO_MAIL_TEXTS, greeting: { de: 'Guten Tag,' }, signature: 'The desk' };
  expect(mailTextFor(texts, 'greeting', 'de', values)).toBe('Guten Tag,');
  expect(mailTextFor(texts, 'greeting', 'en', values)).toBeUndefined();
  expect(mailTextFor(texts, 'signature', 'en', values)).toBe('The desk');
  expect(mailTextFor(texts, 'subject', 'en', values)).toBeUndefined();
});
