// Dates as arguments: `dd-MMM-yyyy HH:mm:ss` in the server's own zone (reference 11).

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
