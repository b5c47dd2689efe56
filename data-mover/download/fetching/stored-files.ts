// What Mediaflux holds of a download, by path, for millions of files. It is asked for while files are fetched already: each
// is found as soon as the list tells of it.

import type { StoredFile } from '../../../src/mediaflux/services/index.js';
import { PathTable } from '../../journal/path-table.js';
import type { MediafluxLink } from '../../transfer/mediaflux-link.js';
import type { ManifestLine } from '../manifest.js';

export interface Wanted {
  line: ManifestLine;
  /** Undefined: Mediaflux holds none. */
  held: StoredFile | undefined;
}

interface Waiting {
  promise: Promise<StoredFile | undefined>;
  resolve: (file: StoredFile | undefined) => void;
  reject: (error: unknown) => void;
}

/** The usual list tells of the next few hundred files sooner. */
const PATIENCE_MS = 250;

export class StoredFiles {
  private usual = new PathTable();
  /** Those that do not fit in numbers: without size or checksum, or with an id that is none. */
  private unusual = new Map<string, StoredFile>();
  private isWhole = false;
  private fault: { error: unknown } | undefined;
  private readonly waiting = new Map<string, Waiting>();
  private readonly ending = new AbortController();
  private readonly over: Promise<void>;

  /** Begins to ask. */
  constructor(link: MediafluxLink) {
    const begin = () => {
      this.usual = new PathTable();
      this.unusual = new Map();
      return (path: string, file: StoredFile) => this.set(path, file);
    };
    this.over = link.list(begin, this.ending.signal).then(
      () => {
        this.isWhole = true;
        for (const [path, { resolve }] of this.waiting) resolve(this.get(path));
        this.waiting.clear();
      },
      (error: unknown) => {
        this.fault = { error };
        for (const { reject } of this.waiting.values()) reject(error);
        this.waiting.clear();
      },
    );
  }

  /**
   * Those of the lines that the list tells of within a moment, or by its end, and the others, for which it lets us wait.
   * @throws what ended the list before it told of them
   */
  async listed(lines: readonly ManifestLine[]): Promise<{ known: Wanted[]; unknown: readonly ManifestLine[] }> {
    const known: Wanted[] = [];
    let unknown = this.takeKnown(lines, known);
    if (unknown.length > 0) {
      await this.aMoment(unknown);
      unknown = this.takeKnown(unknown, known);
    }
    return { known, unknown };
  }

  /** Undefined: there is none. */
  private async find(path: string): Promise<StoredFile | undefined> {
    const known = this.get(path);
    if (known || this.isWhole) return known;
    if (this.fault) throw this.fault.error;
    const other = this.waiting.get(path);
    if (other) return other.promise;
    let ends: Pick<Waiting, 'resolve' | 'reject'> | undefined;
    const promise = new Promise<StoredFile | undefined>((resolve, reject) => {
      ends = { resolve, reject };
    });
    if (ends) this.waiting.set(path, { promise, ...ends });
    return promise;
  }

  /** Nothing is asked any more when it answers. */
  async close(): Promise<void> {
    this.ending.abort();
    await this.over;
  }

  /** Answers the lines that are left. */
  private takeKnown(lines: readonly ManifestLine[], known: Wanted[]): ManifestLine[] {
    return lines.filter((line) => {
      const held = this.get(line.path);
      if (!held && !this.isWhole) return true;
      known.push({ line, held });
      return false;
    });
  }

  /** The list has told of all of them, or lets us wait for some. */
  private async aMoment(lines: readonly ManifestLine[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([patience, Promise.all(lines.map(({ path }) => this.find(path)))]).finally(() =>
      clearTimeout(timer),
    );
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
    // A copy: it is cut from the text of the whole batch that it came in, which would be kept with it.
    else this.unusual.set(Buffer.from(path).toString(), file);
    this.waiting.get(path)?.resolve(file);
    this.waiting.delete(path);
  }
}
