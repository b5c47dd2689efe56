// Sizes, moments and times left, as people read them.

import { DateTime } from 'luxon';

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Decimal units with at most one place: `1.5 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const shown = unit === 0 || value >= 99.95 ? Math.round(value) : Math.round(value * 10) / 10;
  return `${shown} ${bytes === 1 ? 'byte' : (UNITS[unit] ?? '')}`;
}

export const formatFiles = (files: number): string => `${files.toLocaleString('en')} ${files === 1 ? 'file' : 'files'}`;

/** `Monday, 30 November 2026 at 09:00 (UTC+11, Australia/Melbourne)`. */
export function formatInstant(instant: Date, zone: string): string {
  const local = DateTime.fromJSDate(instant, { zone });
  const offset = local.offset === 0 ? 'UTC' : `UTC${local.toFormat(local.offset % 60 === 0 ? 'Z' : 'ZZ')}`;
  return `${local.setLocale('en-GB').toFormat('cccc, d LLLL yyyy')} at ${local.toFormat('HH:mm')} (${offset === zone ? zone : `${offset}, ${zone}`})`;
}

const UNIT_MS: [string, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `29 days`, `5 hours`, `3 minutes`, or `less than a minute`: whole units, rounded down, so that nobody is promised more. */
export function timeLeft(now: Date, until: Date): string {
  const left = until.getTime() - now.getTime();
  for (const [unit, size] of UNIT_MS) {
    const count = Math.floor(left / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'less than a minute';
}
