// What a mail says that reminds a person of several deliveries: each with what it is, until when, how far it was fetched,
// its own link and its own commands. What ends first stands first. docs/decisions/0015.

import type { VNode } from 'preact';
import {
  commandFor,
  DataFacts,
  dataFacts,
  type DeliveryFacts,
  type DeliveryLinks,
  type DispatchMail,
  factsText,
  framed,
  type HowToFetch,
  linksEnd,
  orderedMethods,
  ownTexts,
  recipientWords,
  untilValue,
} from '../../deliveries/index.js';
import type { Words } from '../../language/index.js';
import { calendarOf, type ComposedMail } from '../../mail/index.js';
import { Command, unlinked } from '../../views/index.js';
import { type Reminded, stopHeaders } from '../reminder-letter.js';

/** Deliveries that are described in full; what ends later than these is named with its page, so that the mail stays small. */
export const MOST_IN_FULL = 25;

/** @param all at least one @param stopAll the link that stops the reminders of all of them */
export function digestLetter(
  all: readonly Reminded[],
  now: Date,
  stopAll: string,
  links: Pick<DeliveryLinks, 'unsubscribeUrl'>,
  dispatch: Pick<DispatchMail, 'howToFetch'>,
): ComposedMail {
  const sorted = [...all].sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime() || compare(a, b));
  const [first] = sorted;
  if (!first) throw new Error('A mail that is to name several deliveries names none.');
  const { facts, expiresAt } = first;
  const words = recipientWords(facts);
  const until = words.instant(expiresAt, facts.timeZone);
  const count = sorted.length;
  const entries = sorted.map((one) => entryOf(words, one, now, links, dispatch));
  const [full, others] = [entries.slice(0, MOST_IN_FULL), entries.slice(MOST_IN_FULL)];
  const intro = unlinked(words.say('digest.intro', { platform: facts.platform, count }));
  const contact = words.say('mail.contact', { name: unlinked(facts.contactName), email: facts.contactEmail });
  return {
    ...framed(words, facts, {
      own: ownTexts(words, facts.mailTexts, () => ({
        folder: [...full.map((one) => one.facts.folder), ...(others.length > 0 ? ['…'] : [])].join(', '),
        size: words.bytes(sorted.reduce((sum, one) => sum + one.facts.bytes, 0)),
        until,
        platform: facts.platform,
      })),
      subject: words.say('digest.subject', { count, platform: facts.platform, until }),
      preheader: words.say('digest.preheader', { left: words.timeLeft(now, expiresAt) }),
      text: [
        intro,
        ...full.map(entryText),
        ...(others.length > 0 ? [RULE, words.say('digest.others'), ...others.map(shortText)] : []),
        RULE,
        words.say('digest.keepSecret'),
        contact,
        `${words.say('digest.stopAll')}\n${stopAll}`,
      ],
      html: (
        <>
          <p>{intro}</p>
          {full.map((entry) => (
            <Entry key={entry.facts.id} {...entry} />
          ))}
          {others.length > 0 ? (
            <>
              <hr />
              <p>{words.say('digest.others')}</p>
              <ul>
                {others.map((entry) => (
                  <ShortEntry key={entry.facts.id} {...entry} />
                ))}
              </ul>
            </>
          ) : null}
          <hr />
          <p>{words.say('digest.keepSecret')}</p>
          <p>{contact}</p>
          <p>
            {words.say('digest.stopAll')} <a href={stopAll}>{stopAll}</a>
          </p>
        </>
      ),
    }),
    calendar: calendarOf(
      ...full.map(({ facts: one, expiresAt: end, how }) => linksEnd(recipientWords(one), one, end, now, how)),
    ),
    headers: stopHeaders(stopAll),
    notAfter: expiresAt,
    isJudgedAgain: true,
  };
}

const compare = (a: Reminded, b: Reminded): number => (a.facts.id < b.facts.id ? -1 : 1);

const RULE = '-'.repeat(40);

interface EntryParts {
  words: Words;
  facts: DeliveryFacts;
  expiresAt: Date;
  rows: ReturnType<typeof dataFacts>;
  /** What is told of it where it is not described in full. */
  short: string[];
  /** Coverage, and whether this is the last reminder. */
  remarks: string[];
  how: HowToFetch;
  /** Of each method that has one: its title and the command. */
  commands: { title: string; command: string }[];
  stop: string;
}

function entryOf(
  words: Words,
  reminded: Reminded,
  now: Date,
  links: Pick<DeliveryLinks, 'unsubscribeUrl'>,
  dispatch: Pick<DispatchMail, 'howToFetch'>,
): EntryParts {
  const { facts, expiresAt, fetched } = reminded;
  const how = dispatch.howToFetch(facts);
  return {
    words,
    facts,
    expiresAt,
    short: [
      words.say('data.sizeValue', { size: words.bytes(facts.bytes), files: words.files(facts.files) }),
      words.fact(words.say('data.until'), untilValue(words, facts, expiresAt, now)),
    ],
    rows: dataFacts(words, facts, expiresAt, now),
    remarks: [
      ...(fetched > 0 ? [words.say('reminder.part', { done: fetched, all: facts.files })] : []),
      ...(reminded.isLast ? [words.say('digest.last')] : []),
    ],
    how,
    commands: orderedMethods(facts).flatMap((method) => {
      const command = commandFor(method, facts, how);
      return command === undefined ? [] : [{ title: words.say(`methods.${method}.title`), command }];
    }),
    stop: links.unsubscribeUrl(facts),
  };
}

const entryText = ({ words, rows, remarks, how, commands, stop }: EntryParts): string =>
  [
    RULE,
    factsText(words, rows),
    ...remarks,
    `${words.say('digest.page')}\n${how.url}`,
    ...commands.map(({ title, command }) => `${title}\n  ${command}`),
    `${words.say('reminder.stop')}\n${stop}`,
  ].join('\n\n');

const shortText = ({ facts, short, remarks, how }: EntryParts): string =>
  [unlinked(facts.folder), ...short, ...remarks, how.url].join('\n');

const ShortEntry = ({ facts, short, remarks, how }: EntryParts): VNode => (
  <li>
    {[unlinked(facts.folder), ...short, ...remarks].map((line) => (
      <div key={line}>{line}</div>
    ))}
    <a href={how.url}>{how.url}</a>
  </li>
);

const Entry = ({ words, facts, rows, remarks, how, commands, stop }: EntryParts): VNode => (
  <div>
    <hr />
    <h2>{unlinked(facts.folder)}</h2>
    <DataFacts rows={rows} />
    {remarks.map((remark) => (
      <p key={remark}>{remark}</p>
    ))}
    <p>
      {words.say('digest.page')} <a href={how.url}>{how.url}</a>
    </p>
    {commands.map(({ title, command }) => (
      <div key={title}>
        <h3>{title}</h3>
        <Command>{command}</Command>
      </div>
    ))}
    <p>
      {words.say('reminder.stop')} <a href={stop}>{stop}</a>
    </p>
  </div>
);
