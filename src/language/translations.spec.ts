// What a translation needs beyond being complete: the forms of its plurals, its typography, buttons quoted as they are.

import { describe, expect, it } from '@jest/globals';
import { IntlMessageFormat } from 'intl-messageformat';
import { catalogueOf, factsOf, LANGUAGES } from './languages.js';

const NBSP = '\u00a0';
const NARROW = '\u202f';

interface Part {
  type: number;
  value?: unknown;
  options?: Record<string, { value: Part[] }>;
}

/** The plurals of a message that lack a form which numbers of the language need, such as `many` in French. */
function incompletePlurals(text: string, locale: string): string[] {
  const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  const walk = (parts: readonly Part[]): string[] =>
    parts.flatMap(({ value, options }) => [
      ...(options && categories.some((category) => !(category in options)) ? [String(value)] : []),
      ...Object.values(options ?? {}).flatMap((option) => walk(option.value)),
    ]);
  return walk(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst());
}

/** Signs that a language does not write, or not so, each with what stands around it. */
const UNTYPOGRAPHIC: Partial<Record<string, RegExp>> = {
  // „…“ and ’; no straight ones, no English ones.
  de: /.{0,10}(?:["'”‘«»]|“(?=[\p{L}{])).{0,10}/u,
  // A no-break space before a colon, a narrow one before ; ? ! and inside « », ’ for an apostrophe.
  fr: new RegExp(`.{0,10}(?:["'“”„‘]|«(?!${NARROW})|(?<!${NARROW})[»;?!]|(?<![${NBSP}\\d]|https):(?!\\d)).{0,10}`, 'u'),
};

const untypographic = (language: string, text: string): string[] => UNTYPOGRAPHIC[language]?.exec(text) ?? [];

describe.each([...LANGUAGES])('%s', (language) => {
  const catalogue = Object.entries(catalogueOf(language));
  const { locale } = factsOf(language);

  it('has a form for every kind of number', () => {
    const faults = catalogue.flatMap(([key, text]) =>
      incompletePlurals(text, locale).map((name) => `${key}: the plural of {${name}} lacks a form`),
    );
    expect(faults).toEqual([]);
  });

  it('writes its own quotation marks, apostrophes and spaces', () => {
    expect(
      catalogue.flatMap(([key, text]) => untypographic(language, text).map((place) => `${key}: ${place}`)),
    ).toEqual([]);
  });

  it('quotes buttons by what stands on them', () => {
    const texts = catalogueOf(language);
    expect(texts['methods.direct.text']).toContain(texts['page.direct.button'] ?? 'a button');
    expect(texts['methods.copy.text']).toContain(texts['page.copy.button'] ?? 'a button');
  });
});

it('faults are found: a plural without one of its forms, also inside another', () => {
  expect(incompletePlurals('{n, plural, one {# fichier} other {# fichiers}}', 'fr')).toEqual(['n']);
  expect(incompletePlurals('{n, plural, one {# fichier} many {# de fichiers} other {# fichiers}}', 'fr')).toEqual([]);
  expect(incompletePlurals('{n, plural, one {#} other {{m, plural, other {#}}}}', 'de')).toEqual(['m']);
});

it.each([
  ['de', 'Wählen Sie „Kopieren“.', true],
  ['de', 'Wählen Sie „Kopieren”.', false],
  ['de', 'Wählen Sie “Kopieren“.', false],
  ['de', 'Wählen Sie "Kopieren".', false],
  ['de', "Wie geht's?", false],
  ['fr', `Choisissez «${NARROW}Copier${NARROW}»${NARROW}; puis attendez.`, true],
  ['fr', 'Choisissez « Copier ».', false],
  ['fr', `Taille${NBSP}: 20 Go, de 09:00, à https://nodejs.org`, true],
  ['fr', 'Taille : 20 Go', false],
  ['fr', 'Taille: 20 Go', false],
  ['fr', 'Des questions ?', false],
  ['fr', "Jusqu'ici", false],
])('faults are found: in %s, %j is right: %j', (language, text, isRight) => {
  expect(untypographic(language, text).length === 0).toBe(isRight);
});
