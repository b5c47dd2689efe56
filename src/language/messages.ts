// Types of messages: which keys there are, and which values each needs, read from the English text itself.

import { english } from './en/index.js';

type English = typeof english;

export type MessageKey = keyof English;

/** Messages of one language by key. What is missing is said in English; a test says that nothing is. */
export type Catalogue = Readonly<Partial<Record<MessageKey, string>>>;

export type Values = Readonly<Record<string, string | number>>;

/** What follows the key in `say`: nothing, or an object with every placeholder of the message. */
export type ValuesFor<K extends MessageKey> = [PlaceholderIn<English[K]>] extends [never]
  ? []
  : [values: Readonly<Record<PlaceholderIn<English[K]>, string | number>>];

/** The placeholders' names: `{files}` and `{count, plural, one {# file} other {# files}}`, nested ones too. */
type PlaceholderIn<Text extends string> = Text extends Text ? Scan<Text, ['text']> : never;

type Depth = ('text' | 'argument')[];

/** Goes from brace to brace. In text a brace opens a placeholder, in a placeholder one of its texts. */
type Scan<Text extends string, At extends Depth, Found extends string = never> = At extends [
  infer Here,
  ...infer Around extends Depth,
]
  ? NextBrace<Text> extends [infer Brace, infer Rest extends string]
    ? Brace extends '}'
      ? Scan<Rest, Around, Found>
      : Here extends 'text'
        ? Scan<AfterName<Rest>, ['argument', ...At], Found | NameAt<Rest>>
        : Scan<Rest, ['text', ...At], Found>
    : Found
  : Found;

type NextBrace<Text extends string> = Text extends `${infer Before}{${infer After}`
  ? Before extends `${string}}${infer Later}`
    ? ['}', `${Later}{${After}`]
    : ['{', After]
  : Text extends `${string}}${infer After}`
    ? ['}', After]
    : null;

type UpTo<Text extends string, End extends string> = Text extends `${infer Before}${End}${string}` ? Before : Text;
type Trim<Text extends string> = Text extends ` ${infer Rest}`
  ? Trim<Rest>
  : Text extends `${infer Rest} `
    ? Trim<Rest>
    : Text;
type NameAt<Rest extends string> = Trim<UpTo<UpTo<Rest, '}'>, ','>>;
type AfterName<Rest extends string> = Rest extends `${UpTo<UpTo<Rest, '}'>, ','>}${infer After}` ? After : '';

/** A message with its values, to be said later in whatever language is wanted. */
export interface Sentence {
  key: MessageKey;
  values: Values;
}

/** Was `value` read from where a sentence was kept, by a program that had the same messages? */
export const isSentence = (value: unknown): value is Sentence =>
  typeof value === 'object' && value !== null && 'key' in value && Object.hasOwn(english, String(value.key));

/** @example sentence('copyTrouble.readOnly', { namespace }) */
export const sentence = <K extends MessageKey>(key: K, ...[values]: ValuesFor<K>): Sentence => ({
  key,
  values: values ?? {},
});
