// Folders of a download: made once each, and only inside of it.

import { mkdir } from 'node:fs/promises';
import { diskTrouble } from '../disk-trouble.js';
import type { Inside } from '../inside.js';

/** So many are remembered; to make one again changes nothing. */
const REMEMBERED = 10_000;

export class MadeFolders {
  private readonly made = new Set<string>();

  constructor(private readonly inside: Inside) {}

  has(folder: string): boolean {
    return this.made.has(folder);
  }

  /** @param path of the file or folder that it is made for @throws Failure it leads out, or the disk is at fault */
  async make(folder: string, path: string): Promise<void> {
    if (this.has(folder)) return;
    if (this.made.size > REMEMBERED) this.made.clear();
    this.inside.check(folder, path);
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw diskTrouble(error, path);
    });
    this.made.add(folder);
  }
}
