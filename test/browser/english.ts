// Words of a page that were left in English: messages of the English catalogue, and the small words that no text of some
// length is without, wherever they come from.

import type { Page } from 'playwright-core';
import { catalogueOf, type Language } from '../../src/language/languages.js';

/** None of these is a word of German, French or Spanish. */
const SMALL_WORDS = /\b(?:the|and|of|you|your|with|this|that|these|from|for|have|has|been|will|which)\b/i;
/** Paths and addresses, which are no language's. */
const PLACES = /\S*[/@]\S*/g;
/** Parts of a message between its values; shorter ones may stand in other languages, too. */
const SHORTEST_PART = 10;

/** What a reader is told by the page, a line each: texts, what controls are called, and the title; no commands. */
const READ = `(() => {
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement.closest('pre, code, script, style, [translate="no"]')) found.push(node.textContent);
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '');
  return found.map((text) => text.trim()).filter((text) => text !== '');
})()`;

export async function englishIn(page: Page, language: Language): Promise<string[]> {
  const texts = await page.evaluate<string[]>(READ);
  const parts = englishParts(language);
  return texts
    .filter((text) => SMALL_WORDS.test(text.replace(PLACES, '')) || parts.some((part) => text.includes(part)))
    .map((text) => `English: ${text}`);
}

/** Of the messages whose translation does not hold them anyway, as commands and names may. */
function englishParts(language: Language): string[] {
  const translated = catalogueOf(language) as Record<string, string | undefined>;
  return Object.entries(catalogueOf('en')).flatMap(([key, text]) =>
    text
      .split(/\{[^{}]*\}/)
      .map((part) => part.trim())
      .filter((part) => part.length >= SHORTEST_PART && !(translated[key] ?? '').includes(part)),
  );
}
