// Schedules that are legal and look wrong: each warning says what would happen, with an example.

import { isTimeZone, zonedIso } from '../time/index.js';
import { firstOpen, type QuietTimes } from './quiet-times.rules.js';
import { nextSlot, type Schedule } from './slots.rules.js';

export interface ScheduleInUse extends Schedule, QuietTimes {
  linkLifetimeMs: number;
  minimumAgeMs: number;
  minimumSpacingMs: number;
  maxReminders: number | null;
  /** Examples are worked out from here. */
  now: Date;
}

/** Deliveries at this many moments, spread over four weeks, are looked at. */
const EXAMPLES = 56;
const EXAMPLE_STEP_MS = 12 * 3_600_000;
/** More reminders than this for one delivery are a nuisance. */
const MANY_REMINDERS = 30;
/** More runs than this within one lifetime do nothing that fewer would not. */
const MANY_RUNS = 400;
/** So many coming slots are looked at for whether each is quiet, or too soon after the one before. */
const SLOTS = 60;
const HOUR_MS = 3_600_000;

export function scheduleWarnings(use: ScheduleInUse): string[] {
  if (!isTimeZone(use.timeZone)) return [];
  return [...tooLate(use), ...tooOften(use), ...tooSoon(use), ...alwaysQuiet(use)];
}

function tooLate(use: ScheduleInUse): string[] {
  if (use.minimumAgeMs >= use.linkLifetimeMs)
    return ['No reminder can ever be sent: the minimum age is not shorter than the lifetime of the links.'];
  const missed = firstMissed(use);
  if (!missed) return [];
  const slot = missed.slot ? told(use, missed.slot) : 'no time at all';
  return [
    `Some deliveries are never reminded: links sent at ${told(use, missed.sentAt)} end at ${told(use, missed.expiresAt)}, and the first reminder after the minimum age would be due at ${slot}.`,
  ];
}

function firstMissed(use: ScheduleInUse): { sentAt: Date; expiresAt: Date; slot: Date | undefined } | undefined {
  for (let index = 0; index < EXAMPLES; index += 1) {
    const sentAt = later(use.now, index * EXAMPLE_STEP_MS);
    const expiresAt = later(sentAt, use.linkLifetimeMs);
    const slot = nextSlot(use, later(sentAt, use.minimumAgeMs - 1));
    if (!slot || slot >= expiresAt) return { sentAt, expiresAt, slot };
  }
  return undefined;
}

function tooOften(use: ScheduleInUse): string[] {
  const expiresAt = later(use.now, use.linkLifetimeMs);
  const reminders = remindersOfOne(use, expiresAt);
  const [first, second] = reminders;
  if (first && second && reminders.length > MANY_REMINDERS)
    return [
      `Reminders come very often: links sent at ${told(use, use.now)} and never used would be reminded of more than ${MANY_REMINDERS} times before they end at ${told(use, expiresAt)}, at ${told(use, first)}, ${told(use, second)} and so on.`,
    ];
  const runs = runsBefore(use, expiresAt);
  const [run, next] = runs;
  if (!run || !next || runs.length <= MANY_RUNS) return [];
  return [
    `Runs come very often: at ${told(use, run)}, ${told(use, next)} and so on, more than ${MANY_RUNS} times before links sent at ${told(use, use.now)} end at ${told(use, expiresAt)}, for ${counted(reminders.length)} of one delivery.`,
  ];
}

/** When one delivery, sent now and never used, would be reminded of; one more than is many at most. */
function remindersOfOne(use: ScheduleInUse, expiresAt: Date): Date[] {
  const most = Math.min(use.maxReminders ?? Infinity, MANY_REMINDERS + 1);
  const found: Date[] = [];
  let slot = nextSlot(use, later(use.now, use.minimumAgeMs - 1));
  for (; slot && slot < expiresAt && found.length < most;) {
    found.push(slot);
    slot = nextSlot(use, later(slot, Math.max(use.minimumSpacingMs - 1, 0)));
  }
  return found;
}

function runsBefore(use: ScheduleInUse, expiresAt: Date): Date[] {
  const found: Date[] = [];
  let slot = nextSlot(use, use.now);
  for (; slot && slot < expiresAt && found.length <= MANY_RUNS; slot = nextSlot(use, slot)) found.push(slot);
  return found;
}

/**
 * Runs that come as the minimum spacing ends, or within the hour before: the mails of the run before left after its slot, so
 * that they find too soon whom that one reminded. A day on which clocks are changed makes no warning.
 */
function tooSoon(use: ScheduleInUse): string[] {
  const { minimumSpacingMs, linkLifetimeMs, minimumAgeMs, maxReminders } = use;
  if (minimumSpacingMs <= HOUR_MS || maxReminders === 1 || minimumAgeMs + minimumSpacingMs >= linkLifetimeMs) return [];
  const slots: Date[] = [];
  let slot = nextSlot(use, use.now);
  for (; slot && slots.length < SLOTS; slot = nextSlot(use, slot)) slots.push(slot);
  const held = slots.slice(1).flatMap((second, index) => {
    const first = slots[index] ?? second;
    const shortMs = minimumSpacingMs - (second.getTime() - first.getTime());
    return shortMs >= 0 && shortMs < HOUR_MS ? [{ first, second }] : [];
  });
  const [example] = held;
  if (!example || held.length * 4 < slots.length) return [];
  return [
    `Some runs find too soon whom the run before reminded: those of ${told(use, example.first)} and ${told(use, example.second)} are no further apart than the minimum spacing, which counts from the moment at which a reminder was sent, after its run had begun. With a minimumSpacing that is an hour shorter each run reminds.`,
  ];
}

/** Quiet hours, closed days or both that put every reminder off. */
function alwaysQuiet(use: ScheduleInUse): string[] {
  if (!use.quietHours && !use.closedDays) return [];
  if (firstOpen(use.now, use, use.timeZone) === undefined)
    return [
      'Every day is closed: reminders go as if there were no closed days. Switch them off with "enabled" if none is to go.',
    ];
  const causes: [string, QuietTimes][] = [
    ['the quiet hours', { quietHours: use.quietHours, closedDays: null }],
    ['closed days', { quietHours: null, closedDays: use.closedDays }],
    ['the quiet hours or closed days', use],
  ];
  for (const [cause, times] of causes) {
    const example = everySlotPutOff(use, times);
    if (example)
      return [
        `Every run falls into ${cause}: the reminders of ${told(use, example.slot)} wait until ${told(use, example.until)}, and where the links end before, they go in spite of them.`,
      ];
  }
  return [];
}

function everySlotPutOff(use: ScheduleInUse, times: QuietTimes): { slot: Date; until: Date } | undefined {
  let example: { slot: Date; until: Date } | undefined;
  let slot = nextSlot(use, use.now);
  for (let count = 0; slot && count < SLOTS; count += 1) {
    const until = firstOpen(slot, times, use.timeZone);
    if (until?.getTime() === slot.getTime()) return undefined;
    if (until && !example) example = { slot, until };
    slot = nextSlot(use, slot);
  }
  return example;
}

const later = (moment: Date, ms: number): Date => new Date(moment.getTime() + ms);

const told = (use: ScheduleInUse, moment: Date): string => zonedIso(moment, use.timeZone);

const counted = (reminders: number): string => (reminders === 1 ? 'one reminder' : `${reminders} reminders`);
