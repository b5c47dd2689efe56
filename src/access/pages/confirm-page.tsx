// Asks before a direct download above the platform's limit. Looking at it starts nothing.

import type { DeliveryFacts, HowToFetch } from '../../deliveries/index.js';
import { type PageWords, renderPage } from '../../views/index.js';

export interface ConfirmPage extends PageWords {
  facts: DeliveryFacts;
  how: HowToFetch;
}

export const confirmPage = ({ words, query, facts, how }: ConfirmPage): string => {
  const title = words.say('confirm.title', { size: words.bytes(facts.bytes) });
  return renderPage({
    words,
    title,
    children: (
      <>
        <h1>{title}</h1>
        <p>{words.say('confirm.text')}</p>
        <form method="post" action={`/s/${how.token}/direct${query}`}>
          <p>
            <button type="submit" class="plain">
              {words.say('confirm.button')}
            </button>
          </p>
        </form>
        <p>
          <a class="button" href={`/s/${how.token}${query}`}>
            {words.say('page.back')}
          </a>
        </p>
      </>
    ),
  });
};
