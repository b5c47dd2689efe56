// What lies in the folder already, against what is to be downloaded.

import { Failure } from '../failures.js';
import type { Reporter } from '../report/reporter.js';
import { isEqual, type ManifestLine } from './manifest.js';

/** Of files by their number: those that are not there yet. A bit for each of millions. */
export class Missing {
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

/** `in the way` has been told: another file, or one that cannot be read. With `overwrite` both are missing. */
export async function whatIsThere(
  place: string,
  line: ManifestLine,
  reporter: Reporter,
  options: { overwrite: boolean; signal: AbortSignal },
): Promise<'equal' | 'missing' | 'in the way'> {
  const { overwrite, signal } = options;
  try {
    const found = await isEqual(place, line, signal);
    if (found === 'equal') return 'equal';
    if (found === 'absent' || overwrite) return 'missing';
    reporter.error('another file of this name is there; move it, or use --overwrite', line.path);
  } catch (error) {
    if (!(error instanceof Failure) || error.path === undefined) throw error;
    if (overwrite) return 'missing';
    reporter.error(`${error.message}; move it, or use --overwrite`, line.path);
  }
  return 'in the way';
}
