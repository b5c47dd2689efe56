// The time that an upload's folder is named after. Servers take those of years with four digits, in every zone.

const FIRST_MS = Date.UTC(1900, 0, 2);
const LAST_MS = Date.UTC(9999, 11, 30);

/** As the server is told it: what the clock of an instrument shows beyond that is taken for the first or the last of these. */
export const youngestFileTime = (milliseconds: number): string =>
  new Date(Math.min(Math.max(milliseconds, FIRST_MS), LAST_MS)).toISOString();
