// A look at a watched folder: its datasets, and a fingerprint of each that changes with anything in it.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolderIn } from '../journal/home.js';
import { Fingerprint } from '../tree/fingerprint.js';
import { dataIn, type Source } from '../tree/gather.js';

/** Names directly in it: of the folders, each a dataset, and of what else lies there. Hidden ones, and this program's own, are none. */
export function contentsOf(folder: string): { datasets: string[]; others: string[] } {
  const own = ownFolderIn(folder);
  const entries = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => !entry.name.startsWith('.') && entry.name !== own,
  );
  const names = (areDatasets: boolean): string[] =>
    entries.filter((entry) => entry.isDirectory() === areDatasets).map((entry) => entry.name);
  return { datasets: names(true).sort(), others: names(false).sort() };
}

/** The same as long as it is this folder, wherever its share is mounted; undefined: the file system does not tell. */
export function identityOf(dataset: string): string | undefined {
  const { ino, birthtimeNs } = statSync(dataset, { bigint: true });
  return ino === 0n || birthtimeNs <= 0n ? undefined : `${ino}-${birthtimeNs}`;
}

/** The same as long as nothing in it changes, or becomes unreadable. @param source as of its upload */
export async function lookAt(source: Source): Promise<string> {
  const hash = createHash('sha256');
  for await (const some of dataIn(source))
    for (const found of some)
      hash.update(
        found.kind === 'file' ? `${found.path}\0${found.size}\0${found.modifiedMs}\n` : `${found.kind} ${found.path}\n`,
      );
  return hash.digest('hex').slice(0, 32);
}

/**
 * Of what an upload of it would send now. Undefined: something in it cannot be read, as when its share goes away, so that
 * nothing can be told.
 */
export async function fingerprintOf(source: Source): Promise<string | undefined> {
  const fingerprint = new Fingerprint();
  let isWhole = true;
  for await (const some of dataIn(source))
    for (const found of some) {
      isWhole &&= found.kind !== 'unreadable';
      if (found.kind === 'file') fingerprint.file(found);
      else if (found.kind === 'empty-folder') fingerprint.emptyFolder(found.path);
    }
  return isWhole ? fingerprint.digest() : undefined;
}

export const hasFile = (dataset: string, name: string): boolean => existsSync(join(dataset, name));
