// Slots and quiet times as the simulation works them out, by `Intl` and none of the product's code. Moments are
// milliseconds since 1970.

export interface Rhythm {
  /** 0 is Sunday. */
  weekdays: readonly number[];
  hour: number;
  minute: number;
}

export interface QuietHours {
  from: string;
  to: string;
}

export interface ClosedDays {
  weekdays: readonly string[];
  dates: readonly string[];
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** What is added to UTC to get local time. Zones change at whole quarters of hours. */
export function offsetOf(moment: number, zone: string): number {
  const quarter = Math.floor(moment / (15 * MINUTE));
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const at = quarter * 15 * MINUTE;
  let format = formats.get(zone);
  if (!format) {
    const two = '2-digit';
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    formats.set(zone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - at;
  if (offsets.size > 500_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

export const localOf = (moment: number, zone: string): number => moment + offsetOf(moment, zone);

/** When clocks first show `local`; where they leave it out, when they have just gone past it. */
export function momentOf(local: number, zone: string): number {
  const [before, after] = [offsetOf(local - DAY, zone), offsetOf(local + DAY, zone)];
  for (const moment of [local - Math.max(before, after), local - Math.min(before, after)])
    if (localOf(moment, zone) === local) return moment;
  let [early, late] = [local - DAY, local + DAY];
  while (late - early > MINUTE) {
    const middle = Math.floor((early + late) / 2 / MINUTE) * MINUTE;
    if (localOf(middle, zone) > local) late = middle;
    else early = middle;
  }
  return late;
}

/** All slots of the rhythm from `from` on that lie before `to`. */
export function slotsBetween(rhythm: Rhythm, zone: string, from: number, to: number): number[] {
  const slots: number[] = [];
  for (let day = Math.floor(from / DAY) * DAY - 2 * DAY; day < to + 2 * DAY; day += DAY) {
    if (!rhythm.weekdays.includes(new Date(day).getUTCDay())) continue;
    const slot = momentOf(day + (rhythm.hour * 60 + rhythm.minute) * MINUTE, zone);
    if (slot >= from && slot < to) slots.push(slot);
  }
  return slots;
}

export const cronOf = ({ weekdays, hour, minute }: Rhythm): string =>
  `${minute} ${hour} * * ${weekdays.length === 7 ? '*' : weekdays.join(',')}`;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

export function isQuiet(moment: number, zone: string, hours: QuietHours | null): boolean {
  if (!hours) return false;
  const minute = new Date(localOf(moment, zone)).getUTCHours() * 60 + new Date(localOf(moment, zone)).getUTCMinutes();
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

export function isClosed(moment: number, zone: string, days: ClosedDays | null): boolean {
  if (!days) return false;
  const local = new Date(localOf(moment, zone));
  const date = local.toISOString().slice(0, 10);
  return (
    days.weekdays.includes(NAMES[local.getUTCDay()] ?? '') ||
    days.dates.includes(date) ||
    days.dates.includes(date.slice(5))
  );
}

/** Is there a moment from `from` to before `to`, looked for minute by minute at quarters, that `isOpen` holds for? */
export function isAnyBetween(from: number, to: number, isOpen: (moment: number) => boolean): boolean {
  if (isOpen(from)) return true;
  for (let at = Math.ceil((from + 1) / (15 * MINUTE)) * 15 * MINUTE; at < to; at += 15 * MINUTE)
    if (isOpen(at)) return true;
  return false;
}
