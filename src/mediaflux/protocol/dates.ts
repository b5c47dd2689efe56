// Dates: as arguments `dd-MMM-yyyy HH:mm:ss` in the server's own zone, in replies with the instant beside (reference 11).

import type { XmlElement } from './element.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/**
 * @param offsetHours how far the server's zone is ahead of UTC, as `gmt-offset` tells it
 */
export function dateArgument(instant: Date, offsetHours: number): string {
  const local = new Date(instant.getTime() + offsetHours * 3_600_000);
  const day = `${two(local.getUTCDate())}-${MONTHS[local.getUTCMonth()] ?? ''}-${local.getUTCFullYear()}`;
  return `${day} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
}

/** The instant of a date in a full document, by its `millisec`; undefined where it has none. */
export function instantOf(date: XmlElement | undefined): Date | undefined {
  const millisec = Number(date?.attributes['millisec'] ?? Number.NaN);
  return Number.isSafeInteger(millisec) ? new Date(millisec) : undefined;
}
