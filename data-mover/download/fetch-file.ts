// Fetches one file: under a temporary name until it is whole and verified; what a break left of it is gone on from.

import { hash } from 'node:crypto';
import { rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, crc32Text, isMediafluxError } from '../../src/mediaflux/protocol/index.js';
import type { StoredFile } from '../../src/mediaflux/services/index.js';
import { Failure } from '../failures.js';
import { FileWriter, UNSURE_BYTES } from '../transfer/file-writer.js';
import type { MediafluxLink } from '../transfer/mediaflux-link.js';
import { SMALL_BYTES, writeSmall } from '../transfer/small-files.js';
import { type ManifestLine, sumOfContent } from './manifest.js';

/** The disk is at fault and not the file: others would fare no better. */
export class DiskTrouble extends Failure {}

const TRIES = 3;

interface Got {
  bytes: number;
  sum: number;
}

export class Fetching {
  constructor(
    private readonly link: MediafluxLink,
    /** For files that are not whole yet; on the same disk as where they go. */
    private readonly partialFolder: string,
    private readonly onBytes: (path: string, bytes: number) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Answers the bytes received. @throws Failure it is not the file that was uploaded, or cannot be written */
  async fetch(line: ManifestLine, place: string, held: StoredFile): Promise<number> {
    let received = 0;
    const count = (bytes: number) => {
      received += bytes;
      this.onBytes(line.path, bytes);
    };
    try {
      for (let attempt = 1; ; attempt += 1) {
        const problem =
          line.size <= SMALL_BYTES && (held.size ?? 0) <= SMALL_BYTES
            ? await this.small(line, place, held, count)
            : await this.large(line, place, held, count, attempt > 1);
        if (problem === undefined) return received;
        if (attempt >= TRIES) throw new Failure(problem, 1, line.path);
      }
    } catch (error) {
      throw diskTrouble(error, line.path);
    }
  }

  private async small(
    line: ManifestLine,
    place: string,
    held: StoredFile,
    count: (bytes: number) => void,
  ): Promise<string | undefined> {
    let content: Buffer = Buffer.alloc(0);
    let sum = 0;
    if (line.size > 0) {
      try {
        ({ content, sum } = await this.link.read(held));
      } catch (error) {
        if (isMediafluxError(error, 'content-damaged')) return DAMAGED;
        throw error;
      }
    }
    count(content.length);
    const problem = differenceOf(line, content.length, sum);
    if (problem !== undefined) return problem;
    await writeSmall(this.partialOf(line), place, content, modifiedAt(line));
    return undefined;
  }

  private async large(
    line: ManifestLine,
    place: string,
    held: StoredFile,
    count: (bytes: number) => void,
    isAgain: boolean,
  ): Promise<string | undefined> {
    const partial = this.partialOf(line);
    const got = isAgain ? { bytes: 0, sum: 0 } : await leftOf(partial, line.size, this.signal);
    const out = await FileWriter.open(partial, got.bytes, (part) => this.link.giveBack(part));
    let problem: string | undefined;
    try {
      problem = await this.receive(line, held, got, (part) => {
        count(part.length);
        return out.write(part);
      });
      await out.finish();
    } catch (error) {
      // What arrived stays: the next run goes on from it.
      await out.finish().catch(() => undefined);
      throw error;
    }
    if (problem !== undefined) {
      await rm(partial, { force: true });
      return problem;
    }
    const modified = modifiedAt(line);
    if (modified !== undefined) await utimes(partial, modified, modified);
    await rename(partial, place);
    return undefined;
  }

  private partialOf(line: ManifestLine): string {
    return join(this.partialFolder, hash('sha256', line.path).slice(0, 32));
  }

  /** Why what arrived is not the file, if it is not. Connections that break go on where they broke. */
  private async receive(
    line: ManifestLine,
    held: StoredFile,
    got: Got,
    take: (part: Buffer) => Promise<void> | undefined,
  ): Promise<string | undefined> {
    for (let breaks = 0; got.bytes < line.size;) {
      const before = got.bytes;
      try {
        // Its checksum is computed here, over what an earlier run left too.
        for await (const part of await this.link.open({ ...held, crc32: null }, got.bytes)) {
          got.sum = crc32(part, got.sum);
          got.bytes += part.length;
          await take(part);
        }
        break;
      } catch (error) {
        if (isMediafluxError(error, 'content-damaged')) return DAMAGED;
        breaks = got.bytes > before ? 1 : breaks + 1;
        if (!isMediafluxError(error, 'unreachable') || breaks >= TRIES) throw error;
      }
    }
    const isDamaged = held.crc32 !== null && held.size === got.bytes && crc32Text(got.sum) !== held.crc32;
    return isDamaged ? DAMAGED : differenceOf(line, got.bytes, got.sum);
  }
}

const DAMAGED = 'it arrived damaged';

/** Why what arrived is not the file that was uploaded; undefined: it is. */
function differenceOf(line: ManifestLine, bytes: number, sum: number): string | undefined {
  if (bytes !== line.size) return `it arrived with ${bytes} bytes instead of ${line.size}`;
  return crc32Text(sum) === line.crc32
    ? undefined
    : 'its checksum is not the one that was recorded at the upload; please tell whoever sent the link';
}

/** What an earlier run left of the file, as far as it is certain. */
async function leftOf(partial: string, size: number, signal: AbortSignal): Promise<Got> {
  const found = await stat(partial).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const bytes = (found?.size ?? 0) - UNSURE_BYTES;
  if (bytes <= 0 || bytes >= size) return { bytes: 0, sum: 0 };
  return { bytes, sum: await sumOfContent(partial, signal, bytes) };
}

/** In seconds. Half a microsecond more: a fraction that no number can hold must not end in the millisecond before. */
const modifiedAt = (line: ManifestLine): number | undefined =>
  line.mtime === null ? undefined : Date.parse(line.mtime) / 1_000 + 5e-7;

/** What a disk may say, for the person whose disk it is; other errors stay what they are. */
export function diskTrouble(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof Failure || typeof code !== 'string' || syscall === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new DiskTrouble('the disk is full; make room, and run the same command again to go on', 1, path);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new DiskTrouble('it may not be written there; choose another folder, or change its permissions', 1, path);
  if (code === 'EIO') return new DiskTrouble('the disk reports an error', 1, path);
  if (code === 'ENAMETOOLONG')
    return new Failure(
      'its name or its path is too long for this disk; download into a folder whose own path is shorter',
      1,
      path,
    );
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENOTEMPTY')
    return new Failure('a file and a folder of one name are in the way of each other', 1, path);
  return new Failure(`it cannot be written (${code})`, 1, path);
}
