import { expect, it } from '@jest/globals';
import { english } from './en/index.js';
import { factsOf, type Language } from './languages.js';
import type { Catalogue } from './messages.js';
import { sentence } from './messages.js';
import { Words, wordsFor } from './words.js';

const en = wordsFor('en');

/** Words of a catalogue made up here, and what it warned about. */
function wordsOf(language: Language, catalogue: Catalogue): { words: Words; warned: (string | undefined)[] } {
  const warned: (string | undefined)[] = [];
  const words = new Words(language, factsOf(language), catalogue, en, ({ key }) => warned.push(key));
  return { words, warned };
}

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_500, '1.5 kB'],
  [99_960, '100 kB'],
  [20_000_000_000, '20 GB'],
  [999_999, '1 MB'],
])('%i bytes are %s', (bytes, text) => {
  expect(en.bytes(bytes)).toBe(text);
});

it.each([
  [1, '1 file'],
  [1_200, '1,200 files'],
])('%i is said as %s', (count, text) => {
  expect(en.files(count)).toBe(text);
});

it('writes a moment with its zone', () => {
  const instant = new Date('2026-11-29T22:00:00Z');
  expect(en.instant(instant, 'Australia/Melbourne')).toBe(
    'Monday, 30 November 2026 at 09:00 (UTC+11, Australia/Melbourne)',
  );
  expect(en.instant(instant, 'Asia/Kolkata')).toContain('(UTC+05:30, Asia/Kolkata)');
  expect(en.instant(instant, 'UTC')).toContain('(UTC)');
});

it('promises no more time than there is', () => {
  const until = new Date('2026-03-31T00:00:00Z');
  expect(en.timeLeft(new Date('2026-03-01T00:00:00Z'), until)).toBe('30 days');
  expect(en.timeLeft(new Date('2026-03-01T00:00:01Z'), until)).toBe('29 days');
  expect(en.timeLeft(new Date('2026-03-30T23:00:00Z'), until)).toBe('1 hour');
  expect(en.timeLeft(new Date('2026-03-30T23:59:30Z'), until)).toBe('less than a minute');
});

it.each<[Language, string, string, string]>([
  ['de', '1,5 kB', '29 Tage', 'Montag, 30. November 2026'],
  ['fr', '1,5 ko', '29 jours', 'lundi 30 novembre 2026'],
  ['es', '1,5 kB', '29 días', 'lunes, 30 de noviembre de 2026'],
  ['zh', '1.5 kB', '29天', '2026年11月30日 星期一'],
])('writes sizes, times and dates as %s does', (language, size, left, date) => {
  const { words } = wordsOf(language, { 'moment.full': '{date}|{time}|{zone}' });
  expect(words.bytes(1_500).replace(/\s/gu, ' ')).toBe(size);
  expect(words.timeLeft(new Date('2026-03-01T00:00:01Z'), new Date('2026-03-31T00:00:00Z')).replace(/\s/gu, ' ')).toBe(
    left,
  );
  expect(words.instant(new Date('2026-11-29T22:00:00Z'), 'Australia/Melbourne')).toBe(
    `${date}|09:00|UTC+11, Australia/Melbourne`,
  );
});

it.each<[string, string]>([
  ['2026-11-01T12:00:00Z', 'dimanche 1er novembre 2026'],
  ['2026-11-11T12:00:00Z', 'mercredi 11 novembre 2026'],
])('writes the first of a month as French does, and no other day so: %s', (instant, date) => {
  const { words } = wordsOf('fr', { 'moment.full': '{date}|{time}|{zone}' });
  expect(words.instant(new Date(instant), 'UTC')).toBe(`${date}|12:00|UTC`);
});

it('says a message in its language, and numbers by its rules', () => {
  const { words, warned } = wordsOf('de', {
    'page.back': 'Zurück zu den Daten',
    'quantity.files': '{count, plural, one {# Datei} other {# Dateien}}',
  });
  expect(words.say('page.back')).toBe('Zurück zu den Daten');
  expect(words.files(1_200)).toBe('1.200 Dateien');
  expect(words.tell(sentence('quantity.files', { count: 1 }))).toBe('1 Datei');
  expect(warned).toEqual([]);
});

it('leaves what people typed as it is, whatever it looks like', () => {
  const folder = "<b>{folder}</b> & '{x}'";
  expect(en.say('page.title', { folder })).toBe(`Data for you: ${folder}`);
});

it('says in English what a translation lacks or gets wrong, and warns of each once', () => {
  const { words, warned } = wordsOf('de', {
    'quantity.files': '{count, plural, one {# Datei}',
    'page.title': 'Daten für {name}',
  });
  for (const _ of [1, 2]) {
    expect(words.say('page.back')).toBe(english['page.back']);
    expect(words.files(2)).toBe('2 files');
    expect(words.say('page.title', { folder: 'x' })).toBe('Data for you: x');
  }
  expect(warned).toEqual(['page.back', 'quantity.files', 'page.title']);
});

it('takes English for a language that is not supported', () => {
  expect(wordsFor('tlh').say('page.back')).toBe(english['page.back']);
});
