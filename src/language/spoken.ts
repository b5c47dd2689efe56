// A message made ready to be said. Most are text with names put in, and a page says a hundred: those are put together
// here; whatever chooses by a number or writes one is left to the library.

import { IntlMessageFormat } from 'intl-messageformat';
import type { Values } from './messages.js';

export type Spoken = (values: Values) => string;

/** Of a message's parts (`TYPE` in @formatjs/icu-messageformat-parser, types.ts). */
const LITERAL = 0;
const ARGUMENT = 1;

type Piece = string | { name: string };

/**
 * @param text in ICU MessageFormat
 * @throws Error it cannot be read; and when it is said, a value is missing
 */
export function spoken(text: string, locale: string): Spoken {
  const message = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
  const byLibrary: Spoken = (values) => String(message.format(values));
  const pieces = message.getAst().map((part): Piece | undefined => {
    const type: number = part.type;
    if (type === LITERAL && 'value' in part) return String(part.value);
    return type === ARGUMENT && 'value' in part ? { name: String(part.value) } : undefined;
  });
  return pieces.includes(undefined) ? byLibrary : (values) => joined(pieces as Piece[], values) ?? byLibrary(values);
}

/** Undefined where a value is missing. */
function joined(pieces: readonly Piece[], values: Values): string | undefined {
  let text = '';
  for (const piece of pieces) {
    const value = typeof piece === 'string' ? piece : values[piece.name];
    if (value === undefined) return undefined;
    text += String(value);
  }
  return text;
}
