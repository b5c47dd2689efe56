// Writes what arrives from a network, in parts of any size, to a file: gathered to two megabytes, and a few writes under
// way while the next is gathered. Part by part takes two to three times as long, and one write at a time makes the network
// wait for the disk.

import { type FileHandle, open } from 'node:fs/promises';

const GATHERED_BYTES = 2 * 1024 * 1024;
const WRITES_AT_ONCE = 3;

/** A kill may leave a hole in so many of a file's last bytes: later writes can be done before earlier ones. */
export const UNSURE_BYTES = WRITES_AT_ONCE * GATHERED_BYTES + 1024 * 1024;

/** Called once for each part that is in the file, and never for one that could not be written. */
type OnWritten = (part: Uint8Array) => void;
const ignored: OnWritten = () => undefined;

export class FileWriter {
  private parts: Uint8Array[] = [];
  private gathered = 0;
  private underWay: Promise<void>[] = [];

  private constructor(
    private readonly file: FileHandle,
    private position: number,
    private readonly onWritten: OnWritten,
  ) {}

  /** An empty file at `path`; what was there is gone. */
  static async create(path: string, onWritten: OnWritten = ignored): Promise<FileWriter> {
    return new FileWriter(await open(path, 'w'), 0, onWritten);
  }

  /** The file at `path` with its first `length` bytes; what follows is written next. */
  static async open(path: string, length: number, onWritten: OnWritten = ignored): Promise<FileWriter> {
    if (length === 0) return FileWriter.create(path, onWritten);
    const file = await open(path, 'r+');
    await file.truncate(length);
    return new FileWriter(file, length, onWritten);
  }

  /** Takes a part, which must not change until it is told to be written. Waits only while enough is being written. */
  write(part: Uint8Array): Promise<void> | undefined {
    this.parts.push(part);
    this.gathered += part.length;
    return this.gathered >= GATHERED_BYTES ? this.flush() : undefined;
  }

  /** Everything is written when it answers. The file is closed, also when that fails. */
  async finish(): Promise<void> {
    try {
      await this.flush();
      await Promise.all(this.underWay);
    } finally {
      await this.close();
    }
  }

  /** Closes the file without what was not written yet. */
  async close(): Promise<void> {
    await Promise.allSettled(this.underWay);
    this.underWay = [];
    await this.file.close();
  }

  private async flush(): Promise<void> {
    if (this.gathered > 0) {
      const writing = this.writeAll(this.parts, this.gathered, this.position);
      // Told to whoever waits for it; until then it must not end the process.
      writing.catch(() => undefined);
      this.underWay.push(writing);
      this.position += this.gathered;
      this.parts = [];
      this.gathered = 0;
    }
    if (this.underWay.length > WRITES_AT_ONCE - 1) await this.underWay.shift();
  }

  private async writeAll(parts: Uint8Array[], length: number, at: number): Promise<void> {
    const { bytesWritten } = await this.file.writev(parts, at);
    if (bytesWritten < length) {
      const rest = Buffer.concat(parts).subarray(bytesWritten);
      for (let done = 0; done < rest.length;)
        done += (await this.file.write(rest, done, rest.length - done, at + bytesWritten + done)).bytesWritten;
    }
    for (const part of parts) this.onWritten(part);
  }
}
