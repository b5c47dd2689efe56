// Lifetimes are ISO 8601 durations of weeks, days, hours, minutes and seconds. A day is 24 hours; months and
// years have no fixed length and are refused. Contract "Shapes".

const SHAPE = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const SECONDS = [7 * 86_400, 86_400, 3_600, 60, 1];
const LONGEST_SECONDS = 100 * 366 * 86_400;

/** Seconds of an ISO 8601 duration, or undefined when it is none of ours, shorter than 1 s or longer than a century. */
export function durationSeconds(text: string): number | undefined {
  const match = SHAPE.exec(text);
  if (!match || text.endsWith('T')) return undefined;
  const total = SECONDS.reduce((sum, unit, index) => sum + unit * Number(match[index + 1] ?? 0), 0);
  return total >= 1 && total <= LONGEST_SECONDS ? total : undefined;
}

/** Milliseconds of a duration that was validated when it was stored. @throws RangeError it is no duration of ours */
export function durationMs(text: string): number {
  const seconds = durationSeconds(text);
  if (seconds === undefined) throw new RangeError('A stored duration is not of the form that this program writes.');
  return seconds * 1000;
}
