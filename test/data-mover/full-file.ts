// A disk that is full as soon as one file is written to it, whichever that is by name. Linux has such a file for real.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../support/folders.js';

/** Only Linux has a file that is a full disk. */
export const mayBeFull = existsSync('/dev/full');

/** Options of Node that start a program on such a disk, its threads too. @param which the end of the file's place */
export function fullFor(which: RegExp): string[] {
  const preload = join(freshFolder(), 'full.cjs');
  writeFileSync(
    preload,
    `const fs = require('node:fs');
    const { syncBuiltinESMExports } = require('node:module');
    const placeOf = (place) => (${which}.test(String(place)) ? '/dev/full' : place);
    const { openSync } = fs;
    const { writeFile } = fs.promises;
    fs.openSync = (place, ...how) => openSync(placeOf(place), ...how);
    fs.promises.writeFile = (place, ...what) => writeFile(placeOf(place), ...what);
    syncBuiltinESMExports();`,
  );
  return ['--require', preload];
}
