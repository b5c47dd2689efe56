import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { type Words, wordsFor } from '../language/index.js';
import { Html, Template } from './template.js';

interface Kind {
  words: Words;
  isLoud: boolean;
}

const Greeting = ({ words, isLoud, name, way }: Kind & { name: string; way: string }): VNode => (
  <p lang={words.tag} title={`from ${name}`}>
    {name}
    {isLoud ? '!' : ''} <a href={`/s/${way}/x?a=b&c=d`}>{way}</a>
  </p>
);
const greeting = new Template(['name', 'way'], (kind: Kind, texts) => <Greeting {...kind} {...texts} />);
const english = { words: wordsFor('en'), isLoud: false };

it('says the same as what it was made from, whatever the texts are', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('<script>', '&lt;', '"><img src=x onerror=alert(1)>', "'", '$&', '\uE0000\uE001', '\uE0001\uE001'),
  );
  fc.assert(
    fc.property(text, text, fc.boolean(), fc.constantFrom('en', 'de'), (name, way, isLoud, language) => {
      const kind = { words: wordsFor(language), isLoud };
      expect(greeting.fill(kind, { name, way }).text).toBe(
        renderToString(<Greeting {...kind} name={name} way={way} />),
      );
    }),
  );
});

it('takes markup as it is, and only what was rendered', () => {
  const { text } = greeting.fill(english, { name: Html.of(<b>{'<Ada>'}</b>), way: '<b>' });
  expect(text).toContain('<b>&lt;Ada></b>');
  expect(text).toContain('&lt;b></a>');
});

it('is rendered once for each kind', () => {
  const rendered: string[] = [];
  const counted = new Template(['name'], ({ words, isLoud }: Kind, { name }) => {
    rendered.push(`${words.language} ${isLoud}`);
    return <p>{name}</p>;
  });
  for (const name of ['Ada', 'Grace']) {
    for (const isLoud of [false, true]) {
      for (const language of ['en', 'fr'])
        expect(counted.fill({ words: wordsFor(language), isLoud }, { name }).text).toBe(`<p>${name}</p>`);
    }
  }
  expect(rendered).toEqual(['en false', 'fr false', 'en true', 'fr true']);
});
