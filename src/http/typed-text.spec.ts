import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { oneLine, textFault } from './typed-text.schema.js';

it.each(['a\ufffeb', '\uffff', 'a\ud800b', '\udc00', 'a\u0000b', '\u001f', '\u007f', 'a\u0085b', '\u009f'])(
  '%j is refused in one line and in lines',
  (text) => {
    expect(textFault(text, 'one-line')).toBeDefined();
    expect(textFault(text, 'lines')).toBeDefined();
  },
);

it.each(['a\nb', 'a\r\nb', 'a\tb', 'a\u2028b'])('%j is refused in one line and taken in lines', (text) => {
  expect(textFault(text, 'one-line')).toBeDefined();
  expect(textFault(text, 'lines')).toBeUndefined();
});

it.each(['', 'größe', '日本語', '\u{1f41f}', '\ufffd', '<&>"', '\ufdd0', '\u{1fffe}'])('%j is taken', (text) => {
  expect(textFault(text, 'one-line')).toBeUndefined();
});

it('a line is trimmed, and is neither empty nor too long', () => {
  expect(oneLine(5).parse('  a b ')).toBe('a b');
  for (const text of ['', '   ', 'abcdef', '\u0000']) expect(oneLine(5).safeParse(text).success).toBe(false);
});

/** @throws Error the text cannot stand in XML */
const read = (text: string): void => {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(`<note>${text.replace(/[&<>]/g, '.')}</note>`).close();
};

it('whatever is taken can be written as XML', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
      (any, units) => {
        for (const text of [any, units]) {
          if (textFault(text, 'lines') === undefined) expect(() => read(text)).not.toThrow();
        }
      },
    ),
  );
});
