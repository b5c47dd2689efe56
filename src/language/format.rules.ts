// Sizes, moments and times left, as people read them in their language.

import { DateTime } from 'luxon';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** Decimal units with at most one place: `1.5 GB`, `1,5 Go`. */
export function formatBytes(locale: string, bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return unitFormat(locale, UNITS[unit] ?? 'byte', unit === 0 ? 'long' : 'short', digits).format(value);
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making one takes longer than all the rest of a mail's words. */
function unitFormat(locale: string, unit: string, unitDisplay: 'long' | 'short', digits: number): Intl.NumberFormat {
  const key = `${locale} ${unit} ${unitDisplay} ${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format;
}

export interface MomentParts {
  /** With the weekday and the month's name. */
  date: string;
  /** Of 24 hours. */
  time: string;
  /** `UTC+11, Australia/Melbourne`. */
  zone: string;
}

/** How a language writes dates; see `LanguageFacts`. */
interface DateForm {
  locale: string;
  datePattern: string;
  firstOfMonth?: string;
}

export function momentParts(facts: DateForm, instant: Date, zone: string): MomentParts {
  const local = DateTime.fromJSDate(instant, { zone });
  const offset = local.offset === 0 ? 'UTC' : `UTC${local.toFormat(local.offset % 60 === 0 ? 'Z' : 'ZZ')}`;
  const { locale, firstOfMonth } = facts;
  const pattern =
    local.day === 1 && firstOfMonth !== undefined
      ? facts.datePattern.replace(/\bd\b/, `'${firstOfMonth}'`)
      : facts.datePattern;
  return {
    date: local.setLocale(locale).toFormat(pattern),
    time: local.toFormat('HH:mm'),
    zone: offset === zone ? zone : `${offset}, ${zone}`,
  };
}

const UNIT_MS: ['day' | 'hour' | 'minute', number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `29 days`, `5 hours`, `3 minutes`: whole units, rounded down, so that nobody is promised more; undefined below a minute. */
export function timeLeft(locale: string, now: Date, until: Date): string | undefined {
  const left = until.getTime() - now.getTime();
  for (const [unit, size] of UNIT_MS) {
    const count = Math.floor(left / size);
    if (count >= 1) return unitFormat(locale, unit, 'long', 0).format(count);
  }
  return undefined;
}
