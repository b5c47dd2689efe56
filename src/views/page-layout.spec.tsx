import { expect, it } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { wordsFor } from '../language/index.js';
import { LanguageLinks, renderPage } from './page-layout.js';

it('says which language it is in', () => {
  expect(renderPage({ words: wordsFor('en'), title: 'x', children: null })).toContain('<html lang="en">');
});

it('offers the other languages in their own names, and says which one is shown', () => {
  const html = renderToString(<LanguageLinks words={wordsFor('en')} languages={['en', 'de', 'zh']} />);
  expect(html).toContain('<span lang="en" aria-current="true">English</span>');
  expect(html).toContain('<a href="?lang=de" lang="de" hreflang="de" rel="nofollow">Deutsch</a>');
  expect(html).toContain('lang="zh-Hans"');
  expect(html).toContain('简体中文');
  expect(html).not.toContain('?lang=en');
});

it('leads to the same page in them', () => {
  const parameters = { path: 'a b/c', after: 'f12' };
  const html = renderToString(
    <LanguageLinks words={wordsFor('en')} languages={['en', 'de']} parameters={parameters} />,
  );
  expect(html).toContain('<a href="?path=a+b%2Fc&amp;after=f12&amp;lang=de"');
});

it('offers nothing where there is one language only', () => {
  expect(renderToString(<LanguageLinks words={wordsFor('en')} languages={['en']} />)).toBe('');
});
