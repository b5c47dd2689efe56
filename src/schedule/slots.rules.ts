// Slots: the moments of a cron schedule in a platform's time zone. Arithmetic by croner; nothing here reads a clock.

import { Cron } from 'croner';

export interface Schedule {
  /** Five fields, or six with seconds first. */
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

const cron = ({ schedule, timeZone }: Schedule): Cron => new Cron(schedule, { timezone: timeZone, paused: true });
