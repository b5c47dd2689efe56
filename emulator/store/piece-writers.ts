// Writing pieces of a content into the file of its IO job. Pieces may come at the same time, and one whose sender has
// given up may still be on its way when the job is finished: from then on nothing is written any more.

import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSink, StoredContent } from './byte-sink.js';
import { CHUNK_BYTES, crc32, Pending } from './pending-writes.js';

export class PieceWriters {
  private readonly byFile = new Map<string, Set<PieceSink>>();
  private readonly shutFiles = new Set<string>();

  open(path: string, file: string, offset: number, crcBefore: number): ByteSink {
    const sink = new PieceSink(path, file, offset, crcBefore, this.isShut(file), () => this.ended(file, sink));
    const others = this.byFile.get(file);
    if (others) others.add(sink);
    else this.byFile.set(file, new Set([sink]));
    return sink;
  }

  /** Is a piece of the file arriving? */
  isBusy(file: string): boolean {
    return this.byFile.has(file);
  }

  /** Has the file been shut? Pieces of it that arrive are not written. */
  isShut(file: string): boolean {
    return this.shutFiles.has(file);
  }

  /** Whatever arrives from now on is written no more; what is being written has been when it answers. */
  async shut(file: string): Promise<void> {
    this.shutFiles.add(file);
    await Promise.all([...(this.byFile.get(file) ?? [])].map((sink) => sink.shut()));
  }

  /** Takes pieces again, after all. */
  reopen(file: string): void {
    this.shutFiles.delete(file);
  }

  private ended(file: string, sink: PieceSink): void {
    const sinks = this.byFile.get(file);
    sinks?.delete(sink);
    if (sinks?.size === 0) this.byFile.delete(file);
  }
}

class PieceSink implements ByteSink {
  private readonly pending = new Pending();
  private handle: FileHandle | undefined;
  private underWay: Promise<void> | undefined;
  private size = 0;
  private written = 0;

  constructor(
    private readonly path: string,
    private readonly file: string,
    private readonly offset: number,
    private crc: number,
    private isShut: boolean,
    private readonly onEnd: () => void,
  ) {}

  write(part: Buffer): Promise<void> | undefined {
    this.crc = crc32(part, this.crc);
    this.size += part.length;
    return this.pending.add(part) >= CHUNK_BYTES ? this.flush() : undefined;
  }

  async finish(): Promise<StoredContent> {
    try {
      await this.flush();
    } finally {
      await this.end();
    }
    return { file: this.file, size: this.size, crc: this.crc >>> 0, isPiece: true };
  }

  /** What was written stays: the next piece at this place overwrites it. */
  discard(): Promise<void> {
    return this.end();
  }

  async shut(): Promise<void> {
    this.isShut = true;
    // Its own call tells of a failure; here it only has to be over.
    await this.underWay?.catch(() => undefined);
  }

  private async end(): Promise<void> {
    this.onEnd();
    await this.handle?.close();
    this.handle = undefined;
  }

  private flush(): Promise<void> {
    return (this.underWay = this.writePending());
  }

  private async writePending(): Promise<void> {
    this.handle ??= await open(this.path, 'r+');
    if (this.isShut) this.pending.take();
    else this.written += await this.pending.writeTo(this.handle, this.offset + this.written);
  }
}
