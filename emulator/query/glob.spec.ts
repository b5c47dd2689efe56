import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { globMatcher, type Characters } from './glob.js';

/** The meaning of a pattern, as a regular expression: fine for small texts, ruinous for large ones. */
const byExpression = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '[^]*')
      .replace(/\?/g, '[^]')}$`,
    'u',
  ).test(text);

const wordOf = (...letters: string[]) =>
  fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((word) => word.join(''));

/** The text, with every look at a character counted. */
function counted(text: string): Characters & { looks: number } {
  return {
    length: text.length,
    looks: 0,
    charCodeAt(index) {
      this.looks += 1;
      return text.charCodeAt(index);
    },
  };
}

describe('a pattern', () => {
  it('finds what the plain meaning of its signs finds', () => {
    fc.assert(
      fc.property(wordOf('a', 'b', '*', '?', '.', '\\', '😀'), wordOf('a', 'b', '.', '\\', '😀'), (pattern, text) => {
        expect(globMatcher(pattern)(text)).toBe(byExpression(pattern, text));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['*.txt', 'a.txt', true],
    ['*.txt', 'a.txt.gz', false],
    ['a*b*c', 'aXbYbZc', true],
    ['**', '', true],
    ['?', '', false],
    ['?', '😀', true],
    ['[a]', '[a]', true],
    ['a\nb*', 'a\nb\nc', true],
  ])('%j on %j is %p', (pattern, text, expected) => {
    expect(globMatcher(pattern)(text)).toBe(expected);
  });

  it.each([
    [`*${'a*'.repeat(20)}b`, 'a'.repeat(2_000)],
    [`*${'a'.repeat(50)}b`, 'a'.repeat(2_000)],
    [`${'*?'.repeat(50)}b`, 'a'.repeat(2_000)],
  ])('looks at each character at most twice for each place of the pattern: %s', (pattern, text) => {
    const characters = counted(text);
    expect(globMatcher(pattern)(characters)).toBe(false);
    expect(characters.looks).toBeLessThanOrEqual(2 * pattern.length * text.length);
  });
});
