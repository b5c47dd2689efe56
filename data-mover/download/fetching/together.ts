// Small files that come many at a time, in one archive, and are written from where it lies in memory. Whatever does not come
// so, or is not what was uploaded, is left to be fetched alone.

import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import type { Into } from '../../../src/mediaflux/protocol/index.js';
import type { CameWhole, StoredFile } from '../../../src/mediaflux/services/index.js';
import type { SmallWrites } from '../../disk/small-writes.js';
import { type FileIn, ThreadLost } from '../../disk/writing-thread.js';
import { Behind } from '../../transfer/behind.js';
import { inParallel } from '../../transfer/in-parallel.js';
import { type MediafluxLink, NoArchive } from '../../transfer/mediaflux-link.js';
import { type ManifestLine, placeOf } from '../manifest.js';
import { type Followed, modifiedAt, type Partials } from './fetch-file.js';
import type { Wanted } from './stored-files.js';

/** A server that breaks off so many, one after the other, gives none. */
const MOST_BROKEN = 4;
/** However many files may come at a time: each needs memory of its own. */
const MOST_AT_A_TIME = 4;
/** Portions that have come and are not written yet, beside those that come. */
const MOST_STORED_AT_A_TIME = 3;
/** Of a piece of memory, for a portion and what stands between its files. Pieces of that size are used again. */
const USUAL_BYTES = 3 * 1024 * 1024;
/** That fall back to come alone. */
const MOST_ALONE_AT_A_TIME = 4;

interface Arrived extends Wanted {
  folder: string;
  file: FileIn;
}

export interface TogetherOptions extends Partials {
  /** Folder that is downloaded into. */
  target: string;
  followed: Pick<Followed, 'begins' | 'moved'>;
  /** A portion no longer comes: its files are told of one by one. */
  leave(name: string): void;
  /** Makes a folder for a file, where it is not there; answers false where it cannot be, which has been told. */
  makeFolder(folder: string, line: ManifestLine): Promise<boolean> | boolean;
  /** Fetches one that did not come with the others, or stores what came of it. */
  alone(wanted: Wanted, came: CameWhole | undefined): Promise<void>;
  stored(line: ManifestLine): void;
  /** @param error what the disk said */
  notStored(line: ManifestLine, error: Error): Promise<void>;
}

export class Together {
  private isRefused = false;
  private broken = 0;
  private portions = 0;
  private readonly free: ArrayBuffer[] = [];
  private readonly storing = new Behind(MOST_STORED_AT_A_TIME);
  private readonly limit = pLimit(MOST_AT_A_TIME);

  constructor(
    private readonly link: MediafluxLink,
    private readonly writes: SmallWrites,
    private readonly options: TogetherOptions,
  ) {}

  /** Does Mediaflux make archives, as far as is known? */
  get mayBe(): boolean {
    return !this.isRefused && this.broken < MOST_BROKEN;
  }

  /** All have come when it answers; they are stored behind. @throws Failure what ends the download */
  async fetch(wanted: readonly Wanted[]): Promise<void> {
    const name = nameOf(wanted);
    const { came, memory } = await this.limit(() => this.read(name, wanted));
    const others: Wanted[] = [];
    const arrived: Arrived[] = [];
    this.portions += 1;
    for (const one of wanted) {
      const got = came.get(one.line.path);
      if (got && got.content.buffer === memory) arrived.push(this.arrived(one, got.content, arrived.length));
      else others.push(one);
    }
    if (memory) await this.storing.add(this.store(name, memory, arrived));
    else this.options.leave(name);
    await this.alone(others, came);
  }

  /** All that came is stored when it answers. @throws Failure what failed first */
  all(): Promise<void> {
    return this.storing.all();
  }

  /** The same, well or not. */
  settled(): Promise<void> {
    return this.storing.settled();
  }

  private alone(wanted: readonly Wanted[], came?: ReadonlyMap<string, CameWhole>): Promise<void> {
    return inParallel(wanted, MOST_ALONE_AT_A_TIME, (one) => this.options.alone(one, came?.get(one.line.path)));
  }

