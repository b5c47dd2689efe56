// `npm run bench -- upload`: `data-mover upload` from its start to complete, verification by the server included, and
// `data-mover download` from its start to all files verified, each as a ratio to curl moving the same bytes to and from
// the same emulator in the same round, with rights of the same kind: what Mediaflux does for a call depends on them.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../test/support/api.js';
import { Instrument, type StartedUpload, writeSettings } from '../test/support/instrument.js';
import { linkIn } from '../test/support/mailbox.js';
import { freshFolder, removeFolders } from '../test/support/folders.js';
import { Program } from '../test/support/program.js';
import { createRequest, curlCommand, curlDownload, curlVersion } from './curl.js';
import { type Load, loadsOf, medians, writeFiles } from './loads.js';
import type { Row } from './rows.js';
import { assetIds, contentAddress, destroyNamespace, sessionKey, tokenSessionKey } from './servers.js';
import { memoryFor, timed, type Timing } from './timing.js';

interface Setting {
  work: string;
  program: Program;
  /** The file of the upload shareable. */
  settings: string;
  /** Key of a session that may do everything. */
  session: string;
}

/** A load that was written. */
interface Files {
  folder: string;
  names: readonly string[];
  /**
   * Commands before each measurement, see {@link memoryFor}. What is sent is read before, so that nobody waits for the
   * disk of whom the other has read for.
   */
  memory: string;
  /** Whether what was moved goes after its measurement. */
  isDeleted: boolean;
}

/**
 * So many that are deleted make it dear to create others: for some minutes ext4 does not give an inode again that was just
 * freed, and looks at each of them whenever one is wanted (`recently_deleted` in fs/ext4/ialloc.c of Linux). Whoever was
 * measured second paid for the first. They stay until all is measured.
 */
const MANY_FILES = 100;

/**
 * An even number, since each is first in half of them; and many: when a system begins to hold back who writes a large file,
 * for the sake of the disk, differs by half from one to the next.
 */
const ROUNDS = 8;

/** What one round of moving a load took, each measurement under its name. */
type Round = Record<'up' | 'curlUp' | 'down' | 'curlDown', Timing>;

/** @param load of which alone, by a part of its name; undefined: of all */
export async function benchUpload(isSmall: boolean, load?: string): Promise<Row[]> {
  if (curlVersion() === undefined) return [];
  const work = freshFolder();
  const program = await Program.start({ dataDir: join(work, 'data') });
  try {
    const session = await sessionKey(program.endpoints.mediaflux, 'system', 'manager');
    const settings = join(work, 'settings.xml');
    await writeSettings(program, settings);
    const rows: Row[] = [];
    for (const [index, each] of loadsOf(isSmall).entries())
      if (each.name.includes(load ?? ''))
        rows.push(...(await measure({ work, program, settings, session }, each, index)));
    return rows;
  } finally {
    await program.stop();
    removeFolders(work);
  }
}

async function measure(setting: Setting, load: Load, index: number): Promise<Row[]> {
  const folder = join(setting.work, `in-${index}`);
  const names = await writeFiles(folder, load);
  const files: Files = {
    folder,
    names,
    memory: memoryFor(load.files * load.bytes, setting.work),
    isDeleted: load.files < MANY_FILES,
  };
  const rounds: Round[] = [];
  for (let number = 0; number < ROUNDS; number += 1)
    rounds.push(await round(setting, files, `${index}-${number}`, number % 2 === 1));
  rmSync(folder, { recursive: true });
  const row = medians(load, rounds);
  return [
    row(`data-mover upload, ${load.name}`, 'up', 'curlUp'),
    row('  reference: curl to the emulator', 'curlUp'),
    row(`data-mover download, ${load.name}`, 'down', 'curlDown'),
    row('  reference: curl from the emulator', 'curlDown'),
  ];
}

async function round(
  { work, program, settings, session }: Setting,
  { folder, names, memory, isDeleted }: Files,
  mark: string,
  isCurlFirst: boolean,
): Promise<Round> {
  const { mediaflux } = program.endpoints;
  const theirs = await startedUpload(program, settings, mark);
  const out = join(work, `out-${mark}`);
  const recipient = `ada-${mark}@example.org`;
  const files = names.map((name) => join(folder, name));
  const mover = (args: string, prepare: string) =>
    timed(
      `'${process.execPath}' dist/data-mover-program/data-mover.cjs ${args} --quiet`,
      { DATA_MOVER_STATE: join(work, `state-${mark}`) },
      prepare,
    );
  const send = `find '${folder}' -type f -exec cat {} + > /dev/null; ${memory}`;
  const [up, curlUp] = await both(
    isCurlFirst,
    () => mover(`upload --settings '${settings}' --to ${recipient} '${folder}'`, send),
    () =>
      timed(
        curlCommand(work, `${mediaflux}/__mflux_svc__/`, files, (name) =>
          createRequest(theirs.session, theirs.namespace, name),
        ),
        {},
        send,
      ),
  );
  const arrived = await assetIds(mediaflux, session, theirs.namespace);
  if (arrived.length !== files.length)
    throw new Error(`Of ${files.length} files that curl sent ${arrived.length} arrived.`);
  if (isDeleted) await destroyNamespace(mediaflux, session, theirs.namespace);
  const link = linkIn(await program.mailbox.next(recipient, /your data/));
  const ours = await startedDownload(program, link);
  const ids = await assetIds(mediaflux, session, ours.namespace);
  const addresses = ids.map((id) => contentAddress(mediaflux, ours.session, id));
  const fetch = `${curlDownload(work, addresses)}; ${memory}`;
  const [down, curlDown] = await both(
    isCurlFirst,
    async () => {
      const timing = await mover(`download '${link}' '${out}'`, fetch);
      if (isDeleted) rmSync(out, { recursive: true });
      return timing;
    },
    async () => {
      const timing = await timed(curlDownload(work, addresses, `curl-${mark}`), {}, fetch);
      if (isDeleted) rmSync(join(work, `curl-${mark}`), { recursive: true });
      return timing;
    },
  );
  if (isDeleted) await destroyNamespace(mediaflux, session, ours.namespace);
  return { up, curlUp, down, curlDown };
}

/** Each of two in its turn; which is first changes with the rounds: whoever moves a large file first after another was deleted pays for it. */
async function both<T>(isSecondFirst: boolean, first: () => Promise<T>, second: () => Promise<T>): Promise<[T, T]> {
  const early = isSecondFirst ? await second() : undefined;
  const one = await first();
  return [one, early ?? (await second())];
}

/** What curl works with: key of a session, and the namespace that it has rights for. */
interface Rights {
  session: string;
  namespace: string;
}

/** Of an upload of the same shareable. */
async function startedUpload({ endpoints }: Program, settings: string, mark: string): Promise<Rights> {
  const token = /<token>([^<]+)</.exec(readFileSync(settings, 'utf8'))?.[1] ?? '';
  const instrument = new Instrument(endpoints.server, token);
  return rightsOf((await instrument.start({ recipients: [`curl-${mark}@example.org`] })).mediaflux);
}

/** Of a download by the link. */
async function startedDownload({ endpoints }: Program, link: string): Promise<Rights> {
  const token = new URL(link).pathname.split('/').at(-1) ?? '';
  const api = new Api(endpoints.server);
  const path = `/api/v1/shares/${token}/downloads`;
  return rightsOf((await api.expect<Pick<StartedUpload, 'mediaflux'>>(201, 'POST', path)).mediaflux);
}

const rightsOf = async ({ url, token, namespace }: StartedUpload['mediaflux']): Promise<Rights> => ({
  session: await tokenSessionKey(url, token),
  namespace,
});
