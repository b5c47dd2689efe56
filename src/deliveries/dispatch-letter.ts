// What the mail says that brings an end user the links.

import type { ComposedMail } from '../mail/index.js';
import type { HowToFetch } from './data-views.js';
import { type DeliveryFacts, recipientWords } from './delivery-facts.js';
import { letter } from './letter.js';

export function dispatchLetter(facts: DeliveryFacts, how: HowToFetch, expiresAt: Date, now: Date): ComposedMail {
  const words = recipientWords(facts);
  const until = words.instant(expiresAt, facts.timeZone);
  const size = words.bytes(facts.bytes);
  return letter({
    words,
    facts,
    how,
    expiresAt,
    now,
    isDispatch: true,
    subject: words.say('dispatch.subject', { platform: facts.platform, folder: facts.folder, size, until }),
    preheader: words.say('dispatch.preheader', { files: words.files(facts.files), size, until }),
    paragraphs: [words.say('dispatch.intro', { platform: facts.platform })],
  });
}
