// What looks wrong about an upload that may start all the same.

import { clockWarning } from '../../time/index.js';

export function startWarnings(facts: { youngestFileAt: Date; skewSeconds: number | null; now: Date }): string[] {
  const warnings: string[] = [];
  if (facts.youngestFileAt > facts.now)
    warnings.push('The youngest file has a time in the future; is the clock of the instrument right?');
  const ofClock = clockWarning(facts.skewSeconds);
  if (ofClock !== undefined) warnings.push(ofClock);
  return warnings;
}
