// Files of lines, read and written a part at a time, so that a list of a million files never is in memory.

import { closeSync, fsyncSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { writeAll } from './durable.js';

const PART_BYTES = 256 * 1024;
const GATHERED_CHARACTERS = 64 * 1024;

/** The lines of a file that end; a torn last one was never written. No file: no lines. */
export function* linesOf(file: string): Generator<string> {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const part = Buffer.allocUnsafe(PART_BYTES);
    const decoder = new StringDecoder('utf8');
    let held = '';
    for (;;) {
      const length = readSync(descriptor, part, 0, PART_BYTES, null);
      if (length === 0) return;
      const lines = (held + decoder.write(part.subarray(0, length))).split('\n');
      held = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Writes lines to a file from its start. */
export class LineWriter {
  private readonly descriptor: number;
  private held = '';

  /** @param mode of a file that is not this person's alone; what the system takes from it is taken */
  constructor(file: string, mode = 0o600) {
    this.descriptor = openSync(file, 'w', mode);
  }

  write(line: string): void {
    this.held += `${line}\n`;
    if (this.held.length >= GATHERED_CHARACTERS) this.flush();
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.descriptor);
    }
  }

  /** Closed, and on the disk. */
  finish(): void {
    try {
      this.flush();
      fsyncSync(this.descriptor);
    } finally {
      closeSync(this.descriptor);
    }
  }

  private flush(): void {
    writeAll(this.descriptor, this.held);
    this.held = '';
  }
}

/** Lines gathered to parts that are worth a write each. */
export function* gathered(lines: Iterable<string>): Generator<string> {
  let held = '';
  for (const line of lines) {
    held += `${line}\n`;
    if (held.length < GATHERED_CHARACTERS) continue;
    yield held;
    held = '';
  }
  if (held !== '') yield held;
}
