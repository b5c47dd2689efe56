// Namespaces in Mediaflux, each made once and ahead of the files in it.

import type { MediafluxLink } from './mediaflux-link.js';

/** Making one again changes nothing, so that only the latest are remembered. */
const REMEMBERED = 10_000;

export class Folders {
  private readonly made = new Map<string, Promise<void>>();

  constructor(private readonly link: MediafluxLink) {}

  ensure(folder: string): Promise<void> {
    const standing = this.made.get(folder);
    if (standing) return standing;
    if (this.made.size >= REMEMBERED) this.made.clear();
    const making = this.link.makeFolder(folder);
    this.made.set(folder, making);
    making.catch(() => this.made.delete(folder));
    return making;
  }
}
