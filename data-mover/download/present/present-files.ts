// What lies in the folder already, against what is to be downloaded: looked at before anything is fetched, and read, where
// it must be, while the missing are fetched.

import { opendir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../failures.js';
import type { Reporter } from '../../report/reporter.js';
import { size } from '../../report/units.js';
import { inParallel } from '../../transfer/in-parallel.js';
import { hasContent, type Look, lookAt } from './comparing.js';
import type { Inside } from '../inside.js';
import { LostFiles, type Written } from './lost-files.js';
import { type ManifestLine, placeOf } from '../manifest.js';
import type { VerifiedFiles } from './verified-files.js';
import type { WantedFiles } from '../wanted-files.js';
import { OWN_FOLDER } from '../../journal/own-folder.js';

/** Node does four things with disks at a time; one is left for what arrives. */
const MOST_READ_AT_A_TIME = 3;

/** Of files by their number. A bit for each of millions. */
export class FileSet {
  count = 0;
  private readonly bits: Uint8Array;

  constructor(files: number) {
    this.bits = new Uint8Array(Math.ceil(files / 8));
  }

  add(number: number): void {
    this.bits[number >> 3] = (this.bits[number >> 3] ?? 0) | (1 << (number & 7));
    this.count += 1;
  }

  has(number: number): boolean {
    return number >= 0 && ((this.bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }
}

export interface PresentOptions {
  target: string;
  overwrite: boolean;
  parallel: number;
  signal: AbortSignal;
  /** When this download wrote to the folder before, if it is not done. */
  written: readonly Written[];
}

export class PresentFiles {
  readonly missing: FileSet;
  /** Found to be others when they were read; they are to be replaced. */
  readonly outdated: FileSet;
  /** They are there, are others, and stay; each has been named. */
  different = 0;
  private readonly unsure: FileSet;
  private readonly lost: LostFiles;
  private lostFiles = 0;
  private unsureBytes = 0;
  private files = 0;
  private bytes = 0;

  constructor(
    private readonly options: PresentOptions,
    private readonly wanted: WantedFiles,
    private readonly verified: VerifiedFiles,
    private readonly inside: Inside,
    private readonly reporter: Reporter,
  ) {
    this.missing = new FileSet(wanted.files);
    this.outdated = new FileSet(wanted.files);
    this.unsure = new FileSet(wanted.files);
    this.lost = new LostFiles(options.written);
  }

  /** Reads no content. @param makeFolder one that is to be there, though nothing is in it */
  async look(makeFolder: (place: string, path: string) => Promise<void>): Promise<void> {
    const { target, signal } = this.options;
    this.reporter.looks();
    const isFresh = await holdsNothing(target);
    for (const { line, number } of this.wanted.lines()) {
      signal.throwIfAborted();
      if (isFresh && line.type === 'file') {
        this.missing.add(number);
        continue;
      }
      const place = placeOf(target, line.path);
      this.inside.check(dirname(place), line.path);
      if (line.type === 'directory') await makeFolder(place, line.path);
      else this.sort(line, number, await this.lookAt(place, line));
      this.reporter.found(this.files, this.bytes);
    }
    this.tellOfLost();
    this.tell();
  }

  /** Reads what only its content tells. @param signal ends it */
  async check(signal: AbortSignal): Promise<void> {
    const atATime = Math.min(this.options.parallel, MOST_READ_AT_A_TIME);
    await inParallel(this.unsureLines(), atATime, async ({ line, number }) => {
      signal.throwIfAborted();
      this.reporter.beginsCheck(line.path, line.size);
      const found = await this.read(line, signal);
      if (found === 'equal') {
        this.reporter.file(line.path, 0, true, line.size);
        return;
      }
      this.reporter.failed(line.path);
      if (found === 'absent' || (found === 'different' && this.options.overwrite)) this.outdated.add(number);
      else if (found === 'different') this.isInTheWay(line);
    });
    this.tellOfLost();
  }

  private sort(line: ManifestLine, number: number, found: Look | 'in the way'): void {
    if (found === 'absent' || (found === 'different' && this.options.overwrite)) {
      this.missing.add(number);
      return;
    }
    this.files += 1;
    this.bytes += line.size;
    if (found === 'different') this.isInTheWay(line);
    else if (found === 'in the way') return;
    else if (this.verified.has(line, found)) this.reporter.file(line.path, 0, true, line.size);
    else {
      this.unsure.add(number);
      this.unsureBytes += line.size;
    }
  }

  private tell(): void {
    this.reporter.willCheck(this.unsureBytes);
    if (this.unsure.count === 0) return;
    const held = `${this.files} ${this.files === 1 ? 'file' : 'files'}, ${size(this.bytes)}`;
    const meanwhile = this.missing.count > 0 && this.different === 0 ? ' while the rest is fetched' : '';
    this.reporter.note(`There already: ${held}; of that, ${size(this.unsureBytes)} is read and compared${meanwhile}.`);
  }

  /** `in the way` has been told: it cannot be looked at. */
  private async lookAt(place: string, line: ManifestLine): Promise<Look | 'in the way'> {
    try {
      const found = await lookAt(place, line);
      return found === 'different' ? await this.unlessLost(line, place) : found;
    } catch (error) {
      return this.cannotBeRead(error);
    }
  }

  private async read(
    line: ManifestLine,
    signal: AbortSignal,
  ): Promise<'equal' | 'absent' | 'different' | 'in the way'> {
    const place = placeOf(this.options.target, line.path);
    try {
      // It may have been written to since the first look.
      const found = await lookAt(place, line);
      if (found === 'absent') return found;
      if (found === 'different') return await this.unlessLost(line, place);
      const onBytes = (bytes: number): void => this.reporter.checked(line.path, bytes);
      if (!(await hasContent(place, line, signal, onBytes))) return await this.unlessLost(line, place);
      this.verified.checked(line, place, found);
      return 'equal';
    } catch (error) {
      return this.cannotBeRead(error);
    }
  }

  /** What a power failure left of a file is as good as none. */
  private async unlessLost(line: ManifestLine, place: string): Promise<'absent' | 'different'> {
    if (!(await this.lost.has(line, place))) return 'different';
    this.lostFiles += 1;
    return 'absent';
  }

  private tellOfLost(): void {
    if (this.lostFiles === 0) return;
    const files = `${this.lostFiles} ${this.lostFiles === 1 ? 'file' : 'files'}`;
    this.reporter.note(
      `Lost when the computer stopped, and to be fetched again: ${files} that this download had written.`,
    );
    this.lostFiles = 0;
  }

  private cannotBeRead(error: unknown): 'different' | 'in the way' {
    if (!(error instanceof Failure) || error.path === undefined) throw error;
    if (this.options.overwrite) return 'different';
    this.different += 1;
    this.reporter.error(`${error.message}; move it, or use --overwrite`, error.path);
    return 'in the way';
  }

  private isInTheWay({ path }: ManifestLine): void {
    this.different += 1;
    this.reporter.error('another file of this name is there; move it, or use --overwrite', path);
  }

  private *unsureLines(): Generator<{ line: ManifestLine; number: number }> {
    if (this.unsure.count === 0) return;
    for (const entry of this.wanted.lines()) if (this.unsure.has(entry.number)) yield entry;
  }
}

/** But for what this program keeps there itself. A folder that may not be listed holds what it may. */
async function holdsNothing(target: string): Promise<boolean> {
  try {
    for await (const { name } of await opendir(target)) if (name !== OWN_FOLDER) return false;
    return true;
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    return false;
  }
}
