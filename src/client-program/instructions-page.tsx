// How to get the Data Mover and use it, for each system. No script, no third party.

import type { Words } from '../language/index.js';
import { PROGRAM_NAME, renderPage } from '../views/index.js';

export interface ProgramFacts {
  words: Words;
  /** The address of this server. */
  server: string;
  bytes: number | undefined;
  sha256: string | undefined;
}

interface System {
  name: string;
  node: string;
  checksum: string;
  fetch: string;
  /** Names a proxy for the commands after it, in the shell that people have there. */
  proxy: string;
  atStart: string;
}

const PROXY = 'http://user:password@proxy.example.org:8080';

const systems = (words: Words, server: string): System[] => [
  {
    name: words.say('program.windows'),
    node: 'winget install OpenJS.NodeJS.LTS',
    fetch: `curl.exe -fLO ${server}/data-mover/${PROGRAM_NAME}`,
    checksum: `certutil -hashfile ${PROGRAM_NAME} SHA256`,
    proxy: `$env:HTTPS_PROXY = "${PROXY}"`,
    atStart: words.say('program.atStart.windows'),
  },
  {
    name: 'macOS',
    node: 'brew install node',
    fetch: `curl -fLO ${server}/data-mover/${PROGRAM_NAME}`,
    checksum: `shasum -a 256 ${PROGRAM_NAME}`,
    proxy: `export HTTPS_PROXY=${PROXY}`,
    atStart: words.say('program.atStart.macOS'),
  },
  {
    name: 'Linux',
    node: `sudo apt install nodejs   # ${words.say('program.olderNode')}`,
    fetch: `curl -fLO ${server}/data-mover/${PROGRAM_NAME}`,
    checksum: `sha256sum ${PROGRAM_NAME}`,
    proxy: `export HTTPS_PROXY=${PROXY}`,
    atStart: words.say('program.atStart.linux'),
  },
];

const Instructions = ({ words, system }: { words: Words; system: System }) => (
  <section>
    <h2>{system.name}</h2>
    <p>{words.say('program.node')}</p>
    <pre>{system.node}</pre>
    <p>{words.say('program.fetch')}</p>
    <pre>{`${system.fetch}\n${system.checksum}`}</pre>
    <p>{words.say('program.proxy')}</p>
    <pre>{system.proxy}</pre>
    <p>{words.say('program.atInstrument')}</p>
    <pre>
      {[
        `node ${PROGRAM_NAME} check --settings settings.xml`,
        `node ${PROGRAM_NAME} upload --settings settings.xml --to ada@example.org FOLDER`,
        `node ${PROGRAM_NAME} watch --settings settings.xml FOLDER-OF-FOLDERS`,
      ].join('\n')}
    </pre>
    <p>{system.atStart}</p>
  </section>
);

export const instructionsPage = ({ words, server, bytes, sha256 }: ProgramFacts): string =>
  renderPage({
    words,
    title: 'Data Mover',
    children: (
      <>
        <h1>Data Mover</h1>
        <p>{words.say('program.intro')}</p>
        {sha256 === undefined || bytes === undefined ? (
          <p class="problem">{words.say('program.absent')}</p>
        ) : (
          <section>
            <p>
              <a class="button" href={`/data-mover/${PROGRAM_NAME}`} download={PROGRAM_NAME}>
                {PROGRAM_NAME}, {words.bytes(bytes)}
              </a>
            </p>
            <p>SHA-256:</p>
            <pre>{sha256}</pre>
          </section>
        )}
        <section>
          <h2>{words.say('program.toFetch')}</h2>
          <p>{words.say('program.toFetch.text')}</p>
          <pre>{`node ${PROGRAM_NAME} download LINK FOLDER\nnode ${PROGRAM_NAME} verify FOLDER`}</pre>
        </section>
        {systems(words, server).map((system) => (
          <Instructions key={system.name} words={words} system={system} />
        ))}
      </>
    ),
  });
