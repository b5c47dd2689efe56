// Folders with those above them. Node's own `recursive` never ends, and takes all memory, where a file system says that
// there is no such place although the folder above is there, as `/proc` and automounters do.

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** One that is there is fine. @throws Error what the file system said */
export function makeFolders(place: string, mode = 0o777): void {
  try {
    mkdirSync(place, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !existsSync(dirname(place))) {
      makeFolders(dirname(place), mode);
      mkdirSync(place, mode);
    } else if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
