// A table of records that survives a kill: every change is one line appended to a journal before it is acknowledged,
// and the journal is rewritten whole at start. A torn last line is what was not acknowledged, and is left out.

import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** One change: table, key, and the new value or null for "removed". */
export type Change = [table: string, key: string, value: unknown];

const CHUNK_BYTES = 4 * 1024 * 1024;

export class Journal {
  private readonly descriptor: number;
  private size: number;

  private constructor(file: string) {
    this.descriptor = openSync(file, 'a', 0o600);
    this.size = fstatSync(this.descriptor).size;
  }

  /** Reads what stands, calls `apply` for each change, and rewrites the journal with what `snapshot` then gives. */
  static open(folder: string, apply: (change: Change) => void, snapshot: () => Iterable<Change>): Journal {
    const file = join(folder, 'journal.ndjson');
    if (existsSync(file)) {
      for (const line of acknowledgedLines(file)) for (const change of JSON.parse(line) as Change[]) apply(change);
      const rewritten = `${file}.new`;
      rewrite(rewritten, snapshot());
      renameSync(rewritten, file);
    }
    return new Journal(file);
  }

  /** All of the changes or, after a kill or on a full disk, none. */
  append(changes: readonly Change[]): void {
    try {
      this.size += writeWhole(this.descriptor, `${JSON.stringify(changes)}\n`);
    } catch (error) {
      ftruncateSync(this.descriptor, this.size);
      throw error;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** The lines that have an end, read in parts: a journal may be longer than a string can be. */
function* acknowledgedLines(file: string): Generator<string> {
  const descriptor = openSync(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (let got = readSync(descriptor, chunk); got > 0; got = readSync(descriptor, chunk)) {
      const lines = (rest + decoder.write(chunk.subarray(0, got))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    closeSync(descriptor);
  }
}

function rewrite(file: string, changes: Iterable<Change>): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    let lines = '';
    for (const change of changes) {
      lines += `${JSON.stringify([change])}\n`;
      if (lines.length < CHUNK_BYTES) continue;
      writeWhole(descriptor, lines);
      lines = '';
    }
    writeWhole(descriptor, lines);
  } finally {
    closeSync(descriptor);
  }
}

/** How many bytes it was. @throws when the disk is full */
function writeWhole(descriptor: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  return bytes.length;
}
