// How to fetch with the Data Mover on a computer that has never seen it: Node, the program, one command with the link.
// The visitor's system first; the others are one click away, without script.

import type { VNode } from 'preact';
import { commandLineOf, downloadCommand, getProgramCommand, NODE_COMMANDS, tokenCommand } from './commands.js';
import type { SharePage } from './share-page.types.js';
import { SYSTEMS, type VisitorSystem } from './visitor-system.rules.js';

export const FirstUse = ({ page }: { page: SharePage }): VNode => {
  const { words, query, system, facts, how } = page;
  const own = system === 'handheld' ? undefined : system;
  return (
    <>
      {system === 'handheld' ? <p>{words.say('firstUse.handheld')}</p> : null}
      {own ? (
        <>
          <h3>{words.say(`firstUse.on.${own}`)}</h3>
          <Steps page={page} system={own} />
        </>
      ) : null}
      {SYSTEMS.filter((one) => one !== own).map((one) => (
        <details key={one}>
          <summary>{words.say(`firstUse.on.${one}`)}</summary>
          <Steps page={page} system={one} />
        </details>
      ))}
      <details>
        <summary>{words.say('methods.parts')}</summary>
        <pre>
          {words.say('methods.server', { server: how.server })}
          {'\n'}
          {words.say('methods.token', { token: how.token })}
        </pre>
        <pre>{tokenCommand(facts, how)}</pre>
      </details>
      <p>
        <a href={`/data-mover/${query}`}>{words.say('firstUse.more')}</a>
      </p>
    </>
  );
};

const Steps = ({ page: { words, facts, how }, system }: { page: SharePage; system: VisitorSystem }): VNode => (
  <>
    <p>{words.say(system === 'windows' ? 'firstUse.open.windows' : 'firstUse.open.posix')}</p>
    <ol>
      <li>
        {words.say('firstUse.node')}
        <pre>{NODE_COMMANDS[system]}</pre>
      </li>
      <li>
        {words.say('firstUse.get')}
        <pre>{getProgramCommand(commandLineOf(system), how)}</pre>
      </li>
      <li>
        {words.say('firstUse.run')}
        <pre>{downloadCommand(facts, how)}</pre>
      </li>
    </ol>
    <p>{words.say('firstUse.again')}</p>
  </>
);
