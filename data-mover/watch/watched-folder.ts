// The watched folder itself: which datasets lie in it, and what a person should know when it cannot be read or holds more.

import type { Reporter } from '../report/reporter.js';
import { contentsOf } from './look.js';

export class WatchedFolder {
  private isTroubleTold = false;
  private areOthersTold = false;

  constructor(
    private readonly folder: string,
    private readonly reporter: Reporter,
  ) {}

  /** Names of its datasets; undefined: it cannot be read now. */
  datasets(): string[] | undefined {
    try {
      const { datasets, others } = contentsOf(this.folder);
      if (this.isTroubleTold) this.reporter.waits('the watched folder can be read again', this.folder);
      this.isTroubleTold = false;
      this.tellOf(others);
      return datasets;
    } catch (error) {
      // A share that is not mounted now is there again later; what is known of its datasets stays.
      if (!this.isTroubleTold)
        this.reporter.error(
          `the watched folder cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); it is tried again`,
          this.folder,
        );
      this.isTroubleTold = true;
      return undefined;
    }
  }

  private tellOf(others: readonly string[]): void {
    const [first] = others;
    if (first === undefined || this.areOthersTold) return;
    this.areOthersTold = true;
    const more = others.length === 1 ? '' : ` (and ${others.length - 1} more)`;
    this.reporter.leftOut(`only folders that lie in the watched folder are uploaded${more}`, first);
  }
}
