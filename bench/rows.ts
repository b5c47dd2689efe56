// What a measurement tells, as a table.

import type { Timing } from './timing.js';

export interface Row {
  what: string;
  timing: Timing;
  bytes: number;
  /** Files or items; left out where it means nothing. */
  files?: number;
  /** Of the reference's time to this one's: above 1 is faster than the reference. */
  ratio?: number;
  /** Anything else that was measured. */
  more?: string;
}

export function show(name: string, rows: readonly Row[]): void {
  process.stdout.write(`\n${name}\n\n`);
  const table = rows.map((row) => [
    row.what,
    `${row.timing.seconds.toFixed(2)} s`,
    row.bytes === 0 ? '' : `${(row.bytes / 1e6 / row.timing.seconds).toFixed(0)} MB/s`,
    row.files === undefined || row.files < 2 ? '' : `${(row.files / row.timing.seconds).toFixed(0)}/s`,
    `${row.timing.cpuSeconds.toFixed(2)} s CPU`,
    row.bytes < 1e8 ? '' : `${((row.timing.cpuSeconds / row.bytes) * 1e9).toFixed(2)} s CPU/GB`,
    row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} × the reference`,
    row.more ?? '',
  ]);
  showTable(table);
}

/** The first column to the left, the others to the right. */
export function showTable(table: readonly (readonly string[])[]): void {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  for (const cells of table)
    process.stdout.write(
      `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}\n`.replace(
        / +\n$/,
        '\n',
      ),
    );
}
