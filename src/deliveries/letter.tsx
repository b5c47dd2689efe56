// What frames every mail to an end user, dispatch and reminder alike: greeting, signature, sender, calendar entry. The
// platform's own words where it has some, with what was typed in them no link.

import type { ComponentChildren } from 'preact';
import type { Words } from '../language/index.js';
import { type CalendarEvent, calendarOf, type ComposedMail } from '../mail/index.js';
import { mailTextFor, type MailTexts } from '../platforms/index.js';
import { renderMail, Typed, unlinked } from '../views/index.js';
import { DataFacts, dataFacts, Fetching, fetchingText, factsText, type HowToFetch } from './data-views.js';
import type { DeliveryFacts } from './delivery-facts.js';

export interface Letter {
  words: Words;
  facts: DeliveryFacts;
  how: HowToFetch;
  expiresAt: Date;
  now: Date;
  /** Used unless the platform has a subject of its own and this is a dispatch. */
  subject: string;
  isDispatch: boolean;
  preheader: string;
  /** Before the facts. */
  paragraphs: readonly string[];
  /** After them, in text and in HTML. */
  end?: { text: readonly string[]; html: ComponentChildren };
}

const DAY_SECONDS = 86_400;

export function letter({ words, facts, how, expiresAt, now, ...said }: Letter): ComposedMail {
  const own = ownTexts(words, facts.mailTexts, textValues(words, facts, expiresAt));
  const rows = dataFacts(words, facts, expiresAt, now);
  const paragraphs = said.paragraphs.map(unlinked);
  return {
    ...framed(words, facts, {
      own,
      subject: said.isDispatch ? (own('subject') ?? said.subject) : said.subject,
      preheader: said.preheader,
      text: [...paragraphs, factsText(words, rows), fetchingText(words, facts, how), ...(said.end?.text ?? [])],
      html: (
        <>
          {paragraphs.map((text) => (
            <p key={text}>{text}</p>
          ))}
          <DataFacts rows={rows} />
          <Fetching words={words} facts={facts} how={how} />
          {said.end?.html}
        </>
      ),
    }),
    calendar: calendarOf(linksEnd(words, facts, expiresAt, now, how)),
  };
}

type OwnTexts = (name: 'subject' | 'greeting' | 'signature') => string | undefined;

export interface Framed {
  /** What the platform says in place of our words. */
  own: OwnTexts;
  subject: string;
  preheader: string;
  /** Between greeting and signature, paragraph by paragraph, the same in text and in HTML. */
  text: readonly string[];
  html: ComponentChildren;
}

/** Greeting, signature and sender around what is said. */
export function framed(
  words: Words,
  facts: Pick<DeliveryFacts, 'platform' | 'contactName' | 'contactEmail'>,
  { own, subject, preheader, text, html }: Framed,
): ComposedMail {
  const greeting = own('greeting') ?? words.say('mail.greeting');
  const signature = own('signature');
  return {
    subject,
    fromName: facts.platform,
    replyTo: { name: facts.contactName, address: facts.contactEmail },
    text: [unlinked(greeting), ...text, ...(signature === undefined ? [] : [unlinked(signature)])].join('\n\n'),
    html: renderMail({
      words,
      title: subject,
      preheader: unlinked(preheader),
      children: (
        <>
          <Typed text={greeting} />
          {html}
          {signature === undefined ? null : <Typed text={signature} />}
        </>
      ),
    }),
  };
}

const textValues = (words: Words, facts: DeliveryFacts, expiresAt: Date) => (): Parameters<typeof mailTextFor>[3] => ({
  folder: facts.folder,
  size: words.bytes(facts.bytes),
  until: words.instant(expiresAt, facts.timeZone),
  platform: facts.platform,
});

/** What the platform says in place of ours; the values are put together only where it says something. */
export const ownTexts =
  (words: Words, mailTexts: MailTexts, values: () => Parameters<typeof mailTextFor>[3]): OwnTexts =>
  (name) =>
    mailTexts[name] ? mailTextFor(mailTexts, name, words.language, values()) : undefined;

/** The end of the links, without the link: calendars are shared. One event for a delivery, however often it is extended. */
export function linksEnd(
  words: Words,
  facts: DeliveryFacts,
  expiresAt: Date,
  now: Date,
  how: HowToFetch,
): CalendarEvent {
  const isFarAway = expiresAt.getTime() - now.getTime() > 2 * DAY_SECONDS * 1_000;
  return {
    uid: `delivery-${facts.id}@${new URL(how.server).hostname}`,
    sequence: facts.expiryEdition,
    writtenAt: now,
    at: expiresAt,
    summary: unlinked(words.say('calendar.summary', { folder: facts.folder })),
    description: unlinked(
      words.say('calendar.description', { until: words.instant(expiresAt, facts.timeZone), platform: facts.platform }),
    ),
    organizer: { name: facts.contactName, address: facts.contactEmail },
    alarmBeforeSeconds: isFarAway ? DAY_SECONDS : undefined,
    language: words.tag,
  };
}
