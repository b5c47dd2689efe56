// Pages of few words: a link that has ended or is not known, trouble, reminders on and off.

import type { DeliveryFacts } from '../../deliveries/index.js';
import { say } from '../../language/index.js';
import { renderPage } from '../../views/index.js';

const words = (title: string, ...paragraphs: string[]): string =>
  renderPage({
    title,
    children: (
      <>
        <h1>{title}</h1>
        {paragraphs.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </>
    ),
  });

export const gonePage = (contact: { name: string; email: string }): string =>
  words(say('gone.title'), say('gone.text', contact));
export const unknownPage = (): string => words(say('unknown.title'), say('unknown.text'));
export const troublePage = (detail: string): string => words(say('trouble.title'), detail);

/** For who opened the link that nobody is to open. */
export const hiddenLinkPage = (token: string): string =>
  wordsWithWayBack(say('hidden.title'), say('hidden.text'), token);

/** For who said "I have what I need" after that. */
export const notTakenPage = (token: string): string =>
  wordsWithWayBack(say('notTaken.title'), say('notTaken.text'), token);

const wordsWithWayBack = (title: string, text: string, token: string): string =>
  renderPage({
    title,
    children: (
      <>
        <h1>{title}</h1>
        <p>{text}</p>
        <p>
          <a href={`/s/${token}`}>{say('back')}</a>
        </p>
      </>
    ),
  });

export const unsubscribePage = (facts: DeliveryFacts, token: string): string =>
  renderPage({
    title: say('unsubscribe.title', { folder: facts.folder }),
    children: (
      <>
        <h1>{say('unsubscribe.title', { folder: facts.folder })}</h1>
        {facts.optedOutAt ? (
          <form method="post" action={`/u/${token}/undo`}>
            <p role="status">{say('unsubscribe.said')}</p>
            <button type="submit" class="plain">
              {say('unsubscribe.undo')}
            </button>
          </form>
        ) : (
          <form method="post" action={`/u/${token}`}>
            <p>{say('unsubscribe.text')}</p>
            <button type="submit">{say('unsubscribe.button')}</button>
          </form>
        )}
      </>
    ),
  });
