// The words of mails to end users that a platform may put in place of ours: subject, greeting, signature, each as one
// text or as one for each language. Placeholders are of a fixed set.

export const MAIL_TEXT_NAMES = ['subject', 'greeting', 'signature'] as const;
export type MailTextName = (typeof MAIL_TEXT_NAMES)[number];

export const PLACEHOLDERS = ['folder', 'size', 'until', 'platform'] as const;
export type PlaceholderValues = Record<(typeof PLACEHOLDERS)[number], string>;

/** One text for every language, or texts by language; null: ours. */
export type TextByLanguage = string | Readonly<Partial<Record<string, string>>> | null;
export type MailTexts = Readonly<Record<MailTextName, TextByLanguage>>;

export const NO_MAIL_TEXTS: MailTexts = { subject: null, greeting: null, signature: null };

/** Said to whoever typed a text with another placeholder, or with a brace. */
export const PLACEHOLDER_RULE = `may hold only these in braces: ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`;

const PLACEHOLDER = new RegExp(`\\{(${PLACEHOLDERS.join('|')})\\}`, 'g');

export const hasOnlyPlaceholders = (text: string): boolean => !/[{}]/.test(text.replace(PLACEHOLDER, ''));

/** The text for a mail in `language`, with its values put in; undefined: the platform has none for this language. */
export function mailTextFor(
  texts: MailTexts,
  name: MailTextName,
  language: string,
  values: PlaceholderValues,
): string | undefined {
  const text = texts[name];
  const chosen = typeof text === 'string' ? text : text?.[language];
  // Put in at once, so that a value with braces in it is never read again.
  return chosen?.replace(PLACEHOLDER, (_, placeholder: keyof PlaceholderValues) => values[placeholder]);
}

/** Does a subject say what and until when? */
export const isTelling = (subject: string): boolean => subject.includes('{folder}') && subject.includes('{until}');
