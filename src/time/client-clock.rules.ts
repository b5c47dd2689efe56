// Clocks of clients. Wrong ones are recorded and warned about, never used for lifetimes (product "Trouble").

const WARNED_SKEW_SECONDS = 300;

/** The client's own time: as its request says, or else the `Date` header. */
export function clientTimeOf(told: string | null | undefined, dateHeader: string | undefined): Date | undefined {
  const text = told ?? dateHeader;
  const time = text === undefined ? undefined : new Date(text);
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time;
}

/** How far the client's clock is ahead of the server's, in whole seconds; null when it did not tell its time. */
export function clockSkewSeconds(clientTime: Date | undefined, now: Date): number | null {
  return clientTime === undefined ? null : Math.round((clientTime.getTime() - now.getTime()) / 1_000);
}

/** What the person at a client whose clock is off is told. */
export function clockWarning(skewSeconds: number | null): string | undefined {
  if (skewSeconds === null || Math.abs(skewSeconds) < WARNED_SKEW_SECONDS) return undefined;
  return `The clock of this computer is ${spoken(Math.abs(skewSeconds))} ${skewSeconds > 0 ? 'ahead of' : 'behind'} the server's. Please set it: file times, and with them the names of folders, come from it.`;
}

function spoken(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
