// Text that people type. What cannot be written in XML is refused where it is typed, not found when a document in
// Mediaflux, a `settings.xml` or a mail is made of it: control characters, U+FFFE, U+FFFF and half of a pair (XML 1.0,
// "Char": https://www.w3.org/TR/xml/#charsets). C1 control characters and NEL could be written, and are refused with
// the others: nobody types them.

import { z } from 'zod';

const UNWRITABLE = /[\ufffe\uffff\p{Cs}]/u;
const CONTROL = /\p{Cc}/u;
const CONTROL_IN_LINES = /[^\P{Cc}\t\n\r]/u;
const LINE_BREAK = /[\u2028\u2029]/u;
/** They turn the direction of whatever follows them in a mail's header or a page. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/u;

/** Why a text of one line, or of lines, cannot be kept; undefined when it can. */
export function textFault(text: string, shape: 'one-line' | 'lines'): string | undefined {
  if (UNWRITABLE.test(text)) return 'must not hold half characters or U+FFFE and U+FFFF, which cannot be written';
  if (shape === 'lines') return CONTROL_IN_LINES.test(text) ? 'must not hold control characters' : undefined;
  return CONTROL.test(text) || LINE_BREAK.test(text) || DIRECTION.test(text)
    ? 'must not hold line breaks or control characters'
    : undefined;
}

/** A text that can be written anywhere; its length is for the caller to bound. */
export const typedText = (shape: 'one-line' | 'lines' = 'one-line') =>
  z.string().superRefine((text, context) => {
    const message = textFault(text, shape);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** One line for people to read: trimmed, not empty. */
export const oneLine = (longest: number) =>
  typedText().trim().min(1, 'must not be empty').max(longest, `must have at most ${longest} characters`);
