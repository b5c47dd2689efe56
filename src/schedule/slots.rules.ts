// Slots: the moments of a cron schedule in a platform's time zone. Arithmetic by croner; nothing here reads a clock.
// Times of day without a wildcard or a step are met once on every day they fall on: in the hour that a change of clocks
// doubles at its first pass, and where it leaves them out as soon as it is over. Product rule "Reminders" 8.

import { Cron } from 'croner';
import { wallClock } from '../time/index.js';

export interface Schedule {
  /** Five fields, or six with seconds first. Day of month and day of week both given: either will do. */
  schedule: string;
  /** IANA zone. */
  timeZone: string;
}

/** Is the text a cron schedule of five or six fields that fires at all? */
export function isSchedule(text: string): boolean {
  const fields = text.trim().split(/\s+/).length;
  if (fields !== 5 && fields !== 6) return false;
  try {
    return cron({ schedule: text, timeZone: 'UTC' }).nextRun(new Date(0)) !== null;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** The newest slot at or before `moment`; undefined when there never was one. */
export function newestSlot(schedule: Schedule, moment: Date): Date | undefined {
  const afterMoment = new Date(Math.floor(moment.getTime() / 1000) * 1000 + 1000);
  return cron(schedule).previousRuns(1, afterMoment)[0];
}

/** The first slot after `moment`; undefined when there is none. */
export function nextSlot(schedule: Schedule, moment: Date): Date | undefined {
  return cron(schedule).nextRun(moment) ?? undefined;
}

/**
 * The local time that a slot stands for, `2026-10-04T02:30:00`: what the schedule says, also where clocks showed
 * something later because they left that time out. By it a slot is known again when the zone's data have changed.
 */
export function slotLabel({ schedule, timeZone }: Schedule, slot: Date): string {
  const shown = wallClock(slot, timeZone);
  const meant = newestSlot({ schedule, timeZone: 'UTC' }, shown) ?? shown;
  return meant.toISOString().slice(0, 19);
}

/**
 * Is `slot` the one that `former` stood for when it was worked out with other data of the zone? Then the label is the
 * same, and by today's data `former` is no slot, or has another label. The two passes of a doubled hour share labels
 * and are two slots.
 */
export function isSameSlot(schedule: Schedule, slot: Date, former: { slot: Date; label: string }): boolean {
  if (former.label !== slotLabel(schedule, slot)) return false;
  const today = newestSlot(schedule, former.slot);
  return today?.getTime() !== former.slot.getTime() || slotLabel(schedule, former.slot) !== former.label;
}

const cron = ({ schedule, timeZone }: Schedule): Cron =>
  new Cron(schedule, { timezone: timeZone, paused: true, fixedTimeRule: 'no-wildcard' });
