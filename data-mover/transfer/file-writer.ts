// Writes what arrives from a network, in parts of any size, to a file: while one write is under way the next is gathered.
// Part by part takes two to three times as long; several writes to one file at once only wait for each other, in turns
// that cost processor time, and one that is waited for makes the network wait for the disk.

import { type FileHandle, open } from 'node:fs/promises';

/** Worth a write. */
const GATHERED_BYTES = 1024 * 1024;
/** With so much gathered, and a write under way, the network waits. */
const MOST_GATHERED_BYTES = 6 * 1024 * 1024;

/** A power failure may leave a hole in so many of a file's last bytes, or more: its checksum tells. */
export const UNSURE_BYTES = 7 * 1024 * 1024;

/** Called once for each part that is in the file, and never for one that could not be written. */
type OnWritten = (part: Uint8Array) => void;
const ignored: OnWritten = () => undefined;

export class FileWriter {
  private parts: Uint8Array[] = [];
  private gathered = 0;
  /** The write that is under way; one that failed stays. */
  private writing: Promise<void> | undefined;

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

  /** Takes a part, which must not change until it is told to be written. Waits only while enough is gathered. */
  write(part: Uint8Array): Promise<void> | undefined {
    this.parts.push(part);
    this.gathered += part.length;
    if (!this.writing && this.gathered >= GATHERED_BYTES) this.begin();
    return this.gathered >= MOST_GATHERED_BYTES ? this.writing : undefined;
  }

  /** Everything is written when it answers. The file is closed, also when that fails. */
  async finish(): Promise<void> {
    try {
      while (this.writing) await this.writing;
      if (this.gathered > 0) this.begin();
      await this.writing;
    } finally {
      await this.close();
    }
  }

  /** Closes the file without what was not written yet. */
  async close(): Promise<void> {
    this.parts = [];
    this.gathered = 0;
    await Promise.allSettled([this.writing]);
    await this.file.close();
  }

  private begin(): void {
    const { parts, gathered, position } = this;
    this.parts = [];
    this.gathered = 0;
    this.position += gathered;
    this.writing = this.writeAll(parts, gathered, position).then(() => {
      this.writing = undefined;
      if (this.gathered >= GATHERED_BYTES) this.begin();
    });
    // Told to whoever waits for it; until then it must not end the process.
    this.writing.catch(() => undefined);
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
