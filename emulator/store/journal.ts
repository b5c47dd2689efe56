// A table of records that survives a kill: every change is one line appended to a journal before it is acknowledged,
// and the journal is rewritten whole at start. A torn last line is what was not acknowledged, and is left out.

import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** One change: table, key, and the new value or null for "removed". */
export type Change = [table: string, key: string, value: unknown];

export class Journal {
  private descriptor: number;

  private constructor(private readonly file: string) {
    this.descriptor = openSync(file, 'a', 0o600);
  }

  /** Reads what stands, calls `apply` for each change, and rewrites the journal with what `snapshot` then gives. */
  static open(folder: string, apply: (change: Change) => void, snapshot: () => Iterable<Change>): Journal {
    const file = join(folder, 'journal.ndjson');
    if (existsSync(file)) {
      const lines = readFileSync(file, 'utf8').split('\n');
      lines.pop();
      for (const line of lines) for (const change of JSON.parse(line) as Change[]) apply(change);
      const rewritten = `${file}.new`;
      const out = openSync(rewritten, 'w', 0o600);
      for (const change of snapshot()) writeSync(out, `${JSON.stringify([change])}\n`);
      closeSync(out);
      renameSync(rewritten, file);
    }
    return new Journal(file);
  }

  /** All of the changes or, after a kill, none. */
  append(changes: readonly Change[]): void {
    writeSync(this.descriptor, `${JSON.stringify(changes)}\n`);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
