// Contents of assets: one file each. What arrives is streamed into a file with its CRC-32 computed on the way; small
// contents are written in one go. A store can be declared full, as a fault to try clients with.

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  type ReadStream,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSink, StoredContent } from './byte-sink.js';
import { CHUNK_BYTES, crc32, Pending } from './pending-writes.js';
import { PieceWriters } from './piece-writers.js';

/** The one store there is. */
export const STORE = 'data';

const SMALL_BYTES = 128 * 1024;

export class Contents {
  /** No content is taken while it is set. */
  isFull = false;
  readonly pieces = new PieceWriters();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  sink(): ByteSink {
    const file = randomUUID();
    return new ContentSink(this.path(file), file);
  }

  /** Writes into an existing file from `offset` on; `finish` tells the piece's size and the checksum up to its end. */
  pieceSink(file: string, offset: number, crcBefore: number): ByteSink {
    return this.pieces.open(this.path(file), file, offset, crcBefore);
  }

  read(file: string, start?: number, end?: number): ReadStream {
    return createReadStream(this.path(file), {
      highWaterMark: CHUNK_BYTES,
      ...(start !== undefined ? { start } : {}),
      ...(end !== undefined ? { end } : {}),
    });
  }

  /** Of that size contents are read at once instead of being streamed. */
  isSmall(size: number): boolean {
    return size <= SMALL_BYTES;
  }

  /** The whole of a small content, at once; undefined for one that is to be streamed. */
  readSmall(file: string, size: number): Buffer | undefined {
    return this.isSmall(size) ? readFileSync(this.path(file)) : undefined;
  }

  /** The same into memory of its size. @throws Error it has another size */
  fill(file: string, target: Buffer): void {
    const descriptor = openSync(this.path(file), 'r');
    try {
      const { size } = fstatSync(descriptor);
      let at = 0;
      for (let read = 1; at < target.length && read > 0; at += read)
        read = readSync(descriptor, target, at, target.length - at, at);
      if (at !== size || size !== target.length)
        throw new Error(`The content ${file} has ${size} bytes where ${target.length} were recorded.`);
    } finally {
      closeSync(descriptor);
    }
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  async create(): Promise<string> {
    const file = randomUUID();
    await writeFile(this.path(file), '', { mode: 0o600 });
    return file;
  }

  /** Bytes that are free on the disk, and in all. */
  async space(): Promise<{ free: number; total: number }> {
    const { bavail, blocks, bsize } = await statfs(this.folder);
    return { free: this.isFull ? 0 : bavail * bsize, total: blocks * bsize };
  }

  async sizeOf(file: string): Promise<number> {
    return (await stat(this.path(file))).size;
  }

  /** Reads the whole file. */
  async checksum(file: string): Promise<{ size: number; crc: number }> {
    let [size, crc] = [0, 0];
    for await (const part of this.read(file)) {
      crc = crc32(part as Buffer, crc);
      size += (part as Buffer).length;
    }
    return { size, crc: crc >>> 0 };
  }

  /** Turns one byte round, as a fault to try clients with. The recorded checksum stays what it was. */
  async flipByte(file: string, offset: number): Promise<void> {
    const handle = await open(this.path(file), 'r+');
    try {
      const byte = Buffer.alloc(1);
      await handle.read(byte, 0, 1, offset);
      byte.writeUInt8(byte.readUInt8(0) ^ 0xff, 0);
      await handle.write(byte, 0, 1, offset);
    } finally {
      await handle.close();
    }
  }

  async remove(file: string): Promise<void> {
    await rm(this.path(file), { force: true });
  }

  /** What a kill left without a record that names it. */
  async removeAllBut(wanted: ReadonlySet<string>): Promise<void> {
    for (const file of readdirSync(this.folder)) if (!wanted.has(file)) await this.remove(file);
  }
}

class ContentSink implements ByteSink {
  private readonly pending = new Pending();
  private handle: FileHandle | undefined;
  private size = 0;
  private written = 0;
  private crc = 0;

  constructor(
    private readonly path: string,
    private readonly file: string,
  ) {}

  write(part: Buffer): Promise<void> | undefined {
    this.crc = crc32(part, this.crc);
    this.size += part.length;
    return this.pending.add(part) >= CHUNK_BYTES ? this.flush() : undefined;
  }

  async finish(): Promise<StoredContent> {
    if (this.handle) {
      await this.flush();
      await this.handle.close();
    } else writeSmall(this.path, this.pending.take());
    return { file: this.file, size: this.size, crc: this.crc >>> 0 };
  }

  async discard(): Promise<void> {
    await this.handle?.close();
    await rm(this.path, { force: true });
  }

  private async flush(): Promise<void> {
    this.handle ??= await open(this.path, 'w', 0o600);
    this.written += await this.pending.writeTo(this.handle, this.written);
  }
}

/** At once: for a small file that costs less than handing the work to another thread. */
function writeSmall(path: string, parts: readonly Buffer[]): void {
  const descriptor = openSync(path, 'w', 0o600);
  try {
    const [only] = parts;
    if (only) writeFileSync(descriptor, parts.length === 1 ? only : Buffer.concat(parts));
  } finally {
    closeSync(descriptor);
  }
}
