// What Mediaflux holds of a download, by path, for millions of files. It is asked for while files are fetched already: each
// is found as soon as the list tells of it.

import type { StoredFile } from '../../src/mediaflux/services/index.js';
import { PathTable } from '../journal/path-table.js';
import type { MediafluxLink } from '../transfer/mediaflux-link.js';

export class StoredFiles {
  private usual = new PathTable();
  /** Those that do not fit in numbers: without size or checksum, or with an id that is none. */
  private unusual = new Map<string, StoredFile>();
  private isWhole = false;
  private readonly whole: Promise<void>;
  private readonly waiting = new Map<string, (file: StoredFile) => void>();

  /** Begins to ask. */
  constructor(link: MediafluxLink) {
    this.whole = link
      .list(() => {
        this.usual = new PathTable();
        this.unusual = new Map();
        return (path, file) => this.set(path, file);
      })
      .then(() => {
        this.isWhole = true;
      });
    // Told to whoever looks for a file; until then it must not end the process.
    this.whole.catch(() => undefined);
  }

  /** Undefined: there is none. @throws what ended the list before it told of the file */
  async find(path: string): Promise<StoredFile | undefined> {
    const known = this.get(path);
    if (known || this.isWhole) return known;
    const told = new Promise<StoredFile>((resolve) => this.waiting.set(path, resolve));
    try {
      return await Promise.race([told, this.whole.then(() => this.get(path))]);
    } finally {
      this.waiting.delete(path);
    }
  }

  private get(path: string): StoredFile | undefined {
    const entry = this.usual.get(path);
    if (!entry) return this.unusual.get(path);
    return { assetId: String(entry.first), size: entry.second, crc32: entry.word.toString(16).padStart(8, '0') };
  }

  private set(path: string, file: StoredFile): void {
    const id = Number(file.assetId);
    if (file.size !== null && file.crc32 !== null && Number.isSafeInteger(id) && String(id) === file.assetId)
      this.usual.set(path, Number.parseInt(file.crc32, 16), id, file.size);
    else this.unusual.set(path, file);
    this.waiting.get(path)?.(file);
  }
}
