// Small files written whole, each under a temporary name until it is: a few at once, many by a thread of their own, while
// the next ones arrive. On a disk that lets us wait several are written at the same time.

import * as fs from 'node:fs';
import { rm, utimes, writeFile } from 'node:fs/promises';
import { inParallel } from '../transfer/in-parallel.js';
import { AtOnce } from './at-once.js';
import { renameInTime, renameNow, renamePatience } from './renames.js';
import { type FileIn, type SmallFile, ThreadLost, type Written, WritingThread, writeNow } from './writing-thread.js';

/** To start a thread takes as long as to write so many. */
const WORTH_A_THREAD = 200;
/** Files of one memory that other threads have open at a time, on a disk that lets us wait. */
const MOST_OPEN = 16;

export class SmallWrites {
  private readonly disk = new AtOnce();
  private begun = 0;
  private thread: WritingThread | undefined;
  private hasLostThread = false;

  /** Its bytes are used until it answers. @throws what the disk said; nothing of the file is left then */
  async write(file: SmallFile): Promise<void> {
    this.begun += 1;
    if (this.begun <= WORTH_A_THREAD || this.hasLostThread) return this.writeOne(file);
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
    const isForThread = this.begun > WORTH_A_THREAD && !this.hasLostThread && this.disk.mayBeNext();
    const thread = isForThread ? this.startedOrNone() : undefined;
    if (!thread) return this.writeHere(memory, files);
    try {
      return await thread.writeAll(memory, files);
    } catch (error) {
      this.hasLostThread = true;
      throw error;
    }
  }

  /** What the thread began is written when it answers. */
  async close(): Promise<void> {
    await this.thread?.close();
    this.thread = undefined;
  }

  private async writeHere(memory: ArrayBuffer, files: readonly FileIn[]): Promise<Written> {
    const troubles = new Map<number, Error>();
    await inParallel(files.entries(), MOST_OPEN, async ([index, { at, length, ...place }]) => {
      try {
        await this.writeOne({ ...place, bytes: new Uint8Array(memory, at, length) });
      } catch (error) {
        troubles.set(index, error as Error);
      }
    });
    return { memory, troubles };
  }

  private writeOne(file: SmallFile): Promise<void> {
    return this.disk.run(
      () => writeNow(fs, file, (from, to) => renameNow(fs, [from, to], renamePatience())),
      () => writeElsewhere(file),
    );
  }

  /** @throws ThreadLost */
  private started(): WritingThread {
    try {
      return (this.thread ??= new WritingThread((milliseconds) => this.disk.took(milliseconds)));
    } catch (cause) {
      throw new ThreadLost('No thread can be started.', { cause });
    }
  }

  private startedOrNone(): WritingThread | undefined {
    try {
      return this.started();
    } catch {
      this.hasLostThread = true;
      return undefined;
    }
  }
}

async function writeElsewhere({ temporary, place, bytes, modified }: SmallFile): Promise<void> {
  try {
    await writeFile(temporary, bytes);
    if (modified !== undefined) await utimes(temporary, modified, modified);
    await renameInTime(temporary, place);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
