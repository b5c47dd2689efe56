// How to get the Data Mover and use it, for each system. No script, no third party.

import type { VNode } from 'preact';
import { formatBytes } from '../language/index.js';
import { renderPage } from '../views/index.js';
import { PROGRAM_NAME } from './program-file.js';

export interface ProgramFacts {
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
  atStart: VNode;
}

const systems = (server: string): System[] => [
  {
    name: 'Windows 10 and later',
    node: 'winget install OpenJS.NodeJS.LTS',
    fetch: `curl.exe -fLO ${server}/data-mover/${PROGRAM_NAME}`,
    checksum: `certutil -hashfile ${PROGRAM_NAME} SHA256`,
    atStart: (
      <p>
        To watch a folder from when the computer starts, make a task in Task Scheduler that runs “At startup”, whether
        someone is logged on or not, with the program <code>node</code> and the arguments of the last command.
      </p>
    ),
  },
  {
    name: 'macOS',
    node: 'brew install node',
    fetch: `curl -fLO ${server}/data-mover/${PROGRAM_NAME}`,
    checksum: `shasum -a 256 ${PROGRAM_NAME}`,
    atStart: (
      <p>
        To watch a folder from when the computer starts, put the last command into a property list in{' '}
        <code>/Library/LaunchDaemons</code> with <code>RunAtLoad</code> and <code>KeepAlive</code>.
      </p>
    ),
  },
  {
    name: 'Linux',
    node: 'sudo apt install nodejs   # or https://nodejs.org, if that is older than 20.19',
    fetch: `curl -fLO ${server}/data-mover/${PROGRAM_NAME}`,
    checksum: `sha256sum ${PROGRAM_NAME}`,
    atStart: (
      <p>
        To watch a folder from when the computer starts, make a systemd service whose <code>ExecStart</code> is the last
        command, with <code>Restart=on-failure</code>.
      </p>
    ),
  },
];

const Instructions = ({ name, node, fetch, checksum, atStart }: System): VNode => (
  <section>
    <h2>{name}</h2>
    <p>Node 20.19 or later, once:</p>
    <pre>{node}</pre>
    <p>The program, and its checksum, which must be the one above:</p>
    <pre>{`${fetch}\n${checksum}`}</pre>
    <p>At the instrument, with the settings.xml that the administrators gave you:</p>
    <pre>
      {[
        `node ${PROGRAM_NAME} check --settings settings.xml`,
        `node ${PROGRAM_NAME} upload --settings settings.xml --to ada@example.org FOLDER`,
        `node ${PROGRAM_NAME} watch --settings settings.xml FOLDER-OF-FOLDERS`,
      ].join('\n')}
    </pre>
    {atStart}
  </section>
);

export const instructionsPage = ({ server, bytes, sha256 }: ProgramFacts): string =>
  renderPage({
    title: 'Data Mover',
    children: (
      <>
        <h1>Data Mover</h1>
        <p>
          It sends what an instrument has acquired, and fetches what a link in a mail offers. Every file is verified,
          and after a break the same command goes on where it stopped.
        </p>
        {sha256 === undefined || bytes === undefined ? (
          <p class="problem">The program is not on this server; please ask its administrators.</p>
        ) : (
          <section>
            <p>
              <a class="button" href={`/data-mover/${PROGRAM_NAME}`} download={PROGRAM_NAME}>
                {PROGRAM_NAME}, {formatBytes(bytes)}
              </a>
            </p>
            <p>SHA-256:</p>
            <pre>{sha256}</pre>
          </section>
        )}
        <section>
          <h2>To fetch data</h2>
          <p>With the link from the mail, into a folder that may hold part of the data already:</p>
          <pre>{`node ${PROGRAM_NAME} download LINK FOLDER\nnode ${PROGRAM_NAME} verify FOLDER`}</pre>
        </section>
        {systems(server).map((system) => (
          <Instructions key={system.name} {...system} />
        ))}
      </>
    ),
  });
