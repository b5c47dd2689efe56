// Writes what arrives from a network, in parts of any size, to a file: gathered to a megabyte, and one write under way
// while the next is gathered. Part by part takes two to three times as long.

import { type FileHandle, open } from 'node:fs/promises';

const GATHERED_BYTES = 1024 * 1024;

export class FileWriter {
  private parts: Uint8Array[] = [];
  private gathered = 0;
  private underWay: Promise<void> | undefined;

  private constructor(
    private readonly file: FileHandle,
    private position: number,
  ) {}

  /** An empty file at `path`; what was there is gone. */
  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(await open(path, 'w'), 0);
  }

  /** The file at `path` with its first `length` bytes; what follows is written next. */
  static async open(path: string, length: number): Promise<FileWriter> {
    if (length === 0) return FileWriter.create(path);
    const file = await open(path, 'r+');
    await file.truncate(length);
    return new FileWriter(file, length);
  }

  /** Takes a part, which must not change afterwards. Waits only while an earlier write is under way. */
  write(part: Uint8Array): Promise<void> | undefined {
    this.parts.push(part);
    this.gathered += part.length;
    return this.gathered >= GATHERED_BYTES ? this.flush() : undefined;
  }

  /** Everything is written when it answers. The file is closed, also when that fails. */
  async finish(): Promise<void> {
    try {
      await this.flush();
      await this.underWay;
    } finally {
      await this.close();
    }
  }

  /** Closes the file without what was not written yet. */
  async close(): Promise<void> {
    await this.underWay?.catch(() => undefined);
    this.underWay = undefined;
    await this.file.close();
  }

  private async flush(): Promise<void> {
    await this.underWay;
    if (this.gathered === 0) return;
    const { parts, gathered } = this;
    const at = this.position;
    this.parts = [];
    this.gathered = 0;
    this.position += gathered;
    this.underWay = this.writeAll(parts, gathered, at);
    // Told to whoever waits for it; until then it must not end the process.
    this.underWay.catch(() => undefined);
  }

  private async writeAll(parts: Uint8Array[], length: number, at: number): Promise<void> {
    const { bytesWritten } = await this.file.writev(parts, at);
    if (bytesWritten === length) return;
    const rest = Buffer.concat(parts).subarray(bytesWritten);
    for (let done = 0; done < rest.length;)
      done += (await this.file.write(rest, done, rest.length - done, at + bytesWritten + done)).bytesWritten;
  }
}
