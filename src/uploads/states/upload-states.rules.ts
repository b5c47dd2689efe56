// The life of an upload as one table: from each state, what each event leads to. An event that is not in the row of
// the state is refused; one that leads where the upload is already changes nothing but the clock of its stalls.

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
  mismatch: {
    'client-completed': 'verifying',
    'found-different': 'mismatch',
    'given-up': 'abandoned',
    'taken-up-again': 'mismatch',
  },
  complete: { 'client-completed': 'complete', verified: 'complete' },
  abandoned: { 'given-up': 'abandoned', 'taken-up-again': 'open' },
};

/** From which states `event` leads where: the guard and the effect of the statement that makes the change. */
export const transitionsOf = (event: UploadEvent): { from: UploadState; to: UploadState }[] =>
  (Object.keys(TRANSITIONS) as UploadState[]).flatMap((from) => {
    const to = TRANSITIONS[from][event];
    return to === undefined ? [] : [{ from, to }];
  });
