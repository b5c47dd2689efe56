// What counts as having accessed the data, and whose requests do not. Product rule "Access".

import type { ClientProgram } from './clients/client-programs.rules.js';

export type AccessMethod = 'page' | 'data-mover' | 'direct' | 'copy';
export type Statement = 'done' | 'undone' | 'opted-out' | 'opted-in' | 'not-received' | 'received' | 'more-time';
export type AccessPhase = 'viewed' | Statement | 'attempted' | 'requested' | 'started' | 'completed' | 'failed';

/** Phases that there are for each method; of a direct link only the attempt can be known. */
const PHASES: Record<AccessMethod, readonly AccessPhase[]> = {
  page: ['viewed', 'done', 'undone', 'opted-out', 'opted-in', 'not-received', 'received', 'more-time'],
  direct: ['attempted'],
  'data-mover': ['started', 'completed', 'failed'],
  copy: ['requested', 'completed', 'failed'],
};

export const isPhaseOf = (method: AccessMethod, phase: AccessPhase): boolean => PHASES[method].includes(phase);

/**
 * Does this event count, so that reminders stop?
 * @param isWhole of a Data Mover download: everything was fetched
 * @param partialCounts the platform's setting: does a part that the end user chose count?
 */
export function isCounting(
  method: AccessMethod,
  phase: AccessPhase,
  isWhole: boolean,
  partialCounts: boolean,
): boolean {
  switch (method) {
    case 'page':
      return false;
    case 'direct':
      return phase === 'attempted';
    case 'copy':
      return phase === 'completed';
    case 'data-mover':
      return phase === 'completed' && (isWhole || partialCounts);
  }
}

const SECOND_MS = 1_000;
/** Who followed the hidden link is taken for a scanner for so long afterwards, */
const SCANNER_FOR_MS = 3_600 * SECOND_MS;
/** and what it did just before, as scanners open all at once, is taken back. */
export const WITHDRAWN_MS = 120 * SECOND_MS;
const HEAD_WITHIN_MS = 60 * SECOND_MS;
const MAIL_WITHIN_MS = 30 * SECOND_MS;
/** Links opened within this time are opened together. */
export const TOGETHER_MS = 60 * SECOND_MS;
const MANY_LINKS = 5;
/** How far back a client's history matters. */
export const REMEMBERED_MS = SCANNER_FOR_MS;

export type Doubt =
  /** The same client sent a HEAD for this link just before. */
  | 'head-just-before'
  | 'soon-after-mail'
  | 'many-links-together'
  /** The same client followed the hidden link of another delivery. */
  | 'scanner-on-another-link'
  /** The program says itself that it is one that looks at links. */
  | 'calls-itself-scanner';

/** A client is the same where its address and what its program calls itself are the same. */
export interface ClientHistory {
  program: ClientProgram;
  /** When it last followed the hidden link on this delivery's page. */
  hiddenLinkFollowedAt: Date | null;
  hiddenLinkFollowedElsewhereAt: Date | null;
  /** When it last sent a HEAD for this link. */
  headAt: Date | null;
  /** Deliveries whose links it used within `TOGETHER_MS`, this one included. */
  linksTogether: number;
  /** When the delivery's mail was handed over. */
  handedOverAt: Date | null;
}

/** Of one client that was recorded under several keys: what it did last under any. */
export function oneHistory(histories: readonly ClientHistory[]): ClientHistory {
  const [first] = histories;
  if (!first) throw new Error('There is no history to judge by.');
  const last = (of: (history: ClientHistory) => Date | null): Date | null =>
    histories.map(of).reduce((latest, at) => (at && (!latest || at > latest) ? at : latest), null);
  return {
    ...first,
    hiddenLinkFollowedAt: last((history) => history.hiddenLinkFollowedAt),
    hiddenLinkFollowedElsewhereAt: last((history) => history.hiddenLinkFollowedElsewhereAt),
    headAt: last((history) => history.headAt),
    linksTogether: Math.max(...histories.map(({ linksTogether }) => linksTogether)),
  };
}

export interface ClientJudgement {
  /** Proven: what it POSTs is kept and does not count. */
  isScanner: boolean;
  /** Weaker: recorded and shown; it counts. */
  doubts: Doubt[];
}

/**
 * Is the client of a POST a scanner? The proof is that the same client followed the hidden link of this very delivery
 * within the hour. One address stands for a whole campus, and a mail gateway calls itself what a browser does: so the
 * hidden link of another delivery is a doubt and no proof.
 */
export function judgeClient(history: ClientHistory, now: Date): ClientJudgement {
  const isWithin = (at: Date | null, ms: number): boolean =>
    at !== null && now.getTime() - at.getTime() >= 0 && now.getTime() - at.getTime() < ms;
  const doubts: [Doubt, boolean][] = [
    ['head-just-before', isWithin(history.headAt, HEAD_WITHIN_MS)],
    ['soon-after-mail', isWithin(history.handedOverAt, MAIL_WITHIN_MS)],
    ['many-links-together', history.linksTogether >= MANY_LINKS],
    ['scanner-on-another-link', isWithin(history.hiddenLinkFollowedElsewhereAt, SCANNER_FOR_MS)],
    ['calls-itself-scanner', history.program === 'mail-scanner'],
  ];
  return {
    // Also where it followed the link a moment after this request began, and was recorded first.
    isScanner:
      history.hiddenLinkFollowedAt !== null && now.getTime() - history.hiddenLinkFollowedAt.getTime() < SCANNER_FOR_MS,
    doubts: doubts.filter(([, holds]) => holds).map(([doubt]) => doubt),
  };
}
