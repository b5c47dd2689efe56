// How every page looks: no script, one style sheet, light and dark, narrow screens and paper.

import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { factsOf, type Language, LANGUAGES, type Words } from '../language/index.js';

export interface PageFrame {
  words: Words;
  title: string;
  children: ComponentChildren;
}

export const STYLE_SHEET_PATH = '/assets/page.css';

const Frame = ({ words, title, children }: PageFrame): VNode => (
  <html lang={words.tag}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>{title}</title>
      <link rel="stylesheet" href={STYLE_SHEET_PATH} />
    </head>
    <body>
      <main>{children}</main>
      <LanguageLinks words={words} languages={LANGUAGES} />
    </body>
  </html>
);

/** The same page in the other languages, by `?lang=`. Opening one changes nothing else. */
export const LanguageLinks = ({ words, languages }: { words: Words; languages: readonly Language[] }): VNode | null =>
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
                  <a href={`?lang=${language}`} lang={tag} hreflang={tag} rel="nofollow">
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

export const renderPage = (frame: PageFrame): string => `<!doctype html>\n${renderToString(<Frame {...frame} />)}`;

export const STYLE_SHEET = `
:root { color-scheme: light dark; --text: #1b1b1b; --ground: #ffffff; --soft: #f2f3f5; --line: #c9ccd1; --accent: #0b57a4; --on-accent: #ffffff }
@media (prefers-color-scheme: dark) { :root { --text: #ececec; --ground: #17191c; --soft: #24272b; --line: #4a4f57; --accent: #8ec5ff; --on-accent: #10243a } }
* { box-sizing: border-box }
body { margin: 0; font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); background: var(--ground) }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere }
h2 { font-size: 1.15rem; margin: 0 0 .5rem }
section { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem }
dt { font-weight: 600 } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap }
pre { background: var(--soft); padding: .6rem .8rem; border-radius: .3rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9rem }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere } td:last-child, th:last-child { text-align: right; white-space: nowrap }
button, .button { display: inline-block; font: inherit; font-weight: 600; padding: .6rem 1.1rem; border: 0; border-radius: .4rem; background: var(--accent); color: var(--on-accent); cursor: pointer; text-decoration: none }
button.plain { background: transparent; color: var(--accent); border: 1px solid var(--accent) }
a { color: var(--accent) } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
label { display: block; font-weight: 600; margin: .8rem 0 .2rem } input { font: inherit; width: 100%; padding: .5rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--ground); color: var(--text) }
footer { max-width: 46rem; margin: 0 auto; padding: 0 1rem 2rem } footer ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 0; padding: 0; list-style: none }
.problem { border-left: .3rem solid #b3261e; padding-left: .8rem } .trap { position: absolute; left: -9999px }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .6rem } }
@media print { button, form, footer { display: none } section { border: 0; padding: 0 } }
`;
