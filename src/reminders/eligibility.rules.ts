// Who is reminded. Pure: the preview, the run and the last check before hand-over share it, and the statement in
// `candidates.store.ts` asks the same. Product rule "Reminders" 2, 3, 6, 9, 11.

export type SkipReason =
  | 'not-sent'
  | 'revoked'
  | 'gone'
  | 'expired'
  | 'accessed'
  | 'done'
  | 'opted-out'
  | 'undeliverable'
  | 'superseded'
  | 'in-progress'
  | 'too-young'
  | 'too-soon'
  | 'enough';

export interface Candidate {
  handedOverAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  goneAt: Date | null;
  accessedAt: Date | null;
  doneAt: Date | null;
  optedOutAt: Date | null;
  undeliverableAt: Date | null;
  /** Another live delivery of the upload to the person expires later. */
  isSuperseded: boolean;
  /** Newest progress of a Data Mover download or a copy that has not ended. */
  progressAt: Date | null;
  /** Newest reminder by any run that was sent or may have been. */
  lastRemindedAt: Date | null;
  remindersSent: number;
}

export interface Policy {
  minimumAgeMs: number;
  minimumSpacingMs: number;
  maxReminders: number | null;
}

/** A transfer without progress for so long is no longer under way. */
export const PROGRESS_HOLDS_MS = 24 * 3_600_000;

export type Decision = { remind: true } | { remind: false; because: SkipReason };

/**
 * All that speaks against reminding of this delivery at `now`, in the order in which reasons are told; of one that was
 * not sent, that alone.
 *
 * @param isPreview of another moment: what happened after it does not count. In a run all that is recorded counts,
 *   whatever clock it was recorded by.
 */
export function reasonsAgainst(candidate: Candidate, policy: Policy, now: Date, isPreview = false): SkipReason[] {
  const { handedOverAt, expiresAt } = candidate;
  if (!handedOverAt || !expiresAt || handedOverAt > now) return ['not-sent'];
  const holds = (at: Date | null): boolean => at !== null && (!isPreview || at <= now);
  const all: [SkipReason, boolean][] = [
    ['revoked', holds(candidate.revokedAt)],
    ['gone', holds(candidate.goneAt)],
    ['expired', now >= expiresAt],
    ['accessed', holds(candidate.accessedAt)],
    ['done', holds(candidate.doneAt)],
    ['opted-out', holds(candidate.optedOutAt)],
    ['undeliverable', holds(candidate.undeliverableAt)],
    ['superseded', candidate.isSuperseded],
    ['in-progress', isWithin(PROGRESS_HOLDS_MS, candidate.progressAt, now)],
    ['too-young', now.getTime() - handedOverAt.getTime() < policy.minimumAgeMs],
    ['too-soon', isWithin(policy.minimumSpacingMs, candidate.lastRemindedAt, now)],
    ['enough', policy.maxReminders !== null && candidate.remindersSent >= policy.maxReminders],
  ];
  return all.filter(([, isHolding]) => isHolding).map(([reason]) => reason);
}

/** May this delivery be reminded at `now`? The first reason that holds is the one told. */
export function decideReminder(candidate: Candidate, policy: Policy, now: Date, isPreview = false): Decision {
  const [because] = reasonsAgainst(candidate, policy, now, isPreview);
  return because === undefined ? { remind: true } : { remind: false, because };
}

/** What no person can set aside who reminds by hand. */
export const NEVER: readonly SkipReason[] = ['not-sent', 'revoked', 'gone', 'expired', 'opted-out', 'undeliverable'];

/** Exactly `lengthMs` ago is long enough. */
const isWithin = (lengthMs: number, moment: Date | null, now: Date): boolean =>
  moment !== null && now.getTime() - moment.getTime() < lengthMs;

/** What is known of a delivery when its reminder goes, that one not counted. */
export interface Reminding {
  handedOverAt: Date;
  expiresAt: Date;
  remindersSent: number;
}

/**
 * Is a reminder that goes at `goesAt` the last one? When no slot before expiry is left that would remind again, were
 * nothing else to happen. Quiet hours and closed days end none: what they put off goes before expiry all the same. They
 * count by `goesAt` alone, from which the spacing runs. Product rules "Reminders" 4, 6, 12.
 *
 * @param slotFrom the first slot at or after a moment; undefined where none comes
 */
export function isLast(
  { handedOverAt, expiresAt, remindersSent }: Reminding,
  { minimumAgeMs, minimumSpacingMs, maxReminders }: Policy,
  goesAt: Date,
  slotFrom: (moment: Date) => Date | undefined,
): boolean {
  if (maxReminders !== null && remindersSent + 1 >= maxReminders) return true;
  const againFrom = Math.max(goesAt.getTime() + minimumSpacingMs, handedOverAt.getTime() + minimumAgeMs);
  const next = slotFrom(new Date(againFrom));
  return next === undefined || next >= expiresAt;
}
