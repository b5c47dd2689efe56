// Every word that people read, by key, in ICU MessageFormat. English is complete; other languages come beside it.

import { IntlMessageFormat } from 'intl-messageformat';
import { access } from './en/access.js';
import { deliveries } from './en/deliveries.js';
import { reminders } from './en/reminders.js';

const english = { ...access, ...deliveries, ...reminders };

export type MessageKey = keyof typeof english;
export type Values = Record<string, string | number>;

const compiled = new Map<MessageKey, IntlMessageFormat>();

/** The message in English with its values put in. */
export function say(key: MessageKey, values: Values = {}): string {
  let message = compiled.get(key);
  if (!message)
    compiled.set(key, (message = new IntlMessageFormat(english[key], 'en', undefined, { ignoreTag: true })));
  return String(message.format(values));
}

/** All keys, for the test that looks for missing and unused ones. */
export const messageKeys = Object.keys(english) as MessageKey[];
