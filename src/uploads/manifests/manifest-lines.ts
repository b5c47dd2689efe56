// A stream of bytes as rows for COPY, one for each line; what is wrong with a line is told by its number.

import { isUtf8 } from 'node:buffer';
import { CopyRows, uuidBytes } from '../../database/index.js';
import { type ManifestEntry, parseManifestLine, type ParsedLine } from './manifest.rules.js';
import { PathFolds } from './path-folds.js';
import { ManifestFaulty } from '../uploads.errors.js';
import { UsualLine } from './usual-line.js';
import { isForWindows, isSurelyForWindows, isTooLongForWindows } from './windows-names.rules.js';

const MOST_FAULTS = 20;
const MOST_EXAMPLES = 5;
const LONGEST_LINE_CHARACTERS = 32 * 1024;
/** A line of more bytes has more characters too, whatever they are. */
const LONGEST_LINE_BYTES = 3 * LONGEST_LINE_CHARACTERS;
const LINE_END = 0x0a;

/** Of the lines so far. */
export interface ManifestTotals {
  files: number;
  bytes: number;
  folds: PathFolds;
  /** Paths that Windows cannot hold, and the first few of them. */
  notForWindows: NotedPaths;
  /** Others that are too long for many programs there. */
  tooLongForWindows: NotedPaths;
}

interface NotedPaths {
  count: number;
  examples: string[];
}

export const noTotals = (): ManifestTotals => ({
  files: 0,
  bytes: 0,
  folds: new PathFolds(),
  notForWindows: { count: 0, examples: [] },
  tooLongForWindows: { count: 0, examples: [] },
});

/** @throws ManifestFaulty at the end, or once there are many faults */
export async function* manifestRows(
  manifestId: string,
  body: AsyncIterable<Buffer>,
  totals: ManifestTotals,
): AsyncGenerator<Buffer> {
  const lines = new ManifestLines(uuidBytes(manifestId), totals);
  for await (const part of body) yield lines.read(part);
  yield lines.end();
}

export const MANIFEST_COLUMNS = ['manifest_id', 'line', 'path', 'type', 'size', 'crc32', 'modified_at', 'fold'];

const FILE = Buffer.from('file');
const DIRECTORY = Buffer.from('directory');

class ManifestLines {
  private readonly rows = new CopyRows();
  private readonly usual = new UsualLine();
  private readonly held = new HeldLine();
  private readonly faults: { path: string; message: string }[] = [];
  private number = 0;

  constructor(
    private readonly manifest: Buffer,
    private readonly totals: ManifestTotals,
  ) {}

  /** The rows of the lines that end in this part of the stream. */
  read(part: Buffer): Buffer {
    let at = 0;
    if (!this.held.isEmpty) {
      const lineEnd = part.indexOf(LINE_END);
      at = lineEnd < 0 ? part.length : lineEnd + 1;
      this.held.add(part, 0, at);
      if (lineEnd >= 0) this.line(this.held.take(), 0);
    }
    while (at < part.length) {
      const next = this.line(part, at);
      if (next < 0) this.held.add(part, at, part.length);
      at = next < 0 ? part.length : next;
    }
    return this.rows.take();
  }

  /** What stands behind all rows. @throws ManifestFaulty */
  end(): Buffer {
    if (!this.held.isEmpty) {
      this.held.add(Uint8Array.of(LINE_END), 0, 1);
      this.line(this.held.take(), 0);
    }
    if (this.faults.length > 0) throw new ManifestFaulty(this.faults);
    return this.rows.end();
  }

  /** Takes the line that begins there; answers where the next one does, or -1: its end is not here yet. */
  private line(bytes: Buffer, from: number): number {
    if (this.usual.read(bytes, from)) {
      this.number += 1;
      this.writeUsual(bytes);
      return this.usual.end;
    }
    const lineEnd = bytes.indexOf(LINE_END, from);
    if (lineEnd < 0) return -1;
    this.number += 1;
    const parsed = this.parse(bytes.subarray(from, lineEnd));
    if (parsed === undefined) return lineEnd + 1;
    if ('entry' in parsed) this.write(parsed.entry);
    else this.faults.push({ path: `line ${this.number}`, message: parsed.problem });
    if (this.faults.length >= MOST_FAULTS) throw new ManifestFaulty(this.faults);
    return lineEnd + 1;
  }

