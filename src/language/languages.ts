// The languages. A translator adds `src/language/{code}/*.ts` and registers its catalogue below: from then on platforms
// and people can choose it, pages offer it, and the tests look at every message of it.

import { german } from './de/index.js';
import { english } from './en/index.js';
import { spanish } from './es/index.js';
import { french } from './fr/index.js';
import type { Catalogue } from './messages.js';
import { chinese } from './zh/index.js';

export interface LanguageFacts {
  /** What the language calls itself. */
  name: string;
  /** BCP 47, for `lang` in HTML. */
  tag: string;
  /** BCP 47, for the names of days and months and for numbers. */
  locale: string;
  /**
   * `cccc` weekday, `d` day, `LLLL` month, `L` its number, `yyyy` year, as in Luxon; text in apostrophes as it is. Weekday
   * and month in words, so that nobody takes a day for a month.
   */
  datePattern: string;
  /** What the first of a month is called where that is not its number: `1er`. */
  firstOfMonth?: string;
}

const FACTS = {
  en: { name: 'English', tag: 'en', locale: 'en-GB', datePattern: 'cccc, d LLLL yyyy' },
  de: { name: 'Deutsch', tag: 'de', locale: 'de', datePattern: 'cccc, d. LLLL yyyy' },
  fr: { name: 'Français', tag: 'fr', locale: 'fr', datePattern: 'cccc d LLLL yyyy', firstOfMonth: '1er' },
  es: { name: 'Español', tag: 'es', locale: 'es', datePattern: "cccc, d 'de' LLLL 'de' yyyy" },
  zh: { name: '简体中文', tag: 'zh-Hans', locale: 'zh-Hans', datePattern: 'yyyy年L月d日 cccc' },
} as const satisfies Record<string, LanguageFacts>;

export type Language = keyof typeof FACTS;

/** The one place where a language is registered. */
const CATALOGUES: Readonly<Partial<Record<Language, Catalogue>> & { en: Catalogue }> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  zh: chinese,
};

/** The languages that can be chosen, in the order in which pages offer them. */
export const LANGUAGES = (Object.keys(FACTS) as Language[]).filter((language) => CATALOGUES[language] !== undefined);

export const isLanguage = (text: unknown): text is Language => (LANGUAGES as unknown[]).includes(text);

export const factsOf = (language: Language): LanguageFacts => FACTS[language];

export const catalogueOf = (language: Language): Catalogue => CATALOGUES[language] ?? {};
