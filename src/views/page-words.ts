// The words of a page, by what was asked for, what is known of the person, the browser and the platform.

import type { FastifyRequest } from 'fastify';
import { chooseLanguage, isLanguage, LANGUAGES, type Words, wordsFor } from '../language/index.js';

/** What is known of the languages of the person behind a link, and of its platform. */
export interface KnownLanguages {
  person: string | null;
  platform: string;
}

export interface PageWords {
  words: Words;
  /** `?lang=fr` where that was asked for, else nothing: to go behind the addresses on the page, so that they keep it. */
  query: string;
}

export function pageWords(request: Pick<FastifyRequest, 'query' | 'headers'>, known?: KnownLanguages): PageWords {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang;
  const language = chooseLanguage(
    { asked, person: known?.person, accept: request.headers['accept-language'], platform: known?.platform },
    LANGUAGES,
  );
  return { words: wordsFor(language ?? 'en'), query: isLanguage(asked) ? `?lang=${asked}` : '' };
}
