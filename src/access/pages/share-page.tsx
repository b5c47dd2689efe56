// The page behind a link: what the data are, until when, and the ways to fetch them. No script is needed for any.

import type { VNode } from 'preact';
import {
  commandFor,
  dataFacts,
  type DeliveryFacts,
  type HowToFetch,
  type MethodPhase,
  orderedMethods,
} from '../../deliveries/index.js';
import { formatBytes, formatInstant, say } from '../../language/index.js';
import type { DispatchMethod } from '../../platforms/index.js';
import { renderPage } from '../../views/index.js';

/** Below a link's address; see `Hidden`. */
export const HIDDEN_LINK = 'not-for-people';

export interface ListedFile {
  path: string;
  type: 'file' | 'directory';
  size: number;
}

export interface SharePage {
  facts: DeliveryFacts;
  phases: Record<DispatchMethod, MethodPhase | null>;
  /** The first of them. */
  files: readonly ListedFile[];
  how: HowToFetch;
  now: Date;
}

export function sharePage(page: SharePage): string {
  const { facts, now } = page;
  const rows = dataFacts(facts, facts.expiresAt, now);
  return renderPage({
    title: say('page.title', { folder: facts.folder }),
    children: (
      <>
        <h1>{say('page.title', { folder: facts.folder })}</h1>
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
        <Hidden token={page.how.token} />
        <p>{say('mail.contact', { name: facts.contactName, email: facts.contactEmail })}</p>
      </>
    ),
  });
}

const Method = ({ method, page }: { method: DispatchMethod; page: SharePage }): VNode => {
  const { facts, how } = page;
  const command = commandFor(method, facts, how);
  return (
    <section>
      <h2>{say(`methods.${method}.title`)}</h2>
      <PhaseOf method={method} page={page} />
      {method === 'direct' ? (
        <form method="post" action={`/s/${how.token}/direct`}>
          <p>{say('page.direct.hint')}</p>
          <button type="submit">
            {say('page.direct.button')} ({formatBytes(facts.bytes)})
          </button>
        </form>
      ) : null}
      {method === 'data-mover' ? <p>{say('methods.data-mover.text')}</p> : null}
      {method === 'copy' ? (
        <p>
          <a class="button" href={`/s/${how.token}/copy`}>
            {say('page.copy.button')}
          </a>
        </p>
      ) : null}
      {command === undefined ? null : (
        <>
          {method === 'direct' ? <p>{say('page.curl')}</p> : null}
          <pre>{command}</pre>
        </>
      )}
    </section>
  );
};

const PhaseOf = ({ method, page }: { method: DispatchMethod; page: SharePage }): VNode | null => {
  const phase = page.phases[method];
  if (!phase) return null;
  const at = formatInstant(new Date(phase.at), page.facts.timeZone);
  if (method === 'direct') return <p>{say('page.direct.started', { at })}</p>;
  if (method === 'copy')
    return (
      <p>
        {phase.phase === 'completed'
          ? say('page.copy.completed', { at })
          : say('page.copy.state', { state: phase.phase })}
      </p>
    );
  return (
    <p>
      {phase.phase === 'completed'
        ? say('page.data-mover.completed', { at })
        : say('page.data-mover.started', { at, done: phase.files ?? 0, all: phase.ofFiles ?? page.facts.files })}
    </p>
  );
};

const Done = ({ page: { facts, how } }: { page: SharePage }): VNode => (
  <section>
    <h2>{say('page.done.heading')}</h2>
    {facts.doneAt ? (
      <form method="post" action={`/s/${how.token}/undone`}>
        <p>{say('page.done.said', { at: formatInstant(facts.doneAt, facts.timeZone) })}</p>
        <button type="submit" class="plain">
          {say('page.done.undo')}
        </button>
      </form>
    ) : (
      <form method="post" action={`/s/${how.token}/done`}>
        <p>{say('page.done.text')}</p>
        <button type="submit" class="plain">
          {say('page.done.button')}
        </button>
      </form>
    )}
  </section>
);

/** Out of sight, of the keyboard's way and of screen readers: only a program that opens every link follows it. */
const Hidden = ({ token }: { token: string }): VNode => (
  <p class="trap" aria-hidden="true">
    <a href={`/s/${token}/${HIDDEN_LINK}`} rel="nofollow" tabindex={-1}>
      {say('page.hidden')}
    </a>
  </p>
);

const Files = ({ page: { facts, files } }: { page: SharePage }): VNode => {
  const shown = files.filter((file) => file.type === 'file').length;
  return (
    <section>
      <h2>{say('page.files')}</h2>
      <table>
        <tbody>
          {files.map((file) => (
            <tr key={file.path}>
              <td>{file.type === 'directory' ? `${file.path}/` : file.path}</td>
              <td>{file.type === 'directory' ? '' : formatBytes(file.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {facts.files > shown ? <p>{say('page.moreFiles', { count: facts.files - shown })}</p> : null}
    </section>
  );
};
