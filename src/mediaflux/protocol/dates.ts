// Dates: as arguments `dd-MMM-yyyy HH:mm:ss` in the server's own zone, in replies with the instant beside (reference 11).

import { DateTime, FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import type { XmlElement } from './element.js';

/** A server's zone as the attributes of a date tell it. */
export interface ServerZone {
  /** `tz`, as in `Australia/Melbourne`. */
  name: string | undefined;
  /** `gmt-offset`: how far the zone was ahead of UTC at that date, and perhaps at no other. */
  offsetHours: number | undefined;
}

/** Undefined where the date tells none. */
export function zoneOf(date: XmlElement | undefined): ServerZone | undefined {
  const name = date?.attributes['tz']?.trim();
  const offset = Number.parseFloat(date?.attributes['gmt-offset'] ?? '');
  const offsetHours = Number.isFinite(offset) ? offset : undefined;
  return name === undefined && offsetHours === undefined ? undefined : { name, offsetHours };
}

/** The zone by its name, whose summer time is then known; by the offset where there is no name that means anything. */
function zoneFor(zone: ServerZone | undefined): Zone {
  if (zone?.name !== undefined && IANAZone.isValidZone(zone.name)) return IANAZone.create(zone.name);
  return fixed(zone?.offsetHours ?? 0);
}

const fixed = (offsetHours: number): Zone => FixedOffsetZone.instance(Math.round(offsetHours * 60));

/** An instant as the server's clock shows it; undefined: a zone that is not known is taken for UTC. */
export const dateArgument = (instant: Date, zone: ServerZone | undefined): string =>
  DateTime.fromJSDate(instant, { zone: zoneFor(zone) })
    .setLocale('en-US')
    .toFormat('dd-MMM-yyyy HH:mm:ss');

/**
 * The instant of a date in a reply: `millisec`, or else the text with the offset or the zone beside it. Undefined where
 * that is not told.
 */
export function instantOf(date: XmlElement | undefined): Date | undefined {
  if (!date) return undefined;
  const told = date.attributes['millisec']?.trim() ?? '';
  if (/^-?\d+$/.test(told) && Number.isSafeInteger(Number(told))) return new Date(Number(told));
  const zone = zoneOf(date);
  if (!zone) return undefined;
  const read = readDate(date.text, zone.offsetHours === undefined ? zoneFor(zone) : fixed(zone.offsetHours));
  return read?.isValid ? read.toJSDate() : undefined;
}

/** A day may be padded with a space, a month be in capitals, the time be left out (midnight). */
function readDate(text: string, zone: Zone): DateTime | undefined {
  const found = /^(\d{1,2})-([a-z]{3})-(\d{4})(?: (\d{2}:\d{2}:\d{2})(?:\.\d+)?)?$/i.exec(text.trim());
  if (!found) return undefined;
  const [, day = '', month = '', year = '', time = '00:00:00'] = found;
  return DateTime.fromFormat(`${day}-${month}-${year} ${time}`, 'd-MMM-yyyy HH:mm:ss', { zone, locale: 'en-US' });
}
