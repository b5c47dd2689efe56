// What an upload is known again by: the same for the same paths, sizes and times, told in the same order.

import { createHash } from 'node:crypto';

export class Fingerprint {
  private readonly hash = createHash('sha256');

  file({ path, size, modifiedMs }: { path: string; size: number; modifiedMs: number }): void {
    this.hash.update(`${path}\0${size}\0${modifiedMs}\n`);
  }

  emptyFolder(path: string): void {
    this.hash.update(`${path}/\n`);
  }

  /** Once, when all was told. */
  digest(): string {
    return this.hash.digest('hex');
  }
}
