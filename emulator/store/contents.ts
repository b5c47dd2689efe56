// Contents of assets: one file each. What arrives is streamed into a file with its CRC-32 computed on the way; small
// contents are written in one go.

import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, type ReadStream } from 'node:fs';
import { open, type FileHandle, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as zlib from 'node:zlib';

/** `zlib.crc32` came with Node 20.15; the type package for Node 20 does not name it. */
const crc32 = (zlib as unknown as { crc32: (data: Uint8Array, value?: number) => number }).crc32;

export interface StoredContent {
  file: string;
  size: number;
  /** CRC-32 as a number. */
  crc: number;
}

const CHUNK_BYTES = 1024 * 1024;

export class Contents {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  sink(): ContentSink {
    const file = randomUUID();
    return new ContentSink(join(this.folder, file), file);
  }

  read(file: string, start?: number, end?: number): ReadStream {
    return createReadStream(join(this.folder, file), {
      highWaterMark: CHUNK_BYTES,
      ...(start !== undefined ? { start } : {}),
      ...(end !== undefined ? { end } : {}),
    });
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  async remove(file: string): Promise<void> {
    await rm(join(this.folder, file), { force: true });
  }

  /** What a kill left without an asset that names it. */
  async removeAllBut(wanted: ReadonlySet<string>): Promise<void> {
    for (const file of readdirSync(this.folder)) if (!wanted.has(file)) await this.remove(file);
  }
}

export class ContentSink {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private handle: FileHandle | undefined;
  private size = 0;
  private crc = 0;

  constructor(
    private readonly path: string,
    private readonly file: string,
  ) {}

  /** Takes a part; a returned promise asks to be waited for before the next. */
  write(part: Buffer): Promise<void> | undefined {
    this.crc = crc32(part, this.crc);
    this.size += part.length;
    this.pending.push(part);
    this.pendingBytes += part.length;
    return this.pendingBytes >= CHUNK_BYTES ? this.flush() : undefined;
  }

  async finish(): Promise<StoredContent> {
    if (this.handle) {
      await this.flush();
      await this.handle.close();
    } else {
      await writeFile(this.path, this.pending);
    }
    return { file: this.file, size: this.size, crc: this.crc >>> 0 };
  }

  async discard(): Promise<void> {
    await this.handle?.close();
    await rm(this.path, { force: true });
  }

  private async flush(): Promise<void> {
    const parts = this.pending;
    this.pending = [];
    this.pendingBytes = 0;
    this.handle ??= await open(this.path, 'w', 0o600);
    for (let left = parts; left.length > 0;) {
      const total = left.reduce((sum, part) => sum + part.length, 0);
      const { bytesWritten } = await this.handle.writev(left);
      if (bytesWritten === total) break;
      left = [Buffer.concat(left).subarray(bytesWritten)];
    }
  }
}
