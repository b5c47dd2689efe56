// Small files written whole, each under a temporary name until it is: a few at once, many by a thread of their own, while
// the next ones arrive. On a disk that lets us wait several are written at the same time.

import * as fs from 'node:fs';
import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import { AtOnce } from './at-once.js';
import { type FileIn, type SmallFile, ThreadLost, type Written, WritingThread, writeNow } from './writing-thread.js';

/** To start a thread takes as long as to write so many. */
const WORTH_A_THREAD = 200;

export class SmallWrites {
  private readonly disk = new AtOnce();
  private begun = 0;
  private thread: WritingThread | undefined;
  private hasLostThread = false;

  /** Its bytes are used until it answers. @throws what the disk said; nothing of the file is left then */
  async write(file: SmallFile): Promise<void> {
    this.begun += 1;
    if (this.begun <= WORTH_A_THREAD || this.hasLostThread)
      return this.disk.run(
        () => writeNow(fs, file),
        () => writeElsewhere(file),
      );
    if (!this.disk.mayBeNext()) return writeElsewhere(file);
    try {
      return await this.started().write(file);
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      this.hasLostThread = true;
      return writeElsewhere(file);
    }
  }

  /** Files whose bytes lie in one memory, which is not to be used until it answers. @throws ThreadLost with the memory */
  async writeAll(memory: ArrayBuffer, files: readonly FileIn[]): Promise<Written> {
    this.begun += files.length;
    if (this.begun > WORTH_A_THREAD && !this.hasLostThread && this.disk.mayBeNext()) {
      try {
        return await this.started().writeAll(memory, files);
      } catch (error) {
        this.hasLostThread = true;
        throw error;
      }
    }
    const ends = await Promise.allSettled(
      files.map(({ at, length, ...place }) => {
        const file = { ...place, bytes: new Uint8Array(memory, at, length) };
        return this.disk.run(
          () => writeNow(fs, file),
          () => writeElsewhere(file),
        );
      }),
    );
    const troubles = ends.flatMap((end, index) =>
      end.status === 'rejected' ? [[index, end.reason as Error] as const] : [],
    );
    return { memory, troubles: new Map(troubles) };
  }

  /** What the thread began is written when it answers. */
  async close(): Promise<void> {
    await this.thread?.close();
    this.thread = undefined;
  }

  private started(): WritingThread {
    return (this.thread ??= new WritingThread((milliseconds) => this.disk.took(milliseconds)));
  }
}

async function writeElsewhere({ temporary, place, bytes, modified }: SmallFile): Promise<void> {
  try {
    await writeFile(temporary, bytes);
    if (modified !== undefined) await utimes(temporary, modified, modified);
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
