// Files in a folder that no download brought.

import { type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PathTable } from '../../journal/path-table.js';
import { type ManifestLine } from '../manifest.js';
import { OWN_FOLDER } from '../../journal/own-folder.js';

/** Paths with `/`, in no order. Links are not followed, and folders that cannot be looked into are passed over. */
export async function* otherFilesIn(
  target: string,
  lines: Iterable<ManifestLine>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const known = new PathTable();
  for (const { path } of lines) known.set(asWritten(path), 0, 0, 0);
  for (const folders = ['']; folders.length > 0;) {
    signal.throwIfAborted();
    const folder = folders.pop() ?? '';
    for (const entry of await entriesOf(join(target, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === OWN_FOLDER) continue;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && !known.get(asWritten(path))) yield path;
    }
  }
}

/** Some disks of macOS give back names in another form than they were given in. */
const asWritten = (path: string): string => path.normalize('NFC');

const entriesOf = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'EIO'].includes(error.code ?? '')) return [];
    throw error;
  });
