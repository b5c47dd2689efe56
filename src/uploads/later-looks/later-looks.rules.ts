// When a complete upload is looked at again, what a look finds, and whether that is news. Why: docs/decisions/0023.

export interface Seen {
  /** Files. */
  count: number;
  /** Newest change number. */
  stime: number;
}

/** What differs from the manifest. */
export interface Differences {
  count: number;
  /** Tells one set of differences, contents included, from another; null where there are none. */
  hash: string | null;
}

export type Finding =
  /** Count and newest change number are those that were verified. */
  | 'unchanged'
  /** Something was touched, and every file is as the manifest says. */
  | 'as-verified'
  | 'changed'
  /** The folder is no longer there. */
  | 'gone'
  /** Mediaflux was there and gave no answer, for as long as it was tried. */
  | 'not-seen';

/** Seconds after completion, by the look's number from 1. */
const LOOKS_AFTER_SECONDS = [3_600, 86_400] as const;

/** The first look at an upload, by when it became complete. */
export const FIRST_LOOK = { look: 1, afterSeconds: LOOKS_AFTER_SECONDS[0] };

const dueAt = (completedAt: Date, look: number): Date =>
  new Date(completedAt.getTime() + (LOOKS_AFTER_SECONDS[look - 1] ?? 0) * 1_000);

/** Which look one at `now` is: of those that are due the last, where earlier ones could not be made in their time. */
export function lookAt(completedAt: Date, planned: number, now: Date): number {
  const due = LOOKS_AFTER_SECONDS.filter((_, index) => dueAt(completedAt, index + 1) <= now).length;
  return Math.max(planned, due);
}

/** The look after the one that was made; undefined after the last, and where nothing is left to look at. */
export function lookAfter(
  completedAt: Date,
  made: number,
  finding: Finding,
): { look: number; dueAt: Date } | undefined {
  if (finding === 'gone' || made >= LOOKS_AFTER_SECONDS.length) return undefined;
  return { look: made + 1, dueAt: dueAt(completedAt, made + 1) };
}

/** Is everything as it was at the end of verification, so that no file has to be compared? */
export const isUnchanged = (verified: Seen, seen: Seen): boolean =>
  seen.count === verified.count && seen.stime === verified.stime;

/** Operators are told of each set of differences once. @param former what the look before found, if there was one */
export function isNews(
  former: { finding: Finding; hash: string | null } | undefined,
  finding: Finding,
  { hash }: Pick<Differences, 'hash'>,
): boolean {
  return finding === 'changed' && !(former?.finding === 'changed' && former.hash === hash);
}

const LONGEST_PAUSE_SECONDS = 3_600;
const AWAY_PAUSE_SECONDS = 10;
const GIVEN_UP_AFTER_SECONDS = 7 * 86_400;

/**
 * When a look that could not be made is tried again.
 * @param failures before this one, those while Mediaflux was away left out
 */
export const pauseSeconds = (isAway: boolean, failures: number): number =>
  isAway ? AWAY_PAUSE_SECONDS : Math.min(LONGEST_PAUSE_SECONDS, 60 * 2 ** Math.min(failures, 20));

/**
 * A look waits for a Mediaflux that is away for as long as it takes; one that Mediaflux refuses is given up after as many
 * tries as a week has. By the tries and not by the clock: in a week without this service or Mediaflux nothing was refused.
 * @param failures as for `pauseSeconds`
 */
export function isGivenUp(isAway: boolean, failures: number): boolean {
  if (isAway) return false;
  let seconds = 0;
  for (let failure = 0; failure < failures && seconds < GIVEN_UP_AFTER_SECONDS; failure += 1)
    seconds += pauseSeconds(false, failure);
  return seconds >= GIVEN_UP_AFTER_SECONDS;
}
