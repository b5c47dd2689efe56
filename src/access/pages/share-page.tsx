// The page behind a link: what the data are, until when, and the ways to fetch them. No script is needed for any.

import type { VNode } from 'preact';
import {
  commandFor,
  dataFacts,
  type DeliveryFacts,
  type HowToFetch,
  type MethodPhase,
  orderedMethods,
  recipientWords,
} from '../../deliveries/index.js';
import type { DispatchMethod } from '../../platforms/index.js';
import { type PageWords, renderPage } from '../../views/index.js';

/** Below a link's address; see `Hidden`. */
export const HIDDEN_LINK = 'not-for-people';

export interface ListedFile {
  path: string;
  type: 'file' | 'directory';
  size: number;
}

export interface SharePage extends PageWords {
  facts: DeliveryFacts;
  phases: Record<DispatchMethod, MethodPhase | null>;
  /** The first of them. */
  files: readonly ListedFile[];
  how: HowToFetch;
  now: Date;
}

export function sharePage(page: SharePage): string {
  const { words, facts, now } = page;
  const rows = dataFacts(words, facts, facts.expiresAt, now);
  return renderPage({
    words,
    title: words.say('page.title', { folder: facts.folder }),
    children: (
      <>
        <h1>{words.say('page.title', { folder: facts.folder })}</h1>
        <dl>
          {rows.map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
        {orderedMethods(facts).map((method) => (
          <Method key={method} method={method} page={page} />
        ))}
        <Done page={page} />
        <Files page={page} />
        <Hidden page={page} />
        <KeepLanguage page={page} />
        <p>{words.say('mail.contact', { name: facts.contactName, email: facts.contactEmail })}</p>
      </>
    ),
  });
}

const Method = ({ method, page }: { method: DispatchMethod; page: SharePage }): VNode => {
  const { words, query, facts, how } = page;
  const command = commandFor(method, facts, how);
  return (
    <section>
      <h2>{words.say(`methods.${method}.title`)}</h2>
      <PhaseOf method={method} page={page} />
      {method === 'direct' ? (
        <form method="post" action={`/s/${how.token}/direct${query}`}>
          <p>{words.say('page.direct.hint')}</p>
          <button type="submit">
            {words.say('page.direct.button')} ({words.bytes(facts.bytes)})
          </button>
        </form>
      ) : null}
      {method === 'data-mover' ? <p>{words.say('methods.data-mover.text')}</p> : null}
      {method === 'copy' ? (
        <p>
          <a class="button" href={`/s/${how.token}/copy${query}`}>
            {words.say('page.copy.button')}
          </a>
        </p>
      ) : null}
      {command === undefined ? null : (
        <>
          {method === 'direct' ? <p>{words.say('page.curl')}</p> : null}
          <pre>{command}</pre>
        </>
      )}
    </section>
  );
};

const PhaseOf = ({ method, page }: { method: DispatchMethod; page: SharePage }): VNode | null => {
  const { words } = page;
  const phase = page.phases[method];
  if (!phase) return null;
  const at = words.instant(new Date(phase.at), page.facts.timeZone);
  if (method === 'direct') return <p>{words.say('page.direct.started', { at })}</p>;
  if (method === 'copy')
    return (
      <p>
        {phase.phase === 'completed'
          ? words.say('page.copy.completed', { at })
          : phase.phase === 'failed'
            ? words.say('page.copy.failed', { at })
            : words.say('page.copy.requested', { at })}
      </p>
    );
  return (
    <p>
      {phase.phase === 'completed'
        ? words.say('page.data-mover.completed', { at })
        : words.say('page.data-mover.started', { at, done: phase.files ?? 0, all: phase.ofFiles ?? page.facts.files })}
    </p>
  );
};

const Done = ({ page: { words, query, facts, how } }: { page: SharePage }): VNode => (
  <section>
    <h2>{words.say('page.done.heading')}</h2>
    {facts.doneAt ? (
      <form method="post" action={`/s/${how.token}/undone${query}`}>
        <p>{words.say('page.done.said', { at: words.instant(facts.doneAt, facts.timeZone) })}</p>
        <button type="submit" class="plain">
          {words.say('page.done.undo')}
        </button>
      </form>
    ) : (
      <form method="post" action={`/s/${how.token}/done${query}`}>
        <p>{words.say('page.done.text')}</p>
        <button type="submit" class="plain">
          {words.say('page.done.button')}
        </button>
      </form>
    )}
  </section>
);

/** Out of sight, of the keyboard's way and of screen readers: only a program that opens every link follows it. */
const Hidden = ({ page: { words, how } }: { page: SharePage }): VNode => (
  <p class="trap" aria-hidden="true">
    <a href={`/s/${how.token}/${HIDDEN_LINK}`} rel="nofollow" tabindex={-1}>
      {words.say('page.hidden')}
    </a>
  </p>
);

/** Mails speak the page's language from then on. Offered where they would not anyway. */
const KeepLanguage = ({ page: { words, facts, how } }: { page: SharePage }): VNode | null =>
  recipientWords(facts).language === words.language ? null : (
    <form method="post" action={`/s/${how.token}/language`}>
      <button type="submit" class="plain" name="language" value={words.language}>
        {words.say('page.language.keep')}
      </button>
    </form>
  );

const Files = ({ page: { words, facts, files } }: { page: SharePage }): VNode => {
  const shown = files.filter((file) => file.type === 'file').length;
  return (
    <section>
      <h2>{words.say('page.files')}</h2>
      <table>
        <tbody>
          {files.map((file) => (
            <tr key={file.path}>
              <td>{file.type === 'directory' ? `${file.path}/` : file.path}</td>
              <td>{file.type === 'directory' ? '' : words.bytes(file.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {facts.files > shown ? <p>{words.say('page.moreFiles', { count: facts.files - shown })}</p> : null}
    </section>
  );
};
