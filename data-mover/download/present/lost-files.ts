// What a power failure leaves of files that a download had given their names: a disk knows their names, times and sizes
// before it holds all of their bytes. Decision 0020.

import { lstat } from 'node:fs/promises';
import { uptime } from 'node:os';
import type { ManifestLine } from '../manifest.js';
import { hasTimeOf } from './comparing.js';

/** When the runs of a download have written to the folder, by this computer's clock. */
export interface Written {
  /** Also of the first: what it lost may still be to fetch after others. */
  fromMs: number;
  /** Left out: the program did not end in order. */
  untilMs?: number | undefined;
}

const computerStartedMs = (): number => Date.now() - uptime() * 1_000;

export class LostFiles {
  private readonly fromMs: number;
  private readonly untilMs: number;

  /** @param written of a download that is not done; undefined: there is none */
  constructor(written: Written | undefined) {
    this.fromMs = written?.fromMs ?? Infinity;
    this.untilMs = Math.min(written?.untilMs ?? Infinity, computerStartedMs());
  }

  /**
   * Is a file that differs one that this download wrote and the computer lost? It has the time of writing that the download
   * gives it, is no longer than it was to be, and was last changed while the download wrote, before the computer was
   * started; that time nobody can set.
   */
  async has(line: ManifestLine, place: string): Promise<boolean> {
    if (line.mtime === null || this.fromMs > this.untilMs) return false;
    // What cannot be looked at is left alone, as a link is: the download makes none.
    const found = await lstat(place).catch(() => undefined);
    if (!found?.isFile() || found.size > line.size || !hasTimeOf(line, found.mtimeMs)) return false;
    return this.fromMs <= found.ctimeMs && found.ctimeMs <= this.untilMs;
  }
}
