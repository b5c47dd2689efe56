// Sizes, moments and times left, as people read them in their language.

import { knownZone } from '../time/index.js';

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

/** @param named the zone; one that this Node does not know is taken as UTC */
export function momentParts(facts: DateForm, instant: Date, named: string): MomentParts {
  const zone = knownZone(named);
  const local = localMoment(instant, zone);
  const offsetMinutes = Math.round((local.getTime() - Math.floor(instant.getTime() / 1_000) * 1_000) / 60_000);
  const offset = offsetMinutes === 0 ? 'UTC' : `UTC${signed(offsetMinutes)}`;
  return {
    date: dateIn(facts, local),
    time: `${twoDigits(local.getUTCHours())}:${twoDigits(local.getUTCMinutes())}`,
    zone: offset === zone ? zone : `${offset}, ${zone}`,
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const CLOCK = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)$/;

/** What calendar and clock show there, to the second, as if it were UTC. */
function localMoment(instant: Date, zone: string): Date {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] =
    CLOCK.exec(clock.format(instant))?.slice(1).map(Number) ?? [];
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `+11`, `-03:30`. */
function signed(offsetMinutes: number): string {
  const hours = Math.floor(Math.abs(offsetMinutes) / 60);
  const minutes = Math.abs(offsetMinutes) % 60;
  const sign = offsetMinutes < 0 ? '-' : '+';
  return minutes === 0 ? `${sign}${hours}` : `${sign}${twoDigits(hours)}:${twoDigits(minutes)}`;
}

const TOKEN = /'([^']*)'|cccc|d|LLLL|L|yyyy/g;

/** @param local as if it were UTC */
function dateIn({ locale, datePattern, firstOfMonth }: DateForm, local: Date): string {
  const { weekdays, months } = namesIn(locale);
  const day = local.getUTCDate();
  return datePattern.replace(TOKEN, (token, text: string | undefined) => {
    switch (token) {
      case 'cccc':
        return weekdays[local.getUTCDay()] ?? '';
      case 'd':
        return day === 1 && firstOfMonth !== undefined ? firstOfMonth : String(day);
      case 'LLLL':
        return months[local.getUTCMonth()] ?? '';
      case 'L':
        return String(local.getUTCMonth() + 1);
      case 'yyyy':
        return String(local.getUTCFullYear()).padStart(4, '0');
      default:
        return text ?? '';
    }
  });
}

interface Names {
  /** From Sunday. */
  weekdays: string[];
  months: string[];
}

const names = new Map<string, Names>();

function namesIn(locale: string): Names {
  let known = names.get(locale);
  if (!known) {
    const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
    const month = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' });
    known = {
      // 2 January 2000 was a Sunday.
      weekdays: Array.from({ length: 7 }, (_, index) => weekday.format(Date.UTC(2000, 0, 2 + index))),
      months: Array.from({ length: 12 }, (_, index) => month.format(Date.UTC(2000, index, 1))),
    };
    names.set(locale, known);
  }
  return known;
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
