// Every catalogue says every message, with every value; and every message is said somewhere.

import { describe, expect, it } from '@jest/globals';
import { IntlMessageFormat } from 'intl-messageformat';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { english } from './en/index.js';
import { catalogueOf, factsOf, type Language, LANGUAGES } from './languages.js';

type Texts = Readonly<Record<string, string>>;

/** Keys that are put together in the code, `*` standing for the part that is chosen there. */
const DYNAMIC = [
  'accessed.subject.*',
  'accessed.text.*',
  'copyState.*',
  'firstUse.on.*',
  'methods.*.text',
  'methods.*.title',
  'methods.why.*',
  'notice.ending.*',
  'notice.single.subject.*',
  'notice.single.text.*',
];

interface Part {
  type: number;
  value?: unknown;
  options?: Record<string, { value: Part[] }>;
}
/** Of the parser: literal text, and `#` in a plural. All else names a value. */
const WITHOUT_VALUE = [0, 7];

function placeholdersOf(text: string, locale: string): string[] {
  const walk = (parts: readonly Part[]): string[] =>
    parts.flatMap(({ type, value, options }) => [
      ...(WITHOUT_VALUE.includes(type) ? [] : [String(value)]),
      ...Object.values(options ?? {}).flatMap((option) => walk(option.value)),
    ]);
  const message = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
  return [...new Set(walk(message.getAst()))].sort();
}

/** What is wrong with a catalogue, a line each; none for one that is complete. */
function faultsOf(catalogue: Texts, locale: string, model: Texts = english): string[] {
  const faults = Object.keys(catalogue)
    .filter((key) => model[key] === undefined)
    .map((key) => `${key}: English has no such message`);
  for (const [key, text] of Object.entries(model)) {
    const translated = catalogue[key];
    if (translated === undefined || translated.trim() === '') {
      faults.push(`${key}: is missing`);
      continue;
    }
    let given: string[];
    try {
      given = placeholdersOf(translated, locale);
    } catch (error) {
      faults.push(`${key}: cannot be read: ${String(error)}`);
      continue;
    }
    const wanted = placeholdersOf(text, 'en');
    for (const name of wanted.filter((one) => !given.includes(one))) faults.push(`${key}: lacks {${name}}`);
    for (const name of given.filter((one) => !wanted.includes(one))) faults.push(`${key}: is not given {${name}}`);
  }
  return faults;
}

/** Keys in quotes, and those put together, with `*` for each part that is chosen. */
function usesIn(source: string): { literals: Set<string>; templates: Set<string> } {
  const inTicks = [...source.matchAll(/`([a-zA-Z][\w-]*\.(?:[\w.-]|\$\{[^}]*\})*)`/g)].map(([, text = '']) => text);
  return {
    literals: new Set([
      ...[...source.matchAll(/'([a-zA-Z][\w-]*(?:\.[\w-]+)+)'/g)].map(([, text = '']) => text),
      ...inTicks.filter((text) => !text.includes('${')),
    ]),
    templates: new Set(
      [...source.matchAll(/(?:\.say|\bsentence)\(\s*`([^`]*\$\{[^`]*)`/g)].map(([, text = '']) =>
        text.replace(/\$\{[^}]*\}/g, '*'),
      ),
    ),
  };
}

const matches = (pattern: string, key: string): boolean =>
  new RegExp(`^${pattern.replace(/\./g, '\\.').replace(/\*/g, '[^.]+')}$`).test(key);

/** What is wrong with the use of messages in `source`, a line each. */
function misuseIn(source: string, keys: readonly string[], dynamic: readonly string[]): string[] {
  const { literals, templates } = usesIn(source);
  return [
    ...keys
      .filter((key) => !literals.has(key) && !dynamic.some((pattern) => matches(pattern, key)))
      .map((key) => `${key}: is said nowhere`),
    ...[...templates].filter((text) => !dynamic.includes(text)).map((text) => `${text}: is not stated as put together`),
    ...dynamic.filter((text) => !templates.has(text)).map((text) => `${text}: is stated and never put together`),
    ...dynamic
      .filter((pattern) => !keys.some((key) => matches(pattern, key)))
      .map((text) => `${text}: stands for no message`),
  ];
}

describe('a catalogue', () => {
  it.each(LANGUAGES.map((language): [Language] => [language]))('is complete: %s', (language) => {
    expect(faultsOf(catalogueOf(language), factsOf(language).locale)).toEqual([]);
  });

  it('is found faulty when a message, a value or its braces are missing, or when it has more than English', () => {
    const model = {
      'a.missing': 'Missing',
      'a.empty': 'Empty',
      'a.lacks': 'To {name} until {until}',
      'a.quoted': 'From {platform}',
      'a.invents': 'Hello',
      'a.unreadable': '{count, plural, one {# file} other {# files}}',
      'a.right': '{count, plural, one {# file of {name}} other {# files of {name}}}',
    };
    const faulty = {
      'a.empty': ' ',
      'a.lacks': 'An {name}',
      // In ICU an apostrophe before a brace makes it plain text; French has many such places.
      'a.quoted': "D'{platform}",
      'a.invents': 'Bonjour {name}',
      'a.unreadable': '{count, plural, one {# fichier}}',
      'a.right': '{name} : {count, plural, one {# fichier} other {# fichiers}}',
      'a.more': 'En plus',
    };
    expect(faultsOf(faulty, 'fr', model)).toEqual([
      'a.more: English has no such message',
      'a.missing: is missing',
      'a.empty: is missing',
      'a.lacks: lacks {until}',
      'a.quoted: lacks {platform}',
      'a.invents: is not given {name}',
      expect.stringMatching(/^a\.unreadable: cannot be read/),
    ]);
    expect(faultsOf({ ...faulty, ...model, 'a.right': faulty['a.right'] }, 'fr', { ...model, 'a.more': 'x' })).toEqual(
      [],
    );
  });
});

describe('messages', () => {
  it('have keys of at least two words, so that no other text is taken for one', () => {
    expect(Object.keys(english).filter((key) => !/^[a-zA-Z]+(\.[a-zA-Z-]+)+$/.test(key))).toEqual([]);
  });

  it('are each said somewhere, and put together only where that is stated', () => {
    const sources = readdirSync('src', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.spec)\.tsx?$/.test(entry.name))
      .filter((entry) => !entry.parentPath.includes(`language${sep}`))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(misuseIn(sources.join('\n'), Object.keys(english), DYNAMIC)).toEqual([]);
  });

  it('that are said nowhere, or put together without being stated, are found', () => {
    const source = "words.say('a.used'); words.say(`b.${kind}.title`); words.say(\n  `c.${kind}`, { x });";
    const keys = ['a.used', 'a.unused', 'b.one.title', 'b.one.text', 'b.two.more.title', 'c.one'];
    expect(misuseIn(source, keys, ['b.*.title', 'd.*'])).toEqual([
      'a.unused: is said nowhere',
      'b.one.text: is said nowhere',
      'b.two.more.title: is said nowhere',
      'c.one: is said nowhere',
      'c.*: is not stated as put together',
      'd.*: is stated and never put together',
      'd.*: stands for no message',
    ]);
  });

  it('put together of literals in ticks count as said', () => {
    expect(misuseIn('say(`a.used`)', ['a.used'], [])).toEqual([]);
  });
});