  /** Undefined: an empty line, which says nothing. */
  private parse(bytes: Buffer): ParsedLine | undefined {
    if (bytes.length > LONGEST_LINE_BYTES) return { problem: 'it is too long' };
    if (!isUtf8(bytes)) return { problem: 'it is not UTF-8' };
    let line = bytes.toString('utf8');
    // The mark of a file in UTF-8, which some programs write at its beginning.
    if (this.number === 1 && line.startsWith('\ufeff')) line = line.slice(1);
    if (line.trim() === '') return undefined;
    return line.length > LONGEST_LINE_CHARACTERS ? { problem: 'it is too long' } : parseManifestLine(line);
  }

  private writeUsual(bytes: Buffer): void {
    const { rows, usual, totals } = this;
    this.begin();
    rows.bytes(bytes, usual.pathBegin, usual.pathEnd);
    rows.bytes(FILE);
    rows.bigint(usual.size);
    rows.bytes(bytes, usual.sumBegin, usual.sumBegin + 8);
    if (Number.isNaN(usual.modifiedMs)) rows.null();
    else rows.timestamptz(usual.modifiedMs);
    rows.integer(totals.folds.noteBytes(bytes, usual.pathBegin, usual.pathEnd, 'file'));
    if (!isSurelyForWindows(bytes, usual.pathBegin, usual.pathEnd))
      this.noteName(bytes.toString('latin1', usual.pathBegin, usual.pathEnd));
    totals.files += 1;
    totals.bytes += usual.size;
  }

  private write(entry: ManifestEntry): void {
    const { rows, totals } = this;
    this.begin();
    rows.text(entry.path);
    if (entry.type === 'file') {
      rows.bytes(FILE);
      rows.bigint(entry.size);
      rows.text(entry.crc32);
      if (entry.modifiedMs === null) rows.null();
      else rows.timestamptz(entry.modifiedMs);
      totals.files += 1;
      totals.bytes += entry.size;
    } else {
      rows.bytes(DIRECTORY);
      rows.bigint(0);
      rows.null();
      rows.null();
    }
    rows.integer(totals.folds.note(entry.path, entry.type));
    this.noteName(entry.path);
  }

  private noteName(path: string): void {
    const isHeld = isForWindows(path);
    if (isHeld && !isTooLongForWindows(path)) return;
    const noted = isHeld ? this.totals.tooLongForWindows : this.totals.notForWindows;
    noted.count += 1;
    if (noted.count <= MOST_EXAMPLES) noted.examples.push(path);
  }

  private begin(): void {
    this.rows.row(MANIFEST_COLUMNS.length);
    this.rows.bytes(this.manifest);
    this.rows.bigint(this.number);
  }
}

/** The beginning of a line whose end has not come; of one that is too long anyway not all, so that memory stays bounded. */
class HeldLine {
  private bytes = Buffer.alloc(1_024);
  private length = 0;

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** The last byte, which may be the line's end, is kept always. */
  add(part: Uint8Array, begin: number, end: number): void {
    const most = LONGEST_LINE_BYTES + 2;
    if (this.length + end - begin > most) {
      this.room(most);
      this.bytes.fill(0, this.length, most);
      this.length = most;
      this.bytes[most - 1] = part[end - 1] ?? 0;
      return;
    }
    this.room(this.length + end - begin);
    this.bytes.set(part.subarray(begin, end), this.length);
    this.length += end - begin;
  }

  /** Good until the next is held. */
  take(): Buffer {
    const line = this.bytes.subarray(0, this.length);
    this.length = 0;
    return line;
  }

  private room(length: number): void {
    if (length <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(length, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
