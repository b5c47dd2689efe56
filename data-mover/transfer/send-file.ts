// Sends one file: its CRC-32 is computed while it goes, what Mediaflux says it got is compared, and a file that changes
// under our hands is noticed.

import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ContentChanged, crc32, crc32Text } from '../../src/mediaflux/protocol/index.js';
import type { SentFile } from '../journal/journal.js';
import { Failure } from '../failures.js';
import type { MediafluxLink } from './mediaflux-link.js';

export interface LocalFile {
  path: string;
  from: string;
  size: number;
  modifiedMs: number;
}

const TRIES = 3;
const CHUNK_BYTES = 1024 * 1024;
/** Read whole: one read and one write for each. */
const SMALL_BYTES = 128 * 1024;

/** @throws Failure after three tries, naming the file */
export async function sendFile(link: MediafluxLink, file: LocalFile): Promise<SentFile> {
  let why = '';
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const outcome = await trySend(link, file);
    if (typeof outcome !== 'string') return outcome;
    why = outcome;
  }
  throw new Failure(`${why} (${TRIES} tries)`, 1, file.path);
}

/** What was sent, or why it does not count. */
async function trySend(link: MediafluxLink, file: LocalFile): Promise<SentFile | string> {
  const before = await statOf(file);
  let sum = 0;
  const read = (): AsyncIterable<Uint8Array> | Iterable<Uint8Array> => {
    sum = 0;
    return summed(
      before.size <= SMALL_BYTES
        ? wholeOf(file.from, before.size)
        : createReadStream(file.from, { highWaterMark: CHUNK_BYTES }),
      (part) => {
        sum = crc32(part, sum);
      },
    );
  };
  try {
    const held = await link.upload(file.path, { name: basename(file.path), size: before.size, open: read });
    const after = await statOf(file);
    if (after.size !== before.size || after.modifiedMs !== before.modifiedMs) return 'it changed while it was read';
    const sent = crc32Text(sum);
    if ((held.size ?? 0) !== before.size)
      return `Mediaflux holds ${held.size ?? 'no'} bytes of it instead of ${before.size}`;
    if (held.crc32 !== null && held.crc32 !== sent) return 'its checksum in Mediaflux is another';
    return { path: file.path, size: before.size, modifiedMs: before.modifiedMs, crc32: sent };
  } catch (error) {
    if (error instanceof ContentChanged) return 'it changed while it was read';
    throw error;
  }
}

async function statOf(file: LocalFile): Promise<{ size: number; modifiedMs: number }> {
  try {
    const found = await stat(file.from);
    return { size: found.size, modifiedMs: Math.floor(found.mtimeMs) };
  } catch (error) {
    throw new Failure(
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'it vanished while the upload was running'
        : 'it cannot be read',
      1,
      file.path,
    );
  }
}

/** One byte more than was promised is enough to see that it grew. */
async function* wholeOf(path: string, size: number): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = Buffer.allocUnsafe(size + 1);
    const { bytesRead } = await file.read(bytes, 0, size + 1, 0);
    yield bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* summed(parts: AsyncIterable<Uint8Array>, add: (part: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    add(part);
    yield part;
  }
}
