// Instants and what clocks in a zone show at them. Written with the offset: `2026-03-01T09:00:00.000+11:00`. Contract
// "Shapes". A zone that this Node does not know, because zone data have changed since it was set, is taken as UTC: the
// instant that is told stays right.

import { DateTime, FixedOffsetZone, IANAZone } from 'luxon';

/** The instant with the offset that `zone` has at it, in milliseconds. */
export function zonedIso(instant: Date, zone: string): string {
  const text = DateTime.fromJSDate(instant, { zone: knownZone(zone) }).toISO();
  if (text === null) throw new RangeError('The instant cannot be written.');
  return text;
}

/** Is `name` a zone of the IANA time zone database that this Node knows? */
export const isTimeZone = (name: string): boolean => IANAZone.isValidZone(name);

/** The same name where it is known, or else UTC. */
export const knownZone = (name: string): string => (IANAZone.create(name).isValid ? name : 'UTC');

/** What clocks in `zone` show at the instant, as if it were UTC: read it with the UTC getters only. */
export const wallClock = (instant: Date, zone: string): Date =>
  new Date(instant.getTime() + zoneOf(zone).offset(instant.getTime()) * 60_000);

/** Kept by Luxon from the first time on. */
function zoneOf(name: string): IANAZone | FixedOffsetZone {
  const zone = IANAZone.create(name);
  return zone.isValid ? zone : FixedOffsetZone.utcInstance;
}
