// What counts as having accessed the data. Product rule "Access".

export type AccessMethod = 'page' | 'data-mover' | 'direct' | 'copy';
export type AccessPhase = 'viewed' | 'attempted' | 'requested' | 'started' | 'completed' | 'failed';

/** Phases that there are for each method; of a direct link only the attempt can be known. */
const PHASES: Record<AccessMethod, readonly AccessPhase[]> = {
  page: ['viewed'],
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
