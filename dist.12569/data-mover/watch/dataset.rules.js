// When a dataset is finished, and when one that failed is tried again.
const LONGEST_PAUSE_MS = 3_600_000;
/** A share that is not mounted shows an empty folder: what was in it is not forgotten. */ const KEPT_ABSENT_MS = 90 * 86_400_000;
export const newRecord = (look, now)=>({
        state: 'changing',
        look,
        unchangedSince: now,
        attempts: 0,
        nextTryAt: 0
    });
/** The record after a look at the folder. */ export function looked(record, look, now) {
    if (record.look === look) return record;
    return {
        ...record,
        look,
        unchangedSince: now,
        ...record.state === 'waiting' ? {
            state: 'changing'
        } : {}
    };
}
/** The record after a look at the watched folder that did not show it; undefined: it is forgotten. */ export function absent(record, now) {
    if (record.absentSince === undefined) return {
        ...record,
        absentSince: now
    };
    return now - record.absentSince < KEPT_ABSENT_MS ? record : undefined;
}
/**
 * Is the folder of an uploaded dataset's name that dataset? Undefined: only a look at what is in it can tell.
 * Numbers of files are used again when a folder is removed, which is why an identity holds when it was made too.
 */ export function isThatDataset(record, identity) {
    if (record.identity !== undefined && identity !== undefined) return record.identity === identity || undefined;
    return record.absentSince === undefined || undefined;
}
export function isFinished(record, hasReadyFile, finish, now) {
    return finish.readyFile === undefined ? now - record.unchangedSince >= finish.readyAfterMs : hasReadyFile;
}
/** @param firstPauseMs doubled from try to try, up to an hour */ export function failed(record, message, firstPauseMs, now) {
    const pause = Math.min(firstPauseMs * 2 ** Math.min(record.attempts, 20), Math.max(LONGEST_PAUSE_MS, firstPauseMs));
    return {
        ...record,
        state: 'failed',
        attempts: record.attempts + 1,
        nextTryAt: now + pause,
        message
    };
}

//# sourceMappingURL=dataset.rules.js.map
