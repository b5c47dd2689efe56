// How to fetch with the Data Mover on a computer that has never seen it: Node, the program, one command with the link.
// The visitor's system first; the others are one click away, without script.

import type { VNode } from 'preact';
import { type DeliveryFacts, downloadCommand, type HowToFetch } from '../../deliveries/index.js';
import type { Words } from '../../language/index.js';
import { commandLineOf, getProgramCommand, NODE_COMMANDS, tokenCommand } from './commands.js';
import { SYSTEMS, type VisitorSystem } from './visitor-system.rules.js';

/** What differs from link to link. */
export const COMMAND_SLOTS = ['server', 'token', 'getPosix', 'getWindows', 'download', 'byToken'] as const;
type Commands = Readonly<Record<(typeof COMMAND_SLOTS)[number], string>>;

export const commandsOf = (facts: Pick<DeliveryFacts, 'folder'>, how: HowToFetch): Commands => ({
  server: how.server,
  token: how.token,
  getPosix: getProgramCommand('posix', how),
  getWindows: getProgramCommand('windows', how),
  download: downloadCommand(facts, how),
  byToken: tokenCommand(facts, how),
});

export interface FirstUseKind {
  words: Words;
  query: string;
  system: VisitorSystem | 'handheld' | undefined;
}

interface FirstUseParts extends FirstUseKind {
  commands: Commands;
}

export const FirstUse = ({ words, query, system, commands }: FirstUseParts): VNode => {
  const own = system === 'handheld' ? undefined : system;
  return (
    <>
      {system === 'handheld' ? <p>{words.say('firstUse.handheld')}</p> : null}
      {own ? (
        <>
          <h3>{words.say(`firstUse.on.${own}`)}</h3>
          <Steps words={words} system={own} commands={commands} />
        </>
      ) : null}
      {SYSTEMS.filter((one) => one !== own).map((one) => (
        <details key={one}>
          <summary>{words.say(`firstUse.on.${one}`)}</summary>
          <Steps words={words} system={one} commands={commands} />
        </details>
      ))}
      <details>
        <summary>{words.say('methods.parts')}</summary>
        <pre>
          {words.say('methods.server', { server: commands.server })}
          {'\n'}
          {words.say('methods.token', { token: commands.token })}
        </pre>
        <pre>{commands.byToken}</pre>
      </details>
      <p>
        <a href={`/data-mover/${query}`}>{words.say('firstUse.more')}</a>
      </p>
    </>
  );
};

interface StepsParts {
  words: Words;
  system: VisitorSystem;
  commands: Commands;
}

const Steps = ({ words, system, commands }: StepsParts): VNode => (
  <>
    <p>{words.say(system === 'windows' ? 'firstUse.open.windows' : 'firstUse.open.posix')}</p>
    <ol>
      <li>
        {words.say('firstUse.node')}
        <pre>{nodeCommand(words, system)}</pre>
      </li>
      <li>
        {words.say('firstUse.get')}
        <pre>{commandLineOf(system) === 'windows' ? commands.getWindows : commands.getPosix}</pre>
      </li>
      <li>
        {words.say('firstUse.run')}
        <pre>{commands.download}</pre>
      </li>
    </ol>
    <p>{words.say('firstUse.again')}</p>
  </>
);

/** What many Linux systems in use install is too old. */
const nodeCommand = (words: Words, system: VisitorSystem): string =>
  system === 'linux' ? `${NODE_COMMANDS.linux}   # ${words.say('program.olderNode')}` : NODE_COMMANDS[system];
