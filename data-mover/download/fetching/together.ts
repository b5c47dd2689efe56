// Small files that come many at a time, in one archive, and are written from where it lies in memory. Whatever does not come
// so, or is not what was uploaded, is left to be fetched alone.

import { dirname, join } from 'node:path';
import type { CameWhole, StoredFile } from '../../../src/mediaflux/services/index.js';
import type { SmallWrites } from '../../disk/small-writes.js';
import { type FileIn, ThreadLost } from '../../disk/writing-thread.js';
import { Behind } from '../../transfer/behind.js';
import { type MediafluxLink, NoArchive } from '../../transfer/mediaflux-link.js';
import { type ManifestLine, placeOf } from '../manifest.js';
import { differenceOf, modifiedAt } from './fetch-file.js';

/** A server that breaks so many off, one after the other, gives none. */
const MOST_BROKEN = 8;
/** Portions that have come and are not written yet, beside the one that comes over each connection. */
const MOST_STORED_AT_A_TIME = 3;
/** Of an archive and what stands between its contents; memory is used again. */
const USUAL_BYTES = 5 * 1024 * 1024;

export interface Wanted {
  line: ManifestLine;
  held: StoredFile | undefined;
}

interface Arrived extends Wanted {
  folder: string;
  file: FileIn;
}

export interface TogetherOptions {
  /** Folder that is downloaded into. */
  target: string;
  partialFolder: string;
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
    let memory: ArrayBuffer | undefined;
    const came = await this.read(wanted, (bytes) => {
      memory ??= this.memoryOf(bytes);
      if (memory.byteLength < bytes) memory = this.memoryOf(bytes);
      return Buffer.from(memory);
    });
    const arrived: Arrived[] = [];
    const others: Wanted[] = [];
    this.portions += 1;
    for (const one of wanted) {
      const got = came.get(one.line.path);
      const isWhole = got && got.content.buffer === memory && !differenceOf(one.line, got.content.length, got.sum);
      if (isWhole) arrived.push(this.arrived(one, got.content, arrived.length));
      else others.push(one);
    }
    if (memory) await this.storing.add(this.store(memory, arrived));
    for (const one of others) await this.options.alone(one, came.get(one.line.path));
  }

  /** All that came is stored when it answers. @throws Failure what failed first */
  all(): Promise<void> {
    return this.storing.all();
  }

  /** The same, well or not. */
  settled(): Promise<void> {
    return this.storing.settled();
  }

  /** What came, by path. Nothing is asked for that Mediaflux does not hold, or not as it was uploaded. */
  private async read(
    wanted: readonly Wanted[],
    memoryFor: (bytes: number) => Buffer<ArrayBuffer>,
  ): Promise<ReadonlyMap<string, CameWhole>> {
    const came = new Map<string, CameWhole>();
    const asked = wanted.flatMap(({ line, held }) =>
      held && isTheSame(line, held) ? [{ ...held, path: line.path }] : [],
    );
    if (asked.length < 2 || !this.mayBe) return came;
    try {
      for (const [index, content] of (await this.link.readTogether(asked, memoryFor)).entries())
        if (content) came.set(asked[index]?.path ?? '', content);
      this.broken = 0;
    } catch (error) {
      if (!(error instanceof NoArchive)) throw error;
      if (error.isForGood) this.isRefused = true;
      this.broken += 1;
    }
    return came;
  }

  private arrived(wanted: Wanted, content: Buffer, index: number): Arrived {
    const { target, partialFolder } = this.options;
    const { line } = wanted;
    const place = placeOf(target, line.path);
    const temporary = join(partialFolder, `portion-${this.portions}-${index}`);
    const file = { temporary, place, modified: modifiedAt(line), at: content.byteOffset, length: content.length };
    return { ...wanted, folder: dirname(place), file };
  }

  private async store(memory: ArrayBuffer, arrived: readonly Arrived[]): Promise<void> {
    const placed: Arrived[] = [];
    for (const one of arrived) if (await this.options.makeFolder(one.folder, one.line)) placed.push(one);
    try {
      const written = await this.writes.writeAll(
        memory,
        placed.map(({ file }) => file),
      );
      this.free.push(written.memory);
      for (const [index, { line }] of placed.entries()) {
        const trouble = written.troubles.get(index);
        if (trouble) await this.options.notStored(line, trouble);
        else this.options.stored(line);
      }
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      // What came was lost with it.
      for (const one of placed) await this.options.alone(one, undefined);
    }
  }

  private memoryOf(bytes: number): ArrayBuffer {
    const found = this.free.findIndex(({ byteLength }) => byteLength >= bytes);
    const [kept] = found < 0 ? [] : this.free.splice(found, 1);
    return kept ?? new ArrayBuffer(Math.max(bytes, USUAL_BYTES));
  }
}

const isTheSame = (line: ManifestLine, held: StoredFile): boolean =>
  line.size > 0 && held.size === line.size && held.crc32 === line.crc32;
