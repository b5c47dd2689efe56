// Instants and what clocks in a zone show at them. Written with the offset: `2026-03-01T09:00:00.000+11:00`. Contract
// "Shapes".

import { DateTime, IANAZone } from 'luxon';

/** The instant with the offset that `zone` has at it, in milliseconds. */
export function zonedIso(instant: Date, zone: string): string {
  const text = DateTime.fromJSDate(instant, { zone }).toISO();
  if (text === null) throw new RangeError('The instant or the zone cannot be written.');
  return text;
}

/** Is `name` a zone of the IANA time zone database that this Node knows? */
export const isTimeZone = (name: string): boolean => IANAZone.isValidZone(name);

/** What clocks in `zone` show at the instant, as if it were UTC: read it with the UTC getters only. */
export const wallClock = (instant: Date, zone: string): Date =>
  new Date(instant.getTime() + IANAZone.create(zone).offset(instant.getTime()) * 60_000);
