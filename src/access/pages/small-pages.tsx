// Pages of few words: a link that has ended or is not known, trouble, reminders on and off.

import type { MoreTime } from '../../auth/index.js';
import type { DeliveryFacts } from '../../deliveries/index.js';
import type { Words } from '../../language/index.js';
import { type PageWords, renderPage } from '../../views/index.js';

const shortPage = (words: Words, title: string, ...paragraphs: string[]): string =>
  renderPage({
    words,
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

export interface GonePage extends PageWords {
  contact: { name: string; email: string };
  /** The same person was sent a newer link. */
  isReplaced: boolean;
  /** Set where more time can be asked for: the link has expired, and the data are there as far as is known. */
  moreTime: (MoreTime & { token: string }) | null;
}

function whomToAsk({ words, contact, isReplaced, moreTime }: GonePage): string {
  if (isReplaced) return words.say('gone.replaced', contact);
  return moreTime ? words.say('gone.text', contact) : words.say('gone.ask', contact);
}

export const gonePage = (page: GonePage): string => {
  const { words, query, moreTime } = page;
  return renderPage({
    words,
    title: words.say('gone.title'),
    children: (
      <>
        <h1>{words.say('gone.title')}</h1>
        <p>{whomToAsk(page)}</p>
        {moreTime?.askedAt ? (
          <p role="status">
            {words.say('gone.moreTime.asked', { at: words.instant(moreTime.askedAt, moreTime.timeZone) })}
          </p>
        ) : null}
        {moreTime && !moreTime.askedAt ? (
          <form method="post" action={`/s/${moreTime.token}/more-time${query}`}>
            <p>{words.say('gone.moreTime')}</p>
            <button type="submit">{words.say('gone.moreTime.button')}</button>
          </form>
        ) : null}
      </>
    ),
  });
};

export const unknownPage = (words: Words): string =>
  shortPage(words, words.say('unknown.title'), words.say('unknown.text'));
/** @param back the link's own page, where there is one to go back to */
export const troublePage = (words: Words, detail: string, back?: string): string =>
  renderPage({
    words,
    title: words.say('trouble.title'),
    children: (
      <>
        <h1>{words.say('trouble.title')}</h1>
        <p>{detail}</p>
        {back === undefined ? null : (
          <p>
            <a href={back}>{words.say('page.back')}</a>
          </p>
        )}
      </>
    ),
  });

/** For who opened the link that nobody is to open. */
export const hiddenLinkPage = (page: PageWords, token: string): string =>
  withWayBack(page, page.words.say('hidden.title'), page.words.say('hidden.text'), token);

/** For who said "I have what I need" after that. */
export const notTakenPage = (page: PageWords, token: string): string =>
  withWayBack(page, page.words.say('notTaken.title'), page.words.say('notTaken.text'), token);

/** For who asked for more time after that. */
export const notAskedPage = (page: PageWords, token: string): string =>
  withWayBack(page, page.words.say('notTaken.title'), page.words.say('notAsked.text'), token);

const withWayBack = ({ words, query }: PageWords, title: string, text: string, token: string): string =>
  renderPage({
    words,
    title,
    children: (
      <>
        <h1>{title}</h1>
        <p>{text}</p>
        <p>
          <a href={`/s/${token}${query}`}>{words.say('page.back')}</a>
        </p>
      </>
    ),
  });

/** @param about every delivery that the link stops the reminders of: one, or those that a mail named */
export function unsubscribePage(
  { words, query }: PageWords,
  about: readonly Pick<DeliveryFacts, 'id' | 'folder' | 'optedOutAt'>[],
  token: string,
): string {
  const [first] = about;
  const title =
    about.length === 1
      ? words.say('unsubscribe.title', { folder: first?.folder ?? '' })
      : words.say('unsubscribe.titleOfSeveral', { count: about.length });
  return renderPage({
    words,
    title,
    children: (
      <>
        <h1>{title}</h1>
        {about.length === 1 ? null : (
          <ul>
            {[...about]
              .sort((a, b) => (a.folder < b.folder ? -1 : 1))
              .map(({ id, folder }) => (
                <li key={id}>{folder}</li>
              ))}
          </ul>
        )}
        {about.every(({ optedOutAt }) => optedOutAt) ? (
          <form method="post" action={`/u/${token}/undo${query}`}>
            <p role="status">{words.say('unsubscribe.said')}</p>
            <button type="submit" class="plain">
              {words.say('unsubscribe.undo')}
            </button>
          </form>
        ) : (
          <form method="post" action={`/u/${token}${query}`}>
            <p>{words.say('unsubscribe.text')}</p>
            <button type="submit">{words.say('unsubscribe.button')}</button>
          </form>
        )}
      </>
    ),
  });
}
