// When a dataset is finished, and when one that failed is tried again.

import type { Selection } from '../journal/uploads/selection.rules.js';

export interface Finish {
  /** It is finished when a file of this name is in it … */
  readyFile?: string | undefined;
  /** … or when nothing in it has changed for so long. */
  readyAfterMs: number;
}

export interface DatasetRecord {
  state: 'changing' | 'waiting' | 'uploading' | 'uploaded' | 'failed';
  /** The same as long as nothing in it changes. */
  look: string;
  unchangedSince: number;
  /** Failures so far. */
  attempts: number;
  nextTryAt: number;
  /** Tries in a row in which a server was waited for in vain; nothing is wrong with the dataset itself. */
  vainTries?: number | undefined;
  /** What a person should know of it. */
  message?: string | undefined;
  /** Its name in Mediaflux, and when it was there. */
  folder?: string;
  uploadedAt?: number;
  /** By which the folder is known again, where the file system tells such a thing. */
  identity?: string | undefined;
  /** Since when it is not in the watched folder. */
  absentSince?: number | undefined;
  /** Fingerprint of what was uploaded … */
  sentTree?: string | undefined;
  /** What of the folder that was. */
  sentSelection?: Selection;
  /** … since when it has another one, so that something in it is not in Mediaflux … */
  changedAt?: number | undefined;
  /** … and when it is looked at again. */
  lookAgainAt?: number | undefined;
}

/** Of an uploaded dataset that has changed, for people. */
export const NOT_SENT =
  'what is new in it is not in Mediaflux; put that into a folder of its own, or upload the whole once more with data-mover upload --again';

const LONGEST_PAUSE_MS = 3_600_000;
/** A server that is back is noticed the sooner. */
const LONGEST_PAUSE_OF_WAITING_MS = 300_000;
const SHORTEST_BETWEEN_LOOKS_MS = 1_000;
const LONGEST_BETWEEN_LOOKS_MS = 86_400_000;
/** What a clock is put right by in passing; more than that was set. */
const LEAST_SET_MS = 5_000;
/** A share that is not mounted shows an empty folder: what was in it is not forgotten. */
const KEPT_ABSENT_MS = 90 * 86_400_000;

export const newRecord = (look: string, now: number): DatasetRecord => ({
  state: 'changing',
  look,
  unchangedSince: now,
  attempts: 0,
  nextTryAt: 0,
});

/** The record after a look at the folder. */
export function looked(record: DatasetRecord, look: string, now: number): DatasetRecord {
  // A time to come is of a clock that was wrong.
  if (record.look === look && record.unchangedSince <= now) return record;
  return { ...record, look, unchangedSince: now, ...(record.state === 'waiting' ? { state: 'changing' } : {}) };
}

/** Times that were noted, as the clock tells them after it was set by so much. */
export function afterClockSet(record: DatasetRecord, byMs: number): DatasetRecord {
  const moved = (at: number | undefined): number | undefined => at && at + byMs;
  return {
    ...record,
    unchangedSince: record.unchangedSince + byMs,
    nextTryAt: moved(record.nextTryAt) ?? 0,
    absentSince: moved(record.absentSince),
    lookAgainAt: moved(record.lookAgainAt),
  };
}

/** The time of day, and one that no clock that is set changes. */
export interface Clocks {
  now: number;
  steady: number;
}

/** By how much the clock was set between the two; a computer that slept counts as one whose clock was set. */
export function clockSetBy(before: Clocks, after: Clocks): number {
  const by = after.now - before.now - (after.steady - before.steady);
  return Math.abs(by) < LEAST_SET_MS ? 0 : by;
}

/**
 * The record of an uploaded dataset after another look at it: as it is looked at less and less often.
 * @param tree its fingerprint now
 */
export function lookedAfterwards(record: DatasetRecord, tree: string, now: number): DatasetRecord {
  const since = now - (record.uploadedAt ?? now);
  const pause = Math.min(Math.max(since, SHORTEST_BETWEEN_LOOKS_MS), LONGEST_BETWEEN_LOOKS_MS);
  const changedAt = tree === record.sentTree ? undefined : (record.changedAt ?? now);
  return { ...record, changedAt, lookAgainAt: now + pause };
}

