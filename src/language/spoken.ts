// A message made ready to be said. Most are text with names put in, some choose by a number, and a page says a hundred:
// these are put together here. Whatever else there is in ICU MessageFormat is left to the library.

import { IntlMessageFormat } from 'intl-messageformat';
import type { Values } from './messages.js';

/** @throws Error a value is missing */
export type Spoken = (values: Values) => string;

/** Of a message's parts (`TYPE` in @formatjs/icu-messageformat-parser, types.ts). */
const LITERAL = 0;
const ARGUMENT = 1;
const PLURAL = 6;
const POUND = 7;

interface Part {
  type: number;
  value?: unknown;
  options?: Record<string, { value: Part[] }>;
  offset?: number;
  pluralType?: string;
}

/** Undefined where a value is missing, or is none that can be said so. */
type Piece = (values: Values, counted: number | undefined) => string | undefined;

/**
 * @param text in ICU MessageFormat
 * @throws Error it cannot be read
 */
export function spoken(text: string, locale: string): Spoken {
  const message = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
  const byLibrary: Spoken = (values) => String(message.format(values));
  const piece = pieceOf(message.getAst(), locale);
  return piece ? (values) => piece(values, undefined) ?? byLibrary(values) : byLibrary;
}

/** Undefined where a part is of another type. */
function pieceOf(parts: readonly Part[], locale: string): Piece | undefined {
  const pieces = parts.map((part) => onePiece(part, locale));
  if (!pieces.every((piece) => piece !== undefined)) return undefined;
  return (values, counted) => {
    let text = '';
    for (const piece of pieces) {
      const said = piece(values, counted);
      if (said === undefined) return undefined;
      text += said;
    }
    return text;
  };
}

function onePiece({ type, value, ...choice }: Part, locale: string): Piece | undefined {
  const name = String(value);
  switch (type) {
    case LITERAL:
      return () => name;
    case ARGUMENT:
      return (values) => (values[name] === undefined ? undefined : String(values[name]));
    case PLURAL:
      return plural(name, choice, locale);
    case POUND: {
      const number = new Intl.NumberFormat(locale);
      return (_, counted) => (counted === undefined ? undefined : number.format(counted));
    }
    default:
      return undefined;
  }
}

function plural(name: string, { options = {}, offset, pluralType }: Omit<Part, 'type'>, locale: string) {
  const forms = new Map(Object.entries(options).map(([form, { value }]) => [form, pieceOf(value, locale)]));
  if (offset !== 0 || pluralType !== 'cardinal' || [...forms.values()].includes(undefined)) return undefined;
  const rules = new Intl.PluralRules(locale);
  return (values: Values): string | undefined => {
    const count = values[name];
    if (typeof count !== 'number') return undefined;
    return (forms.get(`=${count}`) ?? forms.get(rules.select(count)) ?? forms.get('other'))?.(values, count);
  };
}
