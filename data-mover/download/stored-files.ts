// What Mediaflux holds of a download, by path, for millions of files.

import type { StoredFile } from '../../src/mediaflux/services/index.js';
import { PathTable } from '../journal/path-table.js';
import type { MediafluxLink } from '../transfer/mediaflux-link.js';

export class StoredFiles {
  private usual = new PathTable();
  /** Those that do not fit in numbers: without size or checksum, or with an id that is none. */
  private unusual = new Map<string, StoredFile>();

  static async of(link: MediafluxLink): Promise<StoredFiles> {
    let files = new StoredFiles();
    await link.list(() => {
      files = new StoredFiles();
      return (path, file) => files.set(path, file);
    });
    return files;
  }

  get(path: string): StoredFile | undefined {
    const entry = this.usual.get(path);
    if (!entry) return this.unusual.get(path);
    return { assetId: String(entry.first), size: entry.second, crc32: entry.word.toString(16).padStart(8, '0') };
  }

  private set(path: string, file: StoredFile): void {
    const id = Number(file.assetId);
    if (file.size !== null && file.crc32 !== null && Number.isSafeInteger(id) && String(id) === file.assetId)
      this.usual.set(path, Number.parseInt(file.crc32, 16), id, file.size);
    else this.unusual.set(path, file);
  }
}
