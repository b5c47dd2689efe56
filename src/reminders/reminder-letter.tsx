// What a reminder says that is about one delivery.

import {
  type DeliveryFacts,
  type DeliveryLinks,
  type DispatchMail,
  letter,
  recipientWords,
} from '../deliveries/index.js';
import type { ComposedMail } from '../mail/index.js';
import type { Platform } from '../platforms/index.js';

/** A delivery that is to be reminded, with all that its reminder says. */
export interface Reminded {
  facts: DeliveryFacts;
  expiresAt: Date;
  /** Files fetched so far. */
  fetched: number;
  platform: Platform;
  /** Will no run remind again before the links end? */
  isLast: boolean;
}

/** For mail programs that stop reminders with one click (RFC 8058). */
export const stopHeaders = (url: string): Record<string, string> => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/** The page behind the link, at the place where one says "I have what I need". */
const doneUrl = (shareUrl: string): string => `${shareUrl}#done`;

/** Of data that were fetched nobody is reminded but by hand: of these it is not said that they were not. */
function openingOf({ facts, fetched }: Reminded) {
  if (facts.accessedAt) return { preheader: 'reminder.preheaderAgain', intro: 'reminder.introAgain' } as const;
  if (fetched > 0) return { preheader: 'reminder.preheaderPart', intro: 'reminder.introPart' } as const;
  return { preheader: 'reminder.preheader', intro: 'reminder.intro' } as const;
}

export function reminderLetter(
  reminded: Reminded,
  now: Date,
  links: Pick<DeliveryLinks, 'unsubscribeUrl'>,
  dispatch: Pick<DispatchMail, 'howToFetch'>,
): ComposedMail {
  const { facts, expiresAt, fetched, isLast: last } = reminded;
  const words = recipientWords(facts);
  const until = words.instant(expiresAt, facts.timeZone);
  const subject = words.say(last ? 'reminder.lastSubject' : 'reminder.subject', {
    folder: facts.folder,
    platform: facts.platform,
    until,
  });
  const left = words.timeLeft(now, expiresAt);
  const { platform } = facts;
  const { preheader, intro } = openingOf(reminded);
  const how = dispatch.howToFetch(facts);
  const [done, stop] = [doneUrl(how.url), links.unsubscribeUrl(facts)];
  return {
    ...letter({
      words,
      facts,
      how,
      expiresAt,
      now,
      isDispatch: false,
      subject,
      preheader: words.say(preheader, { left }),
      paragraphs: [
        words.say(intro, { platform }),
        ...(fetched > 0 ? [words.say('reminder.part', { done: fetched, all: facts.files })] : []),
        ...(last ? [words.say('reminder.last')] : []),
      ],
      end: {
        text: [`${words.say('reminder.have')}\n${done}`, `${words.say('reminder.stop')}\n${stop}`],
        html: (
          <>
            <p>
              {words.say('reminder.have')} <a href={done}>{done}</a>
            </p>
            <p>
              {words.say('reminder.stop')} <a href={stop}>{stop}</a>
            </p>
          </>
        ),
      },
    }),
    headers: stopHeaders(stop),
    notAfter: expiresAt,
  };
}
