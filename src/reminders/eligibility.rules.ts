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

const skip = (because: SkipReason): Decision => ({ remind: false, because });

/**
 * May this delivery be reminded at `now`? The first reason that holds is the one told.
 *
 * @param isPreview of another moment: what happened after it does not count. In a run all that is recorded counts,
 *   whatever clock it was recorded by.
 */
export function decideReminder(candidate: Candidate, policy: Policy, now: Date, isPreview = false): Decision {
  const holds = (at: Date | null): boolean => at !== null && (!isPreview || at <= now);
  if (!candidate.handedOverAt || !candidate.expiresAt || candidate.handedOverAt > now) return skip('not-sent');
  if (holds(candidate.revokedAt)) return skip('revoked');
  if (holds(candidate.goneAt)) return skip('gone');
  if (now >= candidate.expiresAt) return skip('expired');
  if (holds(candidate.accessedAt)) return skip('accessed');
  if (holds(candidate.doneAt)) return skip('done');
  if (holds(candidate.optedOutAt)) return skip('opted-out');
  if (holds(candidate.undeliverableAt)) return skip('undeliverable');
  if (candidate.isSuperseded) return skip('superseded');
  if (isWithin(PROGRESS_HOLDS_MS, candidate.progressAt, now)) return skip('in-progress');
  if (now.getTime() - candidate.handedOverAt.getTime() < policy.minimumAgeMs) return skip('too-young');
  if (isWithin(policy.minimumSpacingMs, candidate.lastRemindedAt, now)) return skip('too-soon');
  if (policy.maxReminders !== null && candidate.remindersSent >= policy.maxReminders) return skip('enough');
  return { remind: true };
}

/** What no person can set aside who reminds by hand. */
export const NEVER: readonly SkipReason[] = ['not-sent', 'revoked', 'gone', 'expired', 'opted-out', 'undeliverable'];

/** May this delivery be reminded by hand, whatever else was confirmed? Another reason told before must not hide these. */
export function decideConfirmed(candidate: Candidate, now: Date): Decision {
  if (!candidate.handedOverAt || !candidate.expiresAt || candidate.handedOverAt > now) return skip('not-sent');
  if (candidate.revokedAt) return skip('revoked');
  if (candidate.goneAt) return skip('gone');
  if (now >= candidate.expiresAt) return skip('expired');
  if (candidate.optedOutAt) return skip('opted-out');
  if (candidate.undeliverableAt) return skip('undeliverable');
  return { remind: true };
}

/** Exactly `lengthMs` ago is long enough. */
const isWithin = (lengthMs: number, moment: Date | null, now: Date): boolean =>
  moment !== null && now.getTime() - moment.getTime() < lengthMs;

/** Is a reminder at this run the last one? When no further slot falls before expiry. */
export const isLast = (expiresAt: Date, nextSlot: Date | undefined): boolean =>
  nextSlot === undefined || nextSlot >= expiresAt;
