// Where this program keeps what it remembers: outside the user's data, one folder for each transfer.

import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { Failure } from '../failures.js';
import { makeFolders } from './folders.js';

/** `DATA_MOVER_STATE` says another place. */
function home(): string {
  const given = process.env['DATA_MOVER_STATE'];
  if (given) return resolve(given);
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? homedir(), 'instrument-dispatch');
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'instrument-dispatch');
}

/** @param about what makes the transfer this one, as in its paths and name; it cannot be read back from the name */
export const folderOf = (about: readonly string[]): string =>
  join(home(), createHash('sha256').update(about.join('\0')).digest('hex').slice(0, 24));

/** The same, made where it is not there. @throws Failure it cannot be made */
export function folderFor(about: readonly string[]): string {
  const folder = folderOf(about);
  inNotes(() => makeFolders(folder, 0o700));
  return folder;
}

/** Where this program's own folder lies below `folder`: relative, with `/`; undefined where it does not. */
export function ownFolderIn(folder: string): string | undefined {
  const way = relative(realOf(folder), realOf(home()));
  const isBelow = way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(way) !== way;
  return isBelow ? way.split(sep).join('/') : undefined;
}

const realOf = (place: string): string => {
  try {
    return realpathSync(place);
  } catch {
    // What is not there is nowhere else.
    return resolve(place);
  }
};

/** Work in this program's own folder. @throws Failure what its disk said, and what to do */
export function inNotes<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw notesTrouble(error);
  }
}

function notesTrouble(error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof Failure || typeof code !== 'string' || syscall === undefined) return error;
  const what =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? `The disk with ${home()} is full; this program notes there what it has done. Make room`
      : `${home()}, where this program notes what it has done, cannot be used (${code}). Put that right`;
  return new Failure(`${what}, or name a folder elsewhere in DATA_MOVER_STATE, and run the same command again.`);
}
