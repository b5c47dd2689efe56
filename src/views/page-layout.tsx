// What every page has around it. No page needs the script.

import type { ComponentChildren, VNode } from 'preact';
import { factsOf, type Language, LANGUAGES, type Words } from '../language/index.js';
import { Html, NOTHING, Template } from './template.js';

export interface PageFrame {
  words: Words;
  title: string;
  /** What the address has besides the language, so that the page in another language is of the same. */
  parameters?: Readonly<Record<string, string>>;
  /** Loads the script: only where a page has something for it to keep up to date. */
  usesScript?: boolean;
  children: ComponentChildren | Html;
}

export const STYLE_SHEET_PATH = '/assets/page.css';
export const SCRIPT_PATH = '/assets/page.js';

const frame = new Template(
  ['title', 'content', 'links'],
  (
    { words, usesScript, isOfItsPath }: { words: Words; usesScript: boolean; isOfItsPath: boolean },
    { title, content, links },
  ): VNode => (
    <html lang={words.tag}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{title}</title>
        <link rel="stylesheet" href={STYLE_SHEET_PATH} />
        {usesScript ? <script src={SCRIPT_PATH} defer /> : null}
      </head>
      <body>
        <main>{content}</main>
        {isOfItsPath ? <LanguageLinks words={words} languages={LANGUAGES} /> : links}
      </body>
    </html>
  ),
);

interface LanguageLinksParts {
  words: Words;
  languages: readonly Language[];
  parameters?: PageFrame['parameters'];
}

/** The same page in the other languages, by `?lang=`. Opening one changes nothing else. */
export const LanguageLinks = ({ words, languages, parameters = {} }: LanguageLinksParts): VNode | null =>
  languages.length < 2 ? null : (
    <footer>
      <nav aria-label={words.say('languages.label')}>
        <ul>
          {languages.map((language) => {
            const { name, tag } = factsOf(language);
            return (
              <li key={language}>
                {language === words.language ? (
                  <span lang={tag} aria-current="true">
                    {name}
                  </span>
                ) : (
                  <a href={addressWith({ ...parameters, lang: language })} lang={tag} hreflang={tag} rel="nofollow">
                    {name}
                  </a>
                )}
              </li>
            );
          })}
        </ul>
      </nav>
    </footer>
  );

const addressWith = (parameters: Readonly<Record<string, string>>): string =>
  `?${new URLSearchParams(parameters).toString()}`;

export function renderPage({ words, title, parameters, usesScript = false, children }: PageFrame): string {
  const page = frame.fill(
    { words, usesScript, isOfItsPath: parameters === undefined },
    {
      title,
      content: children instanceof Html ? children : Html.of(<>{children}</>),
      links: parameters
        ? Html.of(<LanguageLinks words={words} languages={LANGUAGES} parameters={parameters} />)
        : NOTHING,
    },
  );
  return `<!doctype html>\n${page.text}`;
}
