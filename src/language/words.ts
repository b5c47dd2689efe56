// Every word that people read, in one language: messages by key in ICU MessageFormat, sizes, moments, times left.

import { Logger } from '@nestjs/common';
import { formatBytes, momentParts, timeLeft } from './format.rules.js';
import { catalogueOf, factsOf, isLanguage, type Language, type LanguageFacts } from './languages.js';
import type { Catalogue, MessageKey, Sentence, Values, ValuesFor } from './messages.js';
import { type Spoken, spoken } from './spoken.js';

type Warn = (facts: { language: string; key?: string }, message: string) => void;

/** Never changes once made; each message is compiled when it is first said. */
export class Words {
  private readonly compiled = new Map<MessageKey, Spoken | undefined>();

  constructor(
    readonly language: Language,
    private readonly facts: LanguageFacts,
    private readonly catalogue: Catalogue,
    /** Says what this language cannot; English has none. */
    private readonly fallback: Words | undefined,
    private readonly warn: Warn,
  ) {}

  /** BCP 47, for `lang` in HTML. */
  get tag(): string {
    return this.facts.tag;
  }

  /** The message with its values put in. What this language lacks is said in English, and logged once. */
  say<K extends MessageKey>(key: K, ...[values]: ValuesFor<K>): string {
    return this.format(key, values ?? {});
  }

  tell({ key, values }: Sentence): string {
    return this.format(key, values);
  }

  /** `1.5 GB`. */
  bytes(bytes: number): string {
    return formatBytes(this.facts.locale, bytes);
  }

  /** `1,200 files`. */
  files(count: number): string {
    return this.say('quantity.files', { count });
  }

  /** `Monday, 30 November 2026 at 09:00 (UTC+11, Australia/Melbourne)`. */
  instant(instant: Date, zone: string): string {
    return this.say('moment.full', {
      ...momentParts(this.facts, instant, zone),
    });
  }

  /** `29 days`, or `less than a minute`: whole units, rounded down, so that nobody is promised more. */
  timeLeft(now: Date, until: Date): string {
    return timeLeft(this.facts.locale, now, until) ?? this.say('moment.lessThanAMinute');
  }

  /** `Size: 20 GB`. */
  fact(name: string, value: string): string {
    return this.say('line.fact', { name, value });
  }

  /** For headings of text without markup; `İ` and its like depend on the language. */
  upperCase(text: string): string {
    return text.toLocaleUpperCase(this.facts.locale);
  }

  private format(key: MessageKey, values: Values): string {
    const message = this.compiled.get(key) ?? (this.compiled.has(key) ? undefined : this.compile(key));
    if (message === undefined) return this.fallback?.format(key, values) ?? key;
    try {
      return message(values);
    } catch (error) {
      if (!this.fallback) throw error;
      this.compiled.set(key, undefined);
      this.warn({ language: this.language, key }, 'A translated message needs a value that the English one does not.');
      return this.fallback.format(key, values);
    }
  }

  private compile(key: MessageKey): Spoken | undefined {
    const message = this.read(key);
    this.compiled.set(key, message);
    return message;
  }

  private read(key: MessageKey): Spoken | undefined {
    const text = this.catalogue[key];
    if (text === undefined) {
      this.warn({ language: this.language, key }, 'A message is not translated; it is said in English.');
      return undefined;
    }
    try {
      return spoken(text, this.facts.locale);
    } catch (error) {
      if (!this.fallback) throw error;
      this.warn({ language: this.language, key }, 'A translated message cannot be read; it is said in English.');
      return undefined;
    }
  }
}

const made = new Map<Language, Words>();
const logger = new Logger('language');
const warn: Warn = (facts, message) => {
  logger.warn(facts, message);
};

/** The words of a language, as a column or a setting names it. One that is not supported (any more) is English. */
export function wordsFor(language: string): Words {
  if (!isLanguage(language)) {
    warn({ language }, 'A language is not supported; English is used.');
    return wordsFor('en');
  }
  let words = made.get(language);
  if (!words) {
    const fallback = language === 'en' ? undefined : wordsFor('en');
    made.set(language, (words = new Words(language, factsOf(language), catalogueOf(language), fallback, warn)));
  }
  return words;
}
