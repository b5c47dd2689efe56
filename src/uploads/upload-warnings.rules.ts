// What looks wrong about an upload that may start all the same. Wrong clocks are recorded and warned about, never used
// for lifetimes (product "Trouble").

const WARNED_SKEW_SECONDS = 300;

/** How far the client's clock is ahead of the server's, in whole seconds; null when it did not tell its time. */
export function clockSkewSeconds(clientTime: Date | undefined, now: Date): number | null {
  return clientTime === undefined ? null : Math.round((clientTime.getTime() - now.getTime()) / 1_000);
}

export function startWarnings(facts: { youngestFileAt: Date; skewSeconds: number | null; now: Date }): string[] {
  const warnings: string[] = [];
  if (facts.youngestFileAt > facts.now)
    warnings.push('The youngest file has a time in the future; is the clock of the instrument right?');
  if (facts.skewSeconds !== null && Math.abs(facts.skewSeconds) >= WARNED_SKEW_SECONDS)
    warnings.push(
      `The clock of this computer is ${spoken(Math.abs(facts.skewSeconds))} ${facts.skewSeconds > 0 ? 'ahead of' : 'behind'} the server's. Please set it: file times, and with them the names of folders, come from it.`,
    );
  return warnings;
}

function spoken(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
