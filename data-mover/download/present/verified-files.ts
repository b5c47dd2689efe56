// Which files of a folder this program has verified, kept outside of it, so that a later run need not read them again. What
// is noted was on the disk by then: a power failure, or a disk that is pulled out, makes no note of what it took. Files are
// noted a while after they were verified, when the system has written them by itself: to wait for each would cost a
// download a multiple of its time. Decision 0020.

import { closeSync, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { takePlace, writeAll } from '../../journal/durable.js';
import { linesOf, LineWriter } from '../../journal/lines.js';
import { PathTable } from '../../journal/path-table.js';
import { hasTimeOf, type Mark, markOf } from './comparing.js';
import type { ManifestLine } from '../manifest.js';

/** Smaller files are read again in less time than a disk needs to say that it holds them. */
export const NOTED_BYTES = 1024 * 1024;

/** Linux, macOS and Windows write what is new to the disk within half a minute. */
const REST_MS = 60_000;
const LOOK_EVERY_MS = 2_000;
/** What comes while so many wait is not noted. */
const MOST_WAITING = 100_000;
/** Lines that say what later ones say otherwise. */
const MOST_STALE_LINES = 10_000;

interface Note extends Mark {
  path: string;
  crc32: string;
}

interface Waiting {
  note: Note;
  place: string;
  since: number;
}

export class VerifiedFiles {
  private readonly table = new PathTable();
  private readonly waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private descriptor: number | undefined;
  private isClosed = false;

  /**
   * @param file of the notes; what is wrong with it costs no more than reading again
   * @param now milliseconds of a clock that nobody sets
   */
  constructor(
    private readonly file: string,
    private readonly now: () => number = () => performance.now(),
  ) {
    try {
      let lines = 0;
      for (const text of linesOf(file)) {
        lines += 1;
        const note = noteOf(text);
        if (note) this.table.set(note.path, Number.parseInt(note.crc32, 16), note.modifiedMs, note.changedMs);
      }
      if (lines - this.table.size > MOST_STALE_LINES) this.tidy();
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** Is the file as it was when it was found to be this one? @param mark of a file of the right size */
  has({ path, crc32 }: ManifestLine, mark: Mark): boolean {
    const known = this.table.get(path);
    return (
      known !== undefined &&
      known.word === Number.parseInt(crc32 ?? '', 16) &&
      known.first === mark.modifiedMs &&
      known.second === mark.changedMs
    );
  }

  /** It has been read, and is this one. @param mark of before */
  checked({ path, size, crc32 }: ManifestLine, place: string, mark: Mark): void {
    if (crc32 === null || size < NOTED_BYTES || this.isClosed || this.waiting.length >= MOST_WAITING) return;
    this.waiting.push({ note: { path, crc32, ...mark }, place, since: this.now() });
    this.wait();
  }

  /** It was verified as it came, and has its name by now. One that somebody has written to since is not noted. */
  async fetched(line: ManifestLine, place: string): Promise<void> {
    if (line.size < NOTED_BYTES || this.isClosed) return;
    // What cannot be looked at is not noted, and read again by the next run.
    const found = await stat(place).catch(() => undefined);
    if (found?.size === line.size && hasTimeOf(line, found.mtimeMs)) this.checked(line, place, markOf(found));
  }

  /** Notes what has rested by now and has not changed since. */
  async settle(): Promise<void> {
    for (let next = this.waiting[0]; next && !this.isClosed; next = this.waiting[0]) {
      if (this.now() - next.since < REST_MS) return;
      this.waiting.shift();
      if (await isOnDisk(next)) this.write(next.note);
    }
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private wait(): void {
    this.timer ??= setTimeout(() => {
      void this.settle().finally(() => {
        this.timer = undefined;
        if (this.waiting.length > 0 && !this.isClosed) this.wait();
      });
    }, LOOK_EVERY_MS).unref();
  }

  private write(note: Note): void {
    if (this.isClosed) return;
    try {
      // What a break left of a line ends here, or it would spoil the next.
      const start = this.descriptor === undefined ? '\n' : '';
      this.descriptor ??= openSync(this.file, 'a', 0o600);
      writeAll(this.descriptor, `${start}${JSON.stringify(note)}\n`);
    } catch (error) {
      this.giveUp(error);
    }
  }

  private tidy(): void {
    const writer = new LineWriter(`${this.file}.new`);
    try {
      for (const text of linesOf(this.file)) {
        const note = noteOf(text);
        const last = note && this.table.get(note.path);
        if (last?.first === note?.modifiedMs && last?.second === note?.changedMs && note) writer.write(text);
      }
    } finally {
      writer.finish();
    }
    takePlace(`${this.file}.new`, this.file);
  }

  /** Notes save time and no more: a disk that does not take them holds up no download. */
  private giveUp(error: unknown): void {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    this.close();
  }
}

async function isOnDisk({ note, place }: Waiting): Promise<boolean> {
  try {
    // Windows writes out what is open for writing only.
    const file = await open(place, process.platform === 'win32' ? 'r+' : 'r');
    try {
      const { modifiedMs, changedMs } = markOf(await file.stat());
      if (modifiedMs !== note.modifiedMs || changedMs !== note.changedMs) return false;
      await file.sync();
      return true;
    } finally {
      await file.close();
    }
  } catch {
    // It is gone, or not ours to open: then it is read again.
    return false;
  }
}

/** Undefined for what a break left in place of a line. */
function noteOf(text: string): Note | undefined {
  try {
    const note = JSON.parse(text) as Partial<Note> | null;
    return typeof note?.path === 'string' && typeof note.crc32 === 'string' ? (note as Note) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
