// The ways to fetch the data, each with how far it has come.

import type { VNode } from 'preact';
import { type MethodPhase, zipCommand } from '../../deliveries/index.js';
import type { Words } from '../../language/index.js';
import { Html, NOTHING, Template } from '../../views/index.js';
import { type CommandLine, curl } from './commands.js';
import { COMMAND_SLOTS, commandsOf, FirstUse, type FirstUseKind } from './first-use.js';
import { isReminded, type SharePage } from './share-page.types.js';

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

interface DirectKind {
  words: Words;
  query: string;
  asksFirst: boolean;
  isBegun: boolean;
  isReminded: boolean;
  isWindowsFirst: boolean;
}

const direct = new Template(
  ['state', 'token', 'size', 'posix', 'windows'],
  (
    { words, query, asksFirst, isBegun, isReminded, isWindowsFirst }: DirectKind,
    { state, token, size, ...commands },
  ): VNode => (
    <section aria-labelledby="direct">
      <h2 id="direct">{words.say('methods.direct.title')}</h2>
      {state}
      <p>{words.say('page.direct.hint')}</p>
      {asksFirst ? (
        <p>
          <a class="button" href={`/s/${token}/direct-confirm${query}`}>
            {words.say('page.direct.button')} ({size})…
          </a>
        </p>
      ) : (
        <form method="post" action={`/s/${token}/direct${query}`}>
          <button type="submit">
            {words.say('page.direct.button')} ({size})
          </button>
        </form>
      )}
      {isBegun ? null : (
        <p class="quiet screen">{isReminded ? words.say('page.direct.after') : words.say('page.direct.afterPlain')}</p>
      )}
      <details>
        <summary>{words.say('page.curl')}</summary>
        {(isWindowsFirst ? WINDOWS_FIRST : POSIX_FIRST).map(([line, name]) => (
          <>
            <p>{name}:</p>
            <pre>{commands[line]}</pre>
          </>
        ))}
      </details>
    </section>
  ),
);

export function directMethod(page: SharePage): Html {
  const { words, query, facts, how, phases, system } = page;
  return direct.fill(
    {
      words,
      query,
      asksFirst: needsConfirmation(page),
      isBegun: phases.direct !== null,
      isReminded: isReminded(facts),
      isWindowsFirst: system === 'windows',
    },
    {
      state: phases.direct ? Html.of(<DirectState page={page} phase={phases.direct} />) : NOTHING,
      token: how.token,
      size: words.bytes(facts.bytes),
      posix: zipCommand(curl('posix'), facts, how),
      windows: zipCommand(curl('windows'), facts, how),
    },
  );
}

/** Whether it finished cannot be known, so it is asked; not where the answer would change nothing. */
const DirectState = ({ page, phase }: OnPage & { phase: MethodPhase }): VNode => {
  const { words, query, facts, how, direct, phases } = page;
  const at = direct.notReceivedAt ? words.instant(direct.notReceivedAt, facts.timeZone) : '';
  const isOtherwiseFetched = phases['data-mover']?.phase === 'completed' || phases.copy?.phase === 'completed';
  return (
    <div class="state">
      <p>{words.say('page.direct.started', { at: instantOf(page, phase) })}</p>
      {direct.counts && !facts.doneAt && !isOtherwiseFetched ? (
        <form method="post" action={`/s/${how.token}/not-received${query}`}>
          <button type="submit" class="plain">
            {isReminded(facts) ? words.say('page.notReceived.button') : words.say('page.notReceived.plain')}
          </button>
        </form>
      ) : null}
      {direct.notReceivedAt ? (
        <form method="post" action={`/s/${how.token}/received${query}`}>
          <p>
            {isReminded(facts)
              ? words.say('page.notReceived.said', { at })
              : words.say('page.notReceived.saidPlain', { at })}
          </p>
          <button type="submit" class="plain">
            {words.say('page.notReceived.undo')}
          </button>
        </form>
      ) : null}
    </div>
  );
};

const dataMover = new Template(['state', ...COMMAND_SLOTS], (kind: FirstUseKind, { state, ...commands }): VNode => (
  <section aria-labelledby="data-mover">
    <h2 id="data-mover">{kind.words.say('methods.data-mover.title')}</h2>
    {state}
    <p>{kind.words.say('page.data-mover.text')}</p>
    <FirstUse {...kind} commands={commands} />
  </section>
));

export function dataMoverMethod(page: SharePage): Html {
  const { words, query, facts, how, phases, system } = page;
  const phase = phases['data-mover'];
  return dataMover.fill(
    { words, query, system },
    {
      state: phase ? Html.of(<DataMoverState page={page} phase={phase} />) : NOTHING,
      ...commandsOf(facts, how),
    },
  );
}

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

const copying = new Template(
  ['state', 'token', 'look'],
  ({ words, query }: { words: Words; query: string }, { state, token, look }): VNode => (
    <section aria-labelledby="copy">
      <h2 id="copy">{words.say('methods.copy.title')}</h2>
      {state}
      <p>{words.say('page.copy.text')}</p>
      <p>
        <a class="button" href={`/s/${token}/copy${query}`}>
          {words.say('page.copy.button')}
        </a>
      </p>
      {look}
    </section>
  ),
);

export function copyMethod(page: SharePage): Html {
  const { words, query, how, phases, copy } = page;
  return copying.fill(
    { words, query },
    {
      state: phases.copy ? Html.of(<CopyState page={page} phase={phases.copy} />) : NOTHING,
      token: how.token,
      look: copy
        ? Html.of(
            <p>
              <a href={`/s/${how.token}/copy/${copy.id}${query}`}>{words.say('page.copy.look')}</a>
            </p>,
          )
        : NOTHING,
    },
  );
}

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