export const isToBeLookedAtAgain = ({ sentTree, lookAgainAt = 0 }: DatasetRecord, now: number): boolean =>
  sentTree !== undefined && (now >= lookAgainAt || lookAgainAt - now > LONGEST_BETWEEN_LOOKS_MS);

/** The record after a look at the watched folder that did not show it; undefined: it is forgotten. */
export function absent(record: DatasetRecord, now: number): DatasetRecord | undefined {
  if (record.absentSince === undefined) return { ...record, absentSince: now };
  return now - record.absentSince < KEPT_ABSENT_MS ? record : undefined;
}

/**
 * Is the folder of an uploaded dataset's name that dataset? Undefined: only a look at what is in it can tell.
 * Numbers of files are used again when a folder is removed, which is why an identity holds when it was made too.
 */
export function isThatDataset(record: DatasetRecord, identity: string | undefined): true | undefined {
  if (record.identity !== undefined && identity !== undefined) return record.identity === identity || undefined;
  return record.absentSince === undefined || undefined;
}

export function isFinished(record: DatasetRecord, hasReadyFile: boolean, finish: Finish, now: number): boolean {
  return finish.readyFile === undefined ? now - record.unchangedSince >= finish.readyAfterMs : hasReadyFile;
}

/** A server was waited for in vain. */
export const isHeldUp = (record: DatasetRecord | undefined): boolean => (record?.vainTries ?? 0) > 0;

/**
 * Names in the order of their turns: those that were held up come after the others, and the one whose turn is longest due
 * before them, so that none keeps another from being uploaded.
 */
export function inTurn(names: readonly string[], datasets: ReadonlyMap<string, DatasetRecord>): string[] {
  const dueAt = (name: string): number => datasets.get(name)?.nextTryAt ?? 0;
  const heldUp = names.filter((name) => isHeldUp(datasets.get(name)));
  return [
    ...names.filter((name) => !isHeldUp(datasets.get(name))),
    ...heldUp.sort((left, right) => dueAt(left) - dueAt(right)),
  ];
}

/** Does it have to wait for its next try? Not where it is other than it was then. */
export const isPausing = (record: DatasetRecord, firstPauseMs: number, now: number): boolean =>
  (record.state === 'failed' || (record.state === 'waiting' && isHeldUp(record))) &&
  !isToBeTried(record, firstPauseMs, now);

/** Of one that failed, or was held up. A pause longer than any is of a clock that was wrong. */
export const isToBeTried = (record: DatasetRecord, firstPauseMs: number, now: number): boolean =>
  now >= record.nextTryAt || record.nextTryAt - now > Math.max(LONGEST_PAUSE_MS, firstPauseMs);

/** @param firstPauseMs doubled from try to try, up to an hour */
export function failed(record: DatasetRecord, message: string, firstPauseMs: number, now: number): DatasetRecord {
  const nextTryAt = now + pauseAfter(record.attempts, firstPauseMs, LONGEST_PAUSE_MS);
  return { ...record, state: 'failed', attempts: record.attempts + 1, vainTries: undefined, nextTryAt, message };
}

/** @param firstPauseMs doubled from try to try, up to five minutes */
export function heldUp(record: DatasetRecord, message: string, firstPauseMs: number, now: number): DatasetRecord {
  const { vainTries = 0 } = record;
  const nextTryAt = now + pauseAfter(vainTries, firstPauseMs, LONGEST_PAUSE_OF_WAITING_MS);
  return { ...record, state: 'waiting', vainTries: vainTries + 1, nextTryAt, message };
}

const pauseAfter = (tries: number, firstMs: number, longestMs: number): number =>
  Math.min(firstMs * 2 ** Math.min(tries, 20), Math.max(longestMs, firstMs));

/** Another was uploaded: whoever was waited for is there, it seems. */
export const dueAtOnce = (record: DatasetRecord): DatasetRecord =>
  isHeldUp(record) ? { ...record, nextTryAt: 0 } : record;
