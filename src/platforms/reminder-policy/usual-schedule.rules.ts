// The schedule of a platform that names none: its interval suits the lifetime of the links.

const DAY_MS = 86_400_000;

/**
 * At nine in the morning, a quarter of the lifetime apart, a day at least and a week at most; in between on days of the
 * week that come so often or a day more seldom. Default Q6 of docs/reference/instrument-workflow.md 6.3.
 */
export function usualSchedule(linkLifetimeMs: number): string {
  const days = Math.ceil(linkLifetimeMs / 4 / DAY_MS);
  if (days <= 1) return '0 9 * * *';
  if (days === 2) return '0 9 * * 1,3,5';
  return days < 7 ? '0 9 * * 1,4' : '0 9 * * 1';
}
