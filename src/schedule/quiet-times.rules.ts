// Quiet hours and closed days: when a reminder may go that is due now. Both put it off until they are over, but never
// to the expiry of the links or beyond: then it goes before. Product rule "Reminders" 12.

import { wallClock } from '../time/index.js';

/** Local times `HH:MM`: from the first until just before the second, past midnight where the second is not later. */
export interface QuietHours {
  from: string;
  to: string;
}

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** Whole local days: of the week, a date `YYYY-MM-DD`, or a date of every year `MM-DD`. */
export interface ClosedDays {
  weekdays: readonly (typeof WEEKDAYS)[number][];
  dates: readonly string[];
}

export interface QuietTimes {
  quietHours: QuietHours | null;
  closedDays: ClosedDays | null;
}

const MINUTE_MS = 60_000;
/** Nothing is put off for longer. */
const LONGEST_DAYS = 370;

/**
 * When a reminder due at `now` goes: as soon as it is neither quiet nor closed, if that is before `expiresAt`. If not,
 * as soon as the quiet hours are over, because a closed day is better than a night. If that is too late as well, at
 * once: there is no earlier moment. For times that have passed the answer is `now`.
 */
export function notBefore(now: Date, times: QuietTimes, timeZone: string, expiresAt: Date): Date {
  return departures(now, times, timeZone).find((departure) => departure < expiresAt) ?? now;
}

/**
 * The moments `notBefore` chooses from, in this order: the first that lies before the expiry of the links is the one.
 * The last is always `now`. They are the same for all that is due at `now`.
 */
export function departures(now: Date, times: QuietTimes, timeZone: string): Date[] {
  const open = firstOpen(now, times, timeZone);
  const awake = firstOpen(now, { ...times, closedDays: null }, timeZone);
  return [open, awake, now].filter((departure) => departure !== undefined);
}

/** The first moment from `now` on that is neither quiet nor closed; undefined when there is none within a year. */
export function firstOpen(now: Date, times: QuietTimes, timeZone: string): Date | undefined {
  const limit = now.getTime() + LONGEST_DAYS * 86_400_000;
  for (let at = now.getTime(); at < limit;) {
    const shown = wallClock(new Date(at), timeZone);
    const minutes = minutesUntilOpen(shown, times);
    if (minutes === 0) return new Date(at);
    at = minutesLater(at, minutes, timeZone, shown);
  }
  return undefined;
}

/** By what clocks show: minutes until the end of the closed day or of the quiet hours; 0 outside them. */
function minutesUntilOpen(shown: Date, { quietHours, closedDays }: QuietTimes): number {
  const minute = shown.getUTCHours() * 60 + shown.getUTCMinutes();
  if (closedDays && isClosed(shown, closedDays)) return 1_440 - minute;
  if (!quietHours) return 0;
  const [from, to] = [minuteOfDay(quietHours.from), minuteOfDay(quietHours.to)];
  if (from < to) return minute >= from && minute < to ? to - minute : 0;
  if (minute >= from) return 1_440 - minute + to;
  return minute < to ? to - minute : 0;
}

/**
 * When clocks will have gone on by `minutes`; where they are changed on the way, the moment of the change, from which
 * the caller looks again.
 */
function minutesLater(at: number, minutes: number, timeZone: string, shown: Date): number {
  const start = at - (at % MINUTE_MS);
  const end = start + minutes * MINUTE_MS;
  const isChanged = (moment: number) =>
    wallClock(new Date(moment), timeZone).getTime() - moment !== shown.getTime() - at;
  if (!isChanged(end)) return end;
  let [same, changed] = [start, end];
  while (changed - same > MINUTE_MS) {
    const middle = same + Math.floor((changed - same) / 2 / MINUTE_MS) * MINUTE_MS;
    if (isChanged(middle)) changed = middle;
    else same = middle;
  }
  return changed;
}

function isClosed(shown: Date, { weekdays, dates }: ClosedDays): boolean {
  const date = shown.toISOString().slice(0, 10);
  const weekday = WEEKDAYS[shown.getUTCDay()];
  return (weekday !== undefined && weekdays.includes(weekday)) || dates.includes(date) || dates.includes(date.slice(5));
}

const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
