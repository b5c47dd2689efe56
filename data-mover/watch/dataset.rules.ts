// When a dataset is finished, and when one that failed is tried again.

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
  attempts: number;
  nextTryAt: number;
  /** What a person should know of it. */
  message?: string | undefined;
  /** Its name in Mediaflux, and when it was there. */
  folder?: string;
  uploadedAt?: number;
  /** By which the folder is known again, where the file system tells such a thing. */
  identity?: string | undefined;
  /** Since when it is not in the watched folder. */
  absentSince?: number | undefined;
}

const LONGEST_PAUSE_MS = 3_600_000;
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
  if (record.look === look) return record;
  return { ...record, look, unchangedSince: now, ...(record.state === 'waiting' ? { state: 'changing' } : {}) };
}

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

/** @param firstPauseMs doubled from try to try, up to an hour */
export function failed(record: DatasetRecord, message: string, firstPauseMs: number, now: number): DatasetRecord {
  const pause = Math.min(firstPauseMs * 2 ** Math.min(record.attempts, 20), Math.max(LONGEST_PAUSE_MS, firstPauseMs));
  return { ...record, state: 'failed', attempts: record.attempts + 1, nextTryAt: now + pause, message };
}
