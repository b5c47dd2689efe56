// Fetches one file: under a temporary name until it is whole and verified; what a break left of it is gone on from.

import { hash } from 'node:crypto';
import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, crc32Text, isMediafluxError } from '../../../src/mediaflux/protocol/index.js';
import type { CameWhole, StoredFile } from '../../../src/mediaflux/services/index.js';
import { Failure } from '../../failures.js';
import { diskForWrites, FileWriter, UNSURE_BYTES } from '../../disk/file-writer.js';
import { renameInTime } from '../../disk/renames.js';
import type { MediafluxLink } from '../../transfer/mediaflux-link.js';
import { SMALL_BYTES } from '../../disk/small-files.js';
import type { SmallWrites } from '../../disk/small-writes.js';
import { sumOfContent } from '../present/comparing.js';
import { diskTrouble } from '../disk-trouble.js';
import { joinedSum } from './joined-sums.js';
import type { ManifestLine } from '../manifest.js';

const TRIES = 3;

interface Got {
  bytes: number;
  sum: number;
}

/** What an earlier run left of a file; it is read while the rest arrives. */
interface Left {
  bytes: number;
  sum: Promise<number>;
}

/** A file that has arrived and is right. */
export interface Fetched {
  /** Bytes that came for it. */
  received: number;
  /** It has its name when this answers; small files are written while others arrive. @throws Failure it cannot be written */
  stored: Promise<void>;
}

/** Told how far each file is. */
export interface Followed {
  /** It begins, or begins anew. @param bytes that an earlier run left, and that are read */
  begins(path: string, ofBytes: number, bytes: number): void;
  moved(path: string, bytes: number): void;
  checked(path: string, bytes: number): void;
}

/** Where files are that are not whole yet. */
export interface Partials {
  /** On the same disk as where they go. */
  partialFolder: string;
  /** In the names of those that no other run goes on from: whoever else may be at the folder writes to none of them. */
  run: string;
}

export class Fetching {
  private readonly disk = diskForWrites();
  private smallFiles = 0;

