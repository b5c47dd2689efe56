// Why a copy ends without being done, in words that a person can act on.

import { type Sentence, sentence, wordsFor } from '../../language/index.js';
import { isMediafluxError, type MediafluxError, type UserSession } from '../../mediaflux/index.js';

/** The copy ends with this reason. */
export class CopyRefused extends Error {
  constructor(readonly sentence: Sentence) {
    super(wordsFor('en').tell(sentence));
  }
}

/** Mediaflux refused what was asked with the user's own authority; what the service asked is not meant. */
export class RefusedToUser extends Error {
  constructor(override readonly cause: MediafluxError) {
    super(cause.message, { cause });
  }
}

/** Something done with the user's authority. @throws RefusedToUser */
export const asUser = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw isMediafluxError(error) ? new RefusedToUser(error) : error;
  });

/** So often Mediaflux may fail to explain itself before the copy ends. */
const MOST_FAILURES = 5;

export type CopyEnd =
  /** For good, as far as the present logon goes. */
  | { ends: true; because: Sentence }
  /** It is tried again; `counts` where Mediaflux itself refused without a reason that is known. */
  | { ends: false; counts: boolean };

/** @param failures that were counted before this one */
export function decideEnd(error: unknown, session: Pick<UserSession, 'isRefused'>, failures: number): CopyEnd {
  if (error instanceof CopyRefused) return { ends: true, because: error.sentence };
  if (!(error instanceof RefusedToUser)) return { ends: false, counts: false };
  const { kind, message } = error.cause;
  switch (kind) {
    case 'not-permitted':
    case 'not-found':
      return { ends: true, because: sentence('copyTrouble.notPermitted') };
    case 'store-full':
      return { ends: true, because: sentence('copyTrouble.quota') };
    case 'invalid-arguments':
      return { ends: true, because: sentence('copyTrouble.name') };
    case 'unreachable':
    case 'busy':
    case 'session-expired':
      return { ends: false, counts: false };
    case 'not-authenticated':
      if (session.isRefused) return { ends: true, because: sentence('copyTrouble.loggedOff') };
  }
  return failures + 1 < MOST_FAILURES
    ? { ends: false, counts: true }
    : { ends: true, because: sentence('copyTrouble.unexplained', { detail: message }) };
}

/** With the link, or with what it leads to, these ended: no logon helps. */
const FOR_GOOD: readonly string[] = ['copyTrouble.ended', 'copyTrouble.expired', 'copyTrouble.changed'];

/** Does a copy that failed for this reason go on after a new logon? */
export const isResumable = (because: unknown): boolean =>
  !FOR_GOOD.includes(String((because as { key?: unknown } | null)?.key));
