// Whether a platform's reminder is the last one: the rule, asked with the platform's policy and its slots to come.

import type { Platform } from '../platforms/index.js';
import { nextSlot } from '../schedule/index.js';
import { durationMs, isTimeZone } from '../time/index.js';
import { isLast, type Policy, type Reminding } from './eligibility.rules.js';

export const policyOf = ({ reminders }: Platform): Policy => ({
  minimumAgeMs: durationMs(reminders.minimumAge),
  minimumSpacingMs: durationMs(reminders.minimumSpacing),
  maxReminders: reminders.maxReminders,
});

type SlotFrom = (moment: Date) => Date | undefined;

/**
 * The platform's first slot at or after a moment, as its schedule says; each is worked out once. Undefined: the platform's
 * zone is not known here, and nobody can tell.
 */
export function slotsOf({ timeZone, reminders: { schedule } }: Platform): SlotFrom | undefined {
  if (!isTimeZone(timeZone)) return undefined;
  const known = new Map<number, Date | undefined>();
  return (moment) => {
    const from = moment.getTime() - 1;
    if (!known.has(from)) known.set(from, nextSlot({ schedule, timeZone }, new Date(from)));
    return known.get(from);
  };
}

/** Does it say that it is the last, when it goes at `goesAt`? Not where nobody can tell; while reminders are off none comes after it. */
export const isLastOf = (
  platform: Platform,
  reminding: Reminding,
  goesAt: Date,
  slotFrom: SlotFrom | undefined,
): boolean =>
  !platform.reminders.enabled || (slotFrom !== undefined && isLast(reminding, policyOf(platform), goesAt, slotFrom));