  constructor(
    private readonly link: MediafluxLink,
    private readonly partials: Partials,
    private readonly smallWrites: SmallWrites,
    private readonly followed: Followed,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @param came its content, where it is here already
   * @throws Failure it is not the file that was uploaded, or cannot be written
   */
  async fetch(line: ManifestLine, place: string, held: StoredFile, came?: CameWhole): Promise<Fetched> {
    let received = 0;
    // What came with others was told as it came.
    let isTold = came !== undefined;
    const count = (bytes: number) => {
      received += bytes;
      if (!isTold) this.followed.moved(line.path, bytes);
    };
    try {
      for (let attempt = 1; ; attempt += 1) {
        const fetched =
          line.size <= SMALL_BYTES && (held.size ?? 0) <= SMALL_BYTES
            ? await this.small(line, place, held, count, attempt === 1 ? came : undefined)
            : await this.large(line, place, held, count, attempt > 1);
        if (typeof fetched !== 'string') return { received, stored: fetched.stored };
        isTold = false;
        if (attempt >= TRIES) throw new Failure(fetched, 1, line.path);
      }
    } catch (error) {
      throw diskTrouble(error, line.path);
    }
  }

  /** Or why what arrived is not the file. */
  private async small(
    line: ManifestLine,
    place: string,
    held: StoredFile,
    count: (bytes: number) => void,
    came: CameWhole | undefined,
  ): Promise<Pick<Fetched, 'stored'> | string> {
    this.followed.begins(line.path, line.size, 0);
    const got = came ?? (line.size === 0 ? NOTHING : await this.read(held));
    if (got === undefined) return DAMAGED;
    count(got.content.length);
    const difference = differenceOf(line, got.content.length, got.sum);
    if (difference !== undefined) return difference;
    // What came with others has memory of its own.
    const written = () => {
      if (!came) this.link.giveBackSmall(got.content);
    };
    return { stored: this.write(line, place, got.content).finally(written) };
  }

  /** Undefined: it arrived damaged. */
  private async read(held: StoredFile): Promise<CameWhole | undefined> {
    try {
      return await this.link.read(held);
    } catch (error) {
      if (isMediafluxError(error, 'content-damaged')) return undefined;
      throw error;
    }
  }

  private async write(line: ManifestLine, place: string, bytes: Buffer): Promise<void> {
    this.smallFiles += 1;
    const { partialFolder, run } = this.partials;
    const temporary = join(partialFolder, `${run}-small-${this.smallFiles}`);
    try {
      await this.smallWrites.write({ temporary, place, bytes, modified: modifiedAt(line) });
    } catch (error) {
      throw diskTrouble(error, line.path);
    }
  }

  private async large(
    line: ManifestLine,
    place: string,
    held: StoredFile,
    count: (bytes: number) => void,
    isAgain: boolean,
  ): Promise<Pick<Fetched, 'stored'> | string> {
    const partial = this.partialOf(line);
    const leftBytes = isAgain ? 0 : await certainBytesOf(partial, line.size);
    this.followed.begins(line.path, line.size, leftBytes);
    const out = await FileWriter.open(partial, leftBytes, (part) => this.link.giveBack(part), this.disk);
    const reading = new AbortController();
    const left = { bytes: leftBytes, sum: this.sumOfLeft(partial, line, leftBytes, reading.signal) };
    let problem: string | undefined;
    try {
      problem = await this.receive(line, held, left, out, count);
      await out.finish();
    } catch (error) {
      // What arrived stays: the next run goes on from it. The first error is the one worth telling.
      await out.finish().catch(() => undefined);
      throw error;
    } finally {
      reading.abort();
      // Where it counts, `receive` has waited for it and thrown what was wrong.
      await left.sum.catch(() => undefined);
    }
    if (problem !== undefined) {
      await rm(partial, { force: true });
      return problem;
    }
    const modified = modifiedAt(line);
    if (modified !== undefined) await utimes(partial, modified, modified);
    await renameInTime(partial, place);
    return { stored: Promise.resolve() };
  }

  /** The same in each run, which goes on from what the one before left. */
  private partialOf(line: ManifestLine): string {
    return join(this.partials.partialFolder, hash('sha256', line.path).slice(0, 32));
  }

  private sumOfLeft(partial: string, line: ManifestLine, bytes: number, isOver: AbortSignal): Promise<number> {
    if (bytes === 0) return Promise.resolve(0);
    const signal = AbortSignal.any([this.signal, isOver]);
    const sum = sumOfContent(partial, { signal, bytes, onBytes: (read) => this.followed.checked(line.path, read) });
    // Told to whoever waits for it; until then it must not end the process.
    sum.catch(() => undefined);
    return sum;
  }

  /** Why what arrived is not the file, if it is not. Connections that break go on where they broke. */
  private async receive(
    line: ManifestLine,
    held: StoredFile,
    left: Left,
    out: FileWriter,
    count: (bytes: number) => void,
  ): Promise<string | undefined> {
    const got: Got = { bytes: left.bytes, sum: 0 };
    for (let breaks = 0; got.bytes < line.size;) {
      const before = got.bytes;
      try {
        // Its checksum is computed here, and joined with that of what an earlier run left.
        for await (const part of await this.link.open({ ...held, crc32: null }, got.bytes)) {
          got.sum = crc32(part, got.sum);
          got.bytes += part.length;
          count(part.length);
          await out.write(part);
        }
        break;
      } catch (error) {
        if (isMediafluxError(error, 'content-damaged')) return DAMAGED;
        breaks = got.bytes > before ? 1 : breaks + 1;
        if (!isMediafluxError(error, 'unreachable') || breaks >= TRIES) throw error;
      }
    }
    // What was left may take long to read; what came must not be lost meanwhile.
    await out.flush();
    const sum = joinedSum(await left.sum, got.sum, got.bytes - left.bytes);
    const isDamaged = held.crc32 !== null && held.size === got.bytes && crc32Text(sum) !== held.crc32;
    return isDamaged ? DAMAGED : differenceOf(line, got.bytes, sum);
  }
}

/** Told after the last try. */
const DAMAGED = `it arrived damaged ${TRIES} times; if it does so again, please tell whoever sent the link`;
const NOTHING: CameWhole = { content: Buffer.alloc(0), sum: 0 };

/** Why what arrived is not the file that was uploaded; undefined: it is. */
function differenceOf(line: ManifestLine, bytes: number, sum: number): string | undefined {
  if (bytes !== line.size) return `it arrived with ${bytes} bytes instead of ${line.size}`;
  return crc32Text(sum) === line.crc32
    ? undefined
    : 'its checksum is not the one that was recorded at the upload; please tell whoever sent the link';
}

/** What an earlier run left of the file, as far as it is certain. */
async function certainBytesOf(partial: string, size: number): Promise<number> {
  const found = await stat(partial).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const bytes = (found?.size ?? 0) - UNSURE_BYTES;
  return bytes <= 0 || bytes >= size ? 0 : bytes;
}

/** In seconds. Half a microsecond more: a fraction that no number can hold must not end in the millisecond before. */
export const modifiedAt = (line: ManifestLine): number | undefined =>
  line.mtime === null ? undefined : Date.parse(line.mtime) / 1_000 + 5e-7;
