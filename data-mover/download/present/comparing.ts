// What lies in a folder against a line of the manifest: by its size first, by its content where that fits.

import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { crc32, crc32Text } from '../../../src/mediaflux/protocol/index.js';
import { Failure } from '../../failures.js';
import { AtOnce } from '../../disk/at-once.js';
import { fileParts } from '../../disk/file-parts.js';
import type { ManifestLine } from '../manifest.js';

/** By which a file is known not to have been written to since: times as the disk tells them, in milliseconds. */
export interface Mark {
  modifiedMs: number;
  /** Of anything about the file; nobody can set it. */
  changedMs: number;
}

/** A file of the right size is answered with its mark: its content is not known yet. */
export type Look = 'absent' | 'different' | Mark;

type OnBytes = (bytes: number) => void;

const looking = new AtOnce();

export const markOf = ({ mtimeMs, ctimeMs }: { mtimeMs: number; ctimeMs: number }): Mark => ({
  modifiedMs: mtimeMs,
  changedMs: ctimeMs,
});

/** FAT keeps times to two seconds. */
const COARSEST_TIME_MS = 2_000;

/** Is it the time of writing that a download gives the file? */
export const hasTimeOf = ({ mtime }: ManifestLine, modifiedMs: number): boolean =>
  mtime !== null && Math.abs(modifiedMs - Date.parse(mtime)) < COARSEST_TIME_MS;

/** @throws Failure it cannot be looked at, which is of this file alone */
export async function lookAt(place: string, line: ManifestLine): Promise<Look> {
  try {
    const found = await looking.run(
      () => statSync(place, { throwIfNoEntry: false }),
      () => stat(place),
    );
    if (!found) return 'absent';
    return found.isFile() && found.size === line.size ? markOf(found) : 'different';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (leadsNowhere(code)) return 'absent';
    throw unreadable(error, line);
  }
}

/** Is there a folder? @throws Failure it cannot be looked at */
export async function isFolder(place: string, line: ManifestLine): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (leadsNowhere(code)) return false;
    throw unreadable(error, line);
  }
}

/** Reads it. @throws Failure it cannot be read, which is of this file alone; and the reason of `signal` */
export async function hasContent(
  place: string,
  line: ManifestLine,
  signal: AbortSignal,
  onBytes: OnBytes,
): Promise<boolean> {
  try {
    return crc32Text(await sumOfContent(place, { signal, onBytes })) === line.crc32;
  } catch (error) {
    signal.throwIfAborted();
    throw unreadable(error, line);
  }
}

/** CRC-32 of a file on disk, or of its first bytes. @throws the reason of `signal`, and what the disk said */
export async function sumOfContent(
  place: string,
  { signal, onBytes, bytes }: { signal: AbortSignal; onBytes: OnBytes; bytes?: number },
): Promise<number> {
  let sum = 0;
  for await (const part of fileParts(place, 0, bytes)) {
    signal.throwIfAborted();
    sum = crc32(part, sum);
    onBytes(part.length);
  }
  return sum;
}

/** Where a path is too long nothing lies either; why nothing can be put there is told then. */
const leadsNowhere = (code: string | undefined): boolean =>
  code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';

function unreadable(error: unknown, line: ManifestLine): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return error;
  const why = code === 'EACCES' || code === 'EPERM' ? 'it may not be read' : `it cannot be read (${code})`;
  return new Failure(why, 1, line.path);
}