  /**
   * What came, by path, of the size and checksum that Mediaflux tells. Nothing is asked for that it does not hold, or that
   * is not in size and checksum what was uploaded.
   */
  private async read(
    name: string,
    wanted: readonly Wanted[],
  ): Promise<{ came: ReadonlyMap<string, CameWhole>; memory?: ArrayBuffer | undefined }> {
    const came = new Map<string, CameWhole>();
    const asked = wanted.flatMap(({ line, held }) =>
      held && isTheSame(line, held) ? [{ ...held, path: line.path }] : [],
    );
    if (asked.length < 2 || !this.mayBe) return { came };
    const bytes = asked.reduce((sum, { size }) => sum + (size ?? 0), 0);
    this.options.followed.begins(name, bytes, 0);
    const into = new Memory(2 * bytes + USUAL_BYTES, this.free, this.cameOf(name, bytes));
    const { broken } = this;
    try {
      const contents = await this.link.readTogether(asked, into);
      for (const [index, { path }] of asked.entries()) {
        const content = contents[index];
        if (content) came.set(path, content);
      }
      this.broken = 0;
      // Its archives are not what they are taken for; to ask for each file twice would not do.
      this.isRefused ||= came.size === 0;
    } catch (error) {
      if (!(error instanceof NoArchive)) throw error;
      this.isRefused ||= error.isForGood;
      // Of several that broke off together one counts.
      this.broken = broken + 1;
    }
    return { came, memory: into.taken };
  }

  /** Told of bytes that came, tells of those that are the files'. */
  private cameOf(name: string, bytes: number): (came: number) => void {
    let left = bytes;
    return (came) => {
      this.options.followed.moved(name, Math.min(came, left));
      left -= Math.min(came, left);
    };
  }

  private arrived(wanted: Wanted, content: Buffer, index: number): Arrived {
    const { target, partialFolder, run } = this.options;
    const { line } = wanted;
    const place = placeOf(target, line.path);
    const temporary = join(partialFolder, `${run}-portion-${this.portions}-${index}`);
    const file = { temporary, place, modified: modifiedAt(line), at: content.byteOffset, length: content.length };
    return { ...wanted, folder: dirname(place), file };
  }

  private async store(name: string, memory: ArrayBuffer, arrived: readonly Arrived[]): Promise<void> {
    const placed: Arrived[] = [];
    for (const one of arrived) if (await this.options.makeFolder(one.folder, one.line)) placed.push(one);
    try {
      const files = placed.map(({ file }) => file);
      const written = placed.length > 0 ? await this.writes.writeAll(memory, files) : { memory, troubles: NONE };
      this.options.leave(name);
      if (written.memory.byteLength === USUAL_BYTES) this.free.push(written.memory);
      for (const [index, { line }] of placed.entries()) {
        const trouble = written.troubles.get(index);
        if (trouble) await this.options.notStored(line, trouble);
        else this.options.stored(line);
      }
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      this.options.leave(name);
      // What came was lost with it.
      await this.alone(placed);
    }
  }
}

const NONE: ReadonlyMap<number, Error> = new Map();

/** Where an archive is put: into memory that was used before, if there is any. */
class Memory implements Into {
  taken: ArrayBuffer | undefined;

  constructor(
    readonly mostBytes: number,
    private readonly free: ArrayBuffer[],
    readonly came: (bytes: number) => void,
  ) {}

  memoryFor(bytes: number): Buffer {
    if (!this.taken || this.taken.byteLength < bytes)
      this.taken =
        (bytes <= USUAL_BYTES ? this.free.pop() : undefined) ?? new ArrayBuffer(Math.max(bytes, USUAL_BYTES));
    return Buffer.from(this.taken);
  }
}

/** Of a portion, among what is on its way. */
const nameOf = ([first, ...others]: readonly Wanted[]): string =>
  `${first?.line.path ?? ''} and ${others.length} more files`;

const isTheSame = (line: ManifestLine, held: StoredFile): boolean =>
  line.size > 0 && held.size === line.size && held.crc32 === line.crc32;
