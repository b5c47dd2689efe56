// A local file as it leaves the disk, and the judgement whether what Mediaflux holds is it.

import type { Stats } from 'node:fs';
import { posix } from 'node:path';
import type { StoredFile } from '../../src/mediaflux/services/index.js';
import type { SentFile } from '../journal/sent-files.js';
import type { LocalFile } from '../tree/tree-list.js';

export interface FileState {
  size: number;
  modifiedMs: number;
}

/** What was sent and how much of it by this run, or why it does not count. */
export type Outcome = { file: SentFile; sentBytes: number } | { because: string };

export const CHANGED = 'it changed while it was read';

export const stateOf = (stat: Stats): FileState => ({ size: stat.size, modifiedMs: Math.floor(stat.mtimeMs) });

export const nameOf = (file: LocalFile): string => posix.basename(file.path);

/** Only what stayed as it was, and arrived as it is, counts. A file without content may have no checksum in Mediaflux. */
export function judge(
  file: LocalFile,
  before: FileState,
  after: FileState,
  held: Pick<StoredFile, 'size' | 'crc32'>,
  crc: string,
): Exclude<Outcome, { sentBytes: number }> | { file: SentFile } {
  if (after.size !== before.size || after.modifiedMs !== before.modifiedMs) return { because: CHANGED };
  if ((held.size ?? 0) !== before.size)
    return { because: `Mediaflux holds ${held.size ?? 'no'} bytes of it instead of ${before.size}` };
  if (held.crc32 !== null && held.crc32 !== crc) return { because: 'its checksum in Mediaflux is another' };
  return { file: { path: file.path, ...before, crc32: crc } };
}
