import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes, formatInstant, timeLeft } from './format.rules.js';
import { messageKeys } from './say.js';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_500, '1.5 kB'],
  [20_000_000_000, '20 GB'],
  [999_999, '1 MB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it('writes a moment with its zone', () => {
  expect(formatInstant(new Date('2026-11-29T22:00:00Z'), 'Australia/Melbourne')).toBe(
    'Monday, 30 November 2026 at 09:00 (UTC+11, Australia/Melbourne)',
  );
  expect(formatInstant(new Date('2026-11-29T22:00:00Z'), 'Asia/Kolkata')).toContain('(UTC+05:30, Asia/Kolkata)');
});

it('promises no more time than there is', () => {
  const until = new Date('2026-03-31T00:00:00Z');
  expect(timeLeft(new Date('2026-03-01T00:00:00Z'), until)).toBe('30 days');
  expect(timeLeft(new Date('2026-03-01T00:00:01Z'), until)).toBe('29 days');
  expect(timeLeft(new Date('2026-03-30T23:00:00Z'), until)).toBe('1 hour');
  expect(timeLeft(new Date('2026-03-30T23:59:30Z'), until)).toBe('less than a minute');
});

it('says every message somewhere', () => {
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes(join('language', 'en')),
    )
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
  // A key may be put together of a part that is chosen: `methods.${method}.title`.
  const patterns = [...sources.matchAll(/[`']([a-zA-Z]+(?:[.-][\w${}.-]+)*)[`']/g)].map(
    ([, text = '']) =>
      new RegExp(
        `^${text
          .split(/\$\{[^}]*\}/)
          .map((part) => part.replace(/[.\\]/g, '\\$&'))
          .join('[\\w-]+')}$`,
      ),
  );
  expect(messageKeys.filter((key) => !patterns.some((pattern) => pattern.test(key)))).toEqual([]);
});
