// Schedules that are legal and look wrong: each warning says what would happen, with an example.

import { nextSlot, type Schedule } from './slots.rules.js';

export interface ScheduleInUse extends Schedule {
  linkLifetimeMs: number;
  minimumAgeMs: number;
  /** Examples are worked out from here. */
  now: Date;
}

/** Deliveries at this many moments, spread over four weeks, are looked at. */
const EXAMPLES = 56;
const EXAMPLE_STEP_MS = 12 * 3_600_000;
/** More reminders than this for one delivery are a nuisance. */
const MANY = 30;

export function scheduleWarnings(use: ScheduleInUse): string[] {
  const missed = firstMissed(use);
  const warnings: string[] = [];
  if (use.minimumAgeMs >= use.linkLifetimeMs) {
    warnings.push('No reminder can ever be sent: the minimum age is not shorter than the lifetime of the links.');
  } else if (missed) {
    warnings.push(
      `Some deliveries are never reminded: links sent at ${missed.sentAt.toISOString()} end at ${missed.expiresAt.toISOString()}, and the first reminder after the minimum age would be due at ${missed.slot?.toISOString() ?? 'no time at all'}.`,
    );
  }
  const count = remindersOfOne(use);
  if (count > MANY)
    warnings.push(
      `Reminders come very often: links sent now and never used would be reminded of more than ${MANY} times.`,
    );
  return warnings;
}

function firstMissed(use: ScheduleInUse): { sentAt: Date; expiresAt: Date; slot: Date | undefined } | undefined {
  for (let index = 0; index < EXAMPLES; index += 1) {
    const sentAt = new Date(use.now.getTime() + index * EXAMPLE_STEP_MS);
    const expiresAt = new Date(sentAt.getTime() + use.linkLifetimeMs);
    const slot = nextSlot(use, new Date(sentAt.getTime() + use.minimumAgeMs - 1));
    if (!slot || slot >= expiresAt) return { sentAt, expiresAt, slot };
  }
  return undefined;
}

function remindersOfOne(use: ScheduleInUse): number {
  const expiresAt = new Date(use.now.getTime() + use.linkLifetimeMs);
  let count = 0;
  let slot = nextSlot(use, new Date(use.now.getTime() + use.minimumAgeMs - 1));
  for (; slot && slot < expiresAt && count <= MANY; slot = nextSlot(use, slot)) count += 1;
  return count;
}
