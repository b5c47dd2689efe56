// The ways to fetch the data, each with how far it has come.

import type { VNode } from 'preact';
import type { MethodPhase } from '../../deliveries/index.js';
import { type CommandLine, zipCommand } from './commands.js';
import { FirstUse } from './first-use.js';
import type { SharePage } from './share-page.types.js';

interface OnPage {
  page: SharePage;
}

const POSIX_FIRST: readonly (readonly [CommandLine, string])[] = [
  ['posix', 'macOS, Linux'],
  ['windows', 'Windows'],
];
const WINDOWS_FIRST = POSIX_FIRST.toReversed();

const instantOf = ({ words, facts }: SharePage, phase: MethodPhase): string =>
  words.instant(new Date(phase.at), facts.timeZone);

/** Above the platform's limit a page of its own asks first. */
export const needsConfirmation = ({ facts }: Pick<SharePage, 'facts'>): boolean => facts.bytes > facts.directLimitBytes;

export const DirectMethod = ({ page }: OnPage): VNode => {
  const { words, query, facts, how, phases, system } = page;
  return (
    <section aria-labelledby="direct">
      <h2 id="direct">{words.say('methods.direct.title')}</h2>
      {phases.direct ? <DirectState page={page} phase={phases.direct} /> : null}
      <p>{words.say('page.direct.hint')}</p>
      {needsConfirmation(page) ? (
        <p>
          <a class="button" href={`/s/${how.token}/direct-confirm${query}`}>
            {words.say('page.direct.button')} ({words.bytes(facts.bytes)})…
          </a>
        </p>
      ) : (
        <form method="post" action={`/s/${how.token}/direct${query}`}>
          <button type="submit">
            {words.say('page.direct.button')} ({words.bytes(facts.bytes)})
          </button>
        </form>
      )}
      {phases.direct ? null : <p class="quiet screen">{words.say('page.direct.after')}</p>}
      <details>
        <summary>{words.say('page.curl')}</summary>
        {(system === 'windows' ? WINDOWS_FIRST : POSIX_FIRST).map(([line, name]) => (
          <>
            <p>{name}:</p>
            <pre>{zipCommand(line, facts, how)}</pre>
          </>
        ))}
      </details>
    </section>
  );
};

/** Whether it finished cannot be known, so it is asked; not where the answer would change nothing. */
const DirectState = ({ page, phase }: OnPage & { phase: MethodPhase }): VNode => {
  const { words, query, facts, how, direct, phases } = page;
  const isOtherwiseFetched = phases['data-mover']?.phase === 'completed' || phases.copy?.phase === 'completed';
  return (
    <div class="state">
      <p>{words.say('page.direct.started', { at: instantOf(page, phase) })}</p>
      {direct.counts && !facts.doneAt && !isOtherwiseFetched ? (
        <form method="post" action={`/s/${how.token}/not-received${query}`}>
          <button type="submit" class="plain">
            {words.say('page.notReceived.button')}
          </button>
        </form>
      ) : null}
      {direct.notReceivedAt ? (
        <form method="post" action={`/s/${how.token}/received${query}`}>
          <p>{words.say('page.notReceived.said', { at: words.instant(direct.notReceivedAt, facts.timeZone) })}</p>
          <button type="submit" class="plain">
            {words.say('page.notReceived.undo')}
          </button>
        </form>
      ) : null}
    </div>
  );
};

export const DataMoverMethod = ({ page }: OnPage): VNode => {
  const { words, phases } = page;
  const phase = phases['data-mover'];
  return (
    <section aria-labelledby="data-mover">
      <h2 id="data-mover">{words.say('methods.data-mover.title')}</h2>
      {phase ? <DataMoverState page={page} phase={phase} /> : null}
      <p>{words.say('page.data-mover.text')}</p>
      <FirstUse page={page} />
    </section>
  );
};

const DataMoverState = ({ page, phase }: OnPage & { phase: MethodPhase }): VNode => {
  const { words, facts } = page;
  const at = instantOf(page, phase);
  const progress = { at, done: phase.files ?? 0, all: phase.ofFiles ?? facts.files };
  if (phase.phase === 'completed')
    return (
      <p class="state good">
        {progress.done < progress.all
          ? words.say('page.data-mover.part', progress)
          : words.say('page.data-mover.completed', { at })}
      </p>
    );
  return (
    <p class={phase.phase === 'failed' ? 'state bad' : 'state'}>
      {phase.phase === 'failed'
        ? words.say('page.data-mover.failed', progress)
        : words.say('page.data-mover.started', progress)}
    </p>
  );
};

export const CopyMethod = ({ page }: OnPage): VNode => {
  const { words, query, how, phases, copy } = page;
  return (
    <section aria-labelledby="copy">
      <h2 id="copy">{words.say('methods.copy.title')}</h2>
      {phases.copy ? <CopyState page={page} phase={phases.copy} /> : null}
      <p>{words.say('page.copy.text')}</p>
      <p>
        <a class="button" href={`/s/${how.token}/copy${query}`}>
          {words.say('page.copy.button')}
        </a>
      </p>
      {copy ? (
        <p>
          <a href={`/s/${how.token}/copy/${copy.id}${query}`}>{words.say('page.copy.look')}</a>
        </p>
      ) : null}
    </section>
  );
};

const CopyState = ({ page, phase }: OnPage & { phase: MethodPhase }): VNode => {
  const { words, facts, copy } = page;
  const at = instantOf(page, phase);
  if (phase.phase === 'completed') return <p class="state good">{words.say('page.copy.completed', { at })}</p>;
  if (copy && (copy.state === 'requested' || copy.state === 'copying'))
    return (
      <p class="state">
        {words.say('page.copy.requested', { at })}{' '}
        {words.say('page.copy.progress', { done: copy.files, all: facts.files })}
      </p>
    );
  return phase.phase === 'failed' ? (
    <p class="state bad">{words.say('page.copy.failed', { at })}</p>
  ) : (
    <p class="state">{words.say('page.copy.requested', { at })}</p>
  );
};
