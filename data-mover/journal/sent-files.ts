// Which files were sent and confirmed, and how far each large one got: a line for each in the journal, written as soon as
// Mediaflux has acknowledged it, and in memory only what has to be looked up.

import { closeSync, openSync } from 'node:fs';
import type { uploadInPieces } from '../../src/mediaflux/services/index.js';
import { writeAll } from './durable.js';
import { inNotes } from './home.js';
import { linesOf } from './lines.js';
import { PathTable } from './path-table.js';

export interface SentFile {
  path: string;
  size: number;
  modifiedMs: number;
  crc32: string;
}

/** How far a content in pieces got, kept as it was told. */
export type PieceProgress = NonNullable<Parameters<typeof uploadInPieces>[3]['progress']>;

/** Of a file that goes in pieces: what was acknowledged of it. */
export interface Pieces {
  path: string;
  size: number;
  modifiedMs: number;
  progress: PieceProgress;
}

type Line = SentFile | Pieces | { path: string; forgotten: true };

export class SentFiles {
  private readonly table = new PathTable();
  private readonly pieces = new Map<string, Pieces>();
  private descriptor: number | undefined;

  constructor(private readonly file: string) {
    for (const text of linesOf(file)) {
      const line = lineOf(text);
      if (line) this.take(line);
    }
  }

  /** What is known of the file as it is now; a file that changed since was not sent. */
  find(file: { path: string; size: number; modifiedMs: number }): SentFile | undefined {
    const sent = this.latest(file.path);
    return sent?.size === file.size && sent.modifiedMs === file.modifiedMs ? sent : undefined;
  }

  /** What Mediaflux acknowledged last of a path. */
  latest(path: string): SentFile | undefined {
    const entry = this.table.get(path);
    return (
      entry && { path, size: entry.first, modifiedMs: entry.second, crc32: entry.word.toString(16).padStart(8, '0') }
    );
  }

  piecesOf(file: { path: string; size: number; modifiedMs: number }): Pieces | undefined {
    const pieces = this.pieces.get(file.path);
    return pieces?.size === file.size && pieces.modifiedMs === file.modifiedMs ? pieces : undefined;
  }

  add(line: SentFile | Pieces): void {
    this.write(line);
    this.take(line);
  }

  /** It must be sent again, whatever the journal says. */
  forget(path: string): void {
    const line = { path, forgotten: true } as const;
    this.write(line);
    this.take(line);
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private take(line: Line): void {
    if ('forgotten' in line) {
      this.table.delete(line.path);
      this.pieces.delete(line.path);
    } else if ('progress' in line) this.pieces.set(line.path, line);
    else {
      this.table.set(line.path, Number.parseInt(line.crc32, 16), line.size, line.modifiedMs);
      this.pieces.delete(line.path);
    }
  }

  /** What a break left of a line ends here, or it would spoil the next. */
  private open(): number {
    const descriptor = openSync(this.file, 'a', 0o600);
    writeAll(descriptor, '\n');
    return descriptor;
  }

  private write(line: Line): void {
    inNotes(() => {
      this.descriptor ??= this.open();
      // One write a line: whatever ends the process now, what was acknowledged before is known.
      writeAll(this.descriptor, `${JSON.stringify(line)}\n`);
    });
  }
}

/** Undefined for what a break left in place of a line. */
function lineOf(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
