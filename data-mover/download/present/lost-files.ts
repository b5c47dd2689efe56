// What a power failure leaves of files that a download had given their names: a disk knows their names, times and sizes
// before it holds all of their bytes. Decision 0020.

import { lstat } from 'node:fs/promises';
import { uptime } from 'node:os';
import type { ManifestLine } from '../manifest.js';
import { hasTimeOf } from './comparing.js';

/** When a run of a download has written to the folder, by this computer's clock. */
export interface Written {
  fromMs: number;
  /** Left out: the program did not end in order. */
  untilMs?: number | undefined;
}

const computerStartedMs = (): number => Date.now() - uptime() * 1_000;

export class LostFiles {
  private readonly startedMs = computerStartedMs();

  /** @param runs of a download that is not done, in their order */
  constructor(private readonly runs: readonly Written[]) {}

  /**
   * Is a file that differs one that this download wrote and the computer lost? It has the time of writing that the download
   * gives it, is no longer than it was to be, and was last changed while the download wrote, before the computer was
   * started; that time nobody can set.
   */
  async has(line: ManifestLine, place: string): Promise<boolean> {
    if (line.mtime === null || this.runs.length === 0) return false;
    // What cannot be looked at is left alone, as a link is: the download makes none.
    const found = await lstat(place).catch(() => undefined);
    if (!found?.isFile() || found.size > line.size || !hasTimeOf(line, found.mtimeMs)) return false;
    const { ctimeMs } = found;
    return ctimeMs <= this.startedMs && this.runs.some((run, index) => this.wrote(run, index, ctimeMs));
  }

  /** What came between two runs is somebody else's, where the first of them ended in order. */
  private wrote({ fromMs, untilMs }: Written, index: number, ms: number): boolean {
    return fromMs <= ms && ms <= (untilMs ?? this.runs[index + 1]?.fromMs ?? Infinity);
  }
}
