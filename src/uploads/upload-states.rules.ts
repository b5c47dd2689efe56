// The life of an upload as one table: from each state, what each event leads to. An event that is not in the row of
// the state is refused; one that leads where the upload is already changes nothing.

export type UploadState = 'open' | 'verifying' | 'mismatch' | 'complete' | 'abandoned';
export type UploadEvent = 'client-completed' | 'found-different' | 'verified' | 'given-up' | 'taken-up-again';

const TRANSITIONS: Record<UploadState, Partial<Record<UploadEvent, UploadState>>> = {
  open: { 'client-completed': 'verifying', 'given-up': 'abandoned', 'taken-up-again': 'open' },
  verifying: {
    'client-completed': 'verifying',
    'found-different': 'mismatch',
    verified: 'complete',
    'given-up': 'abandoned',
  },
  mismatch: { 'client-completed': 'verifying', 'given-up': 'abandoned', 'taken-up-again': 'mismatch' },
  complete: { 'client-completed': 'complete', verified: 'complete' },
  abandoned: { 'given-up': 'abandoned', 'taken-up-again': 'open' },
};

/** Where `event` leads from `state`; undefined where it is not possible. */
export const nextState = (state: UploadState, event: UploadEvent): UploadState | undefined => TRANSITIONS[state][event];

/** States in which `event` is possible: the guard of the statement that makes the change. */
export const statesAllowing = (event: UploadEvent): UploadState[] =>
  (Object.keys(TRANSITIONS) as UploadState[]).filter((state) => TRANSITIONS[state][event] !== undefined);
