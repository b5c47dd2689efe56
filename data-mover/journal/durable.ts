// Writes that neither a crash nor a power failure leaves half done: what is written is on the disk before it has its
// name, and the name is on the disk before anything rests on it.

import * as fs from 'node:fs';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { renameNow, renamePatience } from '../disk/renames.js';

const IS_WINDOWS = process.platform === 'win32';

/** All of it: a disk that is nearly full takes a part, and says so at the next write only. */
export function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

/** The file holds `text` and nothing else, or what it held before. */
export function writeWhole(file: string, text: string, mode = 0o600): void {
  const descriptor = openSync(`${file}.new`, 'w', mode);
  try {
    writeAll(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  takePlace(`${file}.new`, file);
}

/** `written`, which is on the disk, becomes `file`. */
export function takePlace(written: string, file: string): void {
  renameNow(fs, [written, file], renamePatience());
  syncFolder(dirname(file));
}

/** What a file of JSON holds; `damaged` where it is none, as what a power failure leaves of a file; undefined: no file. */
export function readJson<T>(file: string): { value: T } | 'damaged' | undefined {
  try {
    return { value: JSON.parse(readFileSync(file, 'utf8')) as T };
  } catch (error) {
    if (error instanceof SyntaxError) return 'damaged';
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Names of a folder; Windows has no such call, its file systems keep a journal of names. */
function syncFolder(folder: string): void {
  if (IS_WINDOWS) return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Some network file systems know no such call of a folder.
    if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(descriptor);
  }
}
