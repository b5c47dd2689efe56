// Writes what arrives from a network, in parts of any size, to a file: other threads write, while the next write is gathered.
// Part by part takes two to three times as long; several writes to one file at once only wait for each other, in turns that
// cost processor time. On a computer with few processors a disk that answers at once is written to at once, while the
// processor still has the bytes at hand (decision 26).

import { writevSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { AtOnce } from './at-once.js';

/**
 * Written at once. Linux keeps what is written in pieces of memory as large as the write, and those of a megabyte or two
 * are dear to come by on virtual machines: 3 GB took 0.7 s in writes of 512 KiB and 6.8 s in writes of 2 MiB (Linux 6.18).
 */
const WRITE_BYTES = 512 * 1024;
/** With so much gathered, and a write under way, the network waits. */
const MOST_GATHERED_BYTES = 6 * 1024 * 1024;

/** A power failure may leave a hole in so many of a file's last bytes, or more: its checksum tells. */
export const UNSURE_BYTES = 7 * 1024 * 1024;

/** Until here a write is a copy into the system's memory. */
const SLOW_WRITE_MS = 1;
/** With more of them, other threads write while the next part comes. */
const FEW_PROCESSORS = 2;

/** For the files of one disk: what is known of it. Undefined: other threads write always. */
export const diskForWrites = (processors = availableParallelism()): AtOnce | undefined =>
  processors <= FEW_PROCESSORS ? new AtOnce(SLOW_WRITE_MS) : undefined;

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
    private readonly disk: AtOnce | undefined,
  ) {}

  /** An empty file at `path`; what was there is gone. @param disk that of `diskForWrites` */
  static async create(path: string, onWritten: OnWritten = ignored, disk?: AtOnce): Promise<FileWriter> {
    return new FileWriter(await open(path, 'w'), 0, onWritten, disk);
  }

  /** The file at `path` with its first `length` bytes; what follows is written next. */
  static async open(path: string, length: number, onWritten: OnWritten = ignored, disk?: AtOnce): Promise<FileWriter> {
    if (length === 0) return FileWriter.create(path, onWritten, disk);
    const file = await open(path, 'r+');
    await file.truncate(length);
    return new FileWriter(file, length, onWritten, disk);
  }

  /** Takes a part, which must not change until it is told to be written. May write; waits only while enough is gathered. */
  write(part: Uint8Array): Promise<void> | undefined {
    this.parts.push(part);
    this.gathered += part.length;
    if (!this.writing && this.gathered >= WRITE_BYTES) this.begin();
    return this.gathered >= MOST_GATHERED_BYTES ? this.writing : undefined;
  }

  /** Everything that it took is in the file when it answers. */
  async flush(): Promise<void> {
    await this.idle();
    if (this.gathered > 0) this.begin();
    await this.idle();
  }

  /** Everything is written when it answers. The file is closed, also when that fails. */
  async finish(): Promise<void> {
    try {
      await this.flush();
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

  private async idle(): Promise<void> {
    for (let { writing } = this; writing; { writing } = this) await writing;
  }

  private begin(): void {
    const { parts, gathered, position } = this;
    this.parts = [];
    this.gathered = 0;
    this.position += gathered;
    this.writing = this.writeAll(parts, position).then(() => {
      this.writing = undefined;
      if (this.gathered >= WRITE_BYTES) this.begin();
    });
    // Told to whoever waits for it; until then it must not end the process.
    this.writing.catch(() => undefined);
  }

  private async writeAll(parts: readonly Uint8Array[], at: number): Promise<void> {
    let position = at;
    for (const group of inWrites(parts)) {
      const bytesWritten = await this.writeGroup(group, position);
      position += bytesWritten;
      if (bytesWritten === lengthOf(group)) continue;
      const rest = Buffer.concat(group).subarray(bytesWritten);
      for (let done = 0; done < rest.length;) {
        const { bytesWritten: more } = await this.file.write(rest, done, rest.length - done, position);
        done += more;
        position += more;
      }
    }
    for (const part of parts) this.onWritten(part);
  }

  /** @returns bytes that are written */
  private writeGroup(group: readonly Uint8Array[], position: number): Promise<number> {
    const { file } = this;
    const elsewhere = async () => (await file.writev(group, position)).bytesWritten;
    return this.disk?.run(() => writevSync(file.fd, group, position), elsewhere) ?? elsewhere();
  }
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

/** The same bytes in groups of at most `WRITE_BYTES`. */
function* inWrites(parts: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let group: Uint8Array[] = [];
  let room = WRITE_BYTES;
  for (const part of parts) {
    for (let at = 0; at < part.length;) {
      const taken = part.subarray(at, at + room);
      group.push(taken);
      at += taken.length;
      room -= taken.length;
      if (room > 0) continue;
      yield group;
      group = [];
      room = WRITE_BYTES;
    }
  }
  if (group.length > 0) yield group;
}
