// What a person at a terminal sees while files move: a bar with rate and time left, and the files in flight below it.

import { duration, shown, size } from './units.js';

export interface Standing {
  files: number;
  ofFiles: number;
  bytes: number;
  ofBytes: number;
  /** Bytes a second. */
  rate: number;
  inFlight: readonly { path: string; bytes: number; ofBytes: number }[];
}

const BAR_CELLS = 24;

/** Lines of at most `columns` characters. */
export function barLines(standing: Standing, columns: number): string[] {
  const { files, ofFiles, bytes, ofBytes, rate } = standing;
  const part = ofBytes === 0 ? (ofFiles === 0 ? 1 : files / ofFiles) : Math.min(1, bytes / ofBytes);
  const full = Math.floor(part * BAR_CELLS);
  const head = `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}] ${Math.floor(part * 100)}%`;
  const facts = [
    `${files} of ${ofFiles} files`,
    `${size(bytes)} of ${size(ofBytes)}`,
    ...(rate > 0 ? [`${size(rate)}/s`, `${duration((ofBytes - bytes) / rate)} left`] : []),
  ];
  const moving = standing.inFlight.map(
    ({ path, bytes: done, ofBytes: of }) =>
      `  ${of === 0 ? 100 : Math.min(100, Math.floor((done / of) * 100))}% ${shown(path)}`,
  );
  return [`${head} ${facts.join(', ')}`, ...moving].map((line) => line.slice(0, Math.max(10, columns - 1)));
}

/** Paints over what it painted before. */
export class Bar {
  private painted = 0;

  constructor(private readonly out: { write(text: string): unknown; columns?: number }) {}

  paint(standing: Standing): void {
    const lines = barLines(standing, this.out.columns ?? 80);
    this.out.write(`${this.up()}${lines.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[J`);
    this.painted = lines.length;
  }

  clear(): void {
    if (this.painted > 0) this.out.write(`${this.up()}\x1b[J`);
    this.painted = 0;
  }

  private up(): string {
    return this.painted > 0 ? `\x1b[${this.painted}A\r` : '';
  }
}
