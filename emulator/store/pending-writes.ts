// Writing in large parts what arrives in small ones.

import type { FileHandle } from 'node:fs/promises';
import * as zlib from 'node:zlib';

/** `zlib.crc32` came with Node 20.15; the type package for Node 20 does not name it. */
export const crc32 = (zlib as unknown as { crc32: (data: Uint8Array, value?: number) => number }).crc32;

export const CHUNK_BYTES = 1024 * 1024;

/** Parts that are gathered into large writes. */
export class Pending {
  private parts: Buffer[] = [];
  private bytes = 0;

  /** Answers how many bytes wait. */
  add(part: Buffer): number {
    this.parts.push(part);
    return (this.bytes += part.length);
  }

  take(): Buffer[] {
    const { parts } = this;
    this.parts = [];
    this.bytes = 0;
    return parts;
  }

  /** Writes them all from `position` on. Answers how many bytes it was. */
  async writeTo(file: FileHandle, position: number): Promise<number> {
    let at = position;
    for (let left = this.take(); left.length > 0;) {
      const total = left.reduce((sum, part) => sum + part.length, 0);
      const { bytesWritten } = await file.writev(left, at);
      at += bytesWritten;
      left = bytesWritten === total ? [] : [Buffer.concat(left).subarray(bytesWritten)];
    }
    return at - position;
  }
}
