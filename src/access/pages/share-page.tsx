// The page behind a link: what the data are, until when, and the ways to fetch them. No script is needed for any.

import type { VNode } from 'preact';
import { dataFacts, orderedMethods, recipientWords } from '../../deliveries/index.js';
import type { Words } from '../../language/index.js';
import type { DispatchMethod } from '../../platforms/index.js';
import { Html, renderPage, Template } from '../../views/index.js';
import { Listing } from './files-page.js';
import { copyMethod, dataMoverMethod, directMethod } from './methods.js';
import type { SharePage } from './share-page.types.js';

/** Below a link's address; see `Hidden`. */
export const HIDDEN_LINK = 'not-for-people';

const METHODS: Record<DispatchMethod, (page: SharePage) => Html> = {
  direct: directMethod,
  'data-mover': dataMoverMethod,
  copy: copyMethod,
};

export function sharePage(page: SharePage): string {
  const { words, facts } = page;
  const methods = orderedMethods(facts);
  return renderPage({
    words,
    title: words.say('page.title', { folder: facts.folder }),
    usesScript: true,
    children: Html.join([
      Html.of(<Head page={page} methods={methods} />),
      ...methods.map((method) => METHODS[method](page)),
      said(page),
      Html.of(
        <section aria-labelledby="files">
          <h2 id="files">{words.say('page.files')}</h2>
          <Listing words={words} query={page.query} token={page.how.token} tree={page.tree} />
        </section>,
      ),
      end(page),
    ]),
  });
}

const Head = ({ page, methods }: { page: SharePage; methods: readonly DispatchMethod[] }): VNode => {
  const { words, facts } = page;
  return (
    <>
      <h1>{words.say('page.title', { folder: facts.folder })}</h1>
      <dl>
        {dataFacts(words, facts, null, page.now).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
        <Until page={page} />
      </dl>
      {methods.length > 1 && methods[0] !== 'copy' ? <p>{words.say(`methods.why.${methods[0] ?? 'direct'}`)}</p> : null}
      <NotForWindows page={page} />
    </>
  );
};

/** A zip is unpacked by whatever program Windows has, which leaves such files out, renames or overwrites them. */
const NotForWindows = ({ page: { words, facts } }: { page: SharePage }): VNode | null =>
  facts.namesNotForWindows === 0 ? null : (
    <p class="state">{words.say('page.notForWindows', { count: facts.namesNotForWindows })}</p>
  );

/** The time left counts down where script runs; without, it is that of when the page was made. */
const Until = ({ page: { words, facts, now } }: { page: SharePage }): VNode | null => {
  const { expiresAt } = facts;
  if (expiresAt === null) return null;
  return (
    <>
      <dt>{words.say('data.until')}</dt>
      <dd>
        <time datetime={expiresAt.toISOString()}>{words.instant(expiresAt, facts.timeZone)}</time>
        <span
          class="left"
          data-until={expiresAt.toISOString()}
          data-now={now.toISOString()}
          data-pattern={words.say('page.left', { left: '{}' })}
          data-ended={words.say('page.ended')}
        >
          {words.say('page.left', { left: words.timeLeft(now, expiresAt) })}
        </span>
      </dd>
    </>
  );
};

interface DoneKind {
  words: Words;
  query: string;
  isDone: boolean;
  sendsReminders: boolean;
  isOptedOut: boolean;
}

const done = new Template(
  ['token', 'at', 'stopped'],
  ({ words, query, isDone, sendsReminders, isOptedOut }: DoneKind, { token, at, stopped }): VNode => (
    <section class="screen" aria-labelledby="done">
      <h2 id="done">{words.say('page.done.heading')}</h2>
      {sendsReminders && isOptedOut ? <p class="state">{words.say('page.optedOut', { at: stopped })}</p> : null}
      {isDone ? (
        <form method="post" action={`/s/${token}/undone${query}`}>
          <p class="state good">{words.say('page.done.said', { at })}</p>
          <button type="submit" class="plain">
            {sendsReminders && !isOptedOut ? words.say('page.done.undo') : words.say('page.done.undoPlain')}
          </button>
        </form>
      ) : (
        <form method="post" action={`/s/${token}/done${query}`}>
          <p>{words.say('page.done.text')}</p>
          <button type="submit" class="plain">
            {words.say('page.done.button')}
          </button>
        </form>
      )}
    </section>
  ),
);

function said({ words, query, facts, how }: SharePage): Html {
  const { doneAt, optedOutAt, sendsReminders, timeZone } = facts;
  const at = (moment: Date | null): string => (moment ? words.instant(moment, timeZone) : '');
  return done.fill(
    { words, query, isDone: doneAt !== null, sendsReminders, isOptedOut: optedOutAt !== null },
    { token: how.token, at: at(doneAt), stopped: at(optedOutAt) },
  );
}

const ending = new Template(
  ['token', 'name', 'email'],
  ({ words, isOfMails }: { words: Words; isOfMails: boolean }, { token, name, email }): VNode => (
    <>
      <Hidden words={words} token={token} />
      {isOfMails ? null : <KeepLanguage words={words} token={token} />}
      <p>{words.say('mail.keepSecret')}</p>
      <p>{words.say('mail.contact', { name, email })}</p>
    </>
  ),
);

const end = ({ words, facts, how }: SharePage): Html =>
  ending.fill(
    { words, isOfMails: recipientWords(facts).language === words.language },
    { token: how.token, name: facts.contactName, email: facts.contactEmail },
  );

interface OfLink {
  words: Words;
  token: string;
}

/** Out of sight, of the keyboard's way and of screen readers: only a program that opens every link follows it. */
const Hidden = ({ words, token }: OfLink): VNode => (
  <p class="trap" aria-hidden="true">
    <a href={`/s/${token}/${HIDDEN_LINK}`} rel="nofollow" tabindex={-1}>
      {words.say('page.hidden')}
    </a>
  </p>
);

/** Mails speak the page's language from then on. Offered where they would not anyway. */
const KeepLanguage = ({ words, token }: OfLink): VNode => (
  <form method="post" action={`/s/${token}/language`}>
    <button type="submit" class="plain" name="language" value={words.language}>
      {words.say('page.language.keep')}
    </button>
  </form>
);
