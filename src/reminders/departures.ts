// When a reminder may go that is due: after quiet hours and closed days, but before its links end. Product rule
// "Reminders" 12.

import type { Platform } from '../platforms/index.js';
import { departures } from '../schedule/index.js';

/** The moments to choose from, the best first; the last is `now`. */
export const departuresOf = (platform: Platform, now: Date): Date[] =>
  departures(now, platform.reminders, platform.timeZone);

/** When a mail that is due at `now` goes. @param expiresAt the end of the links; of several the first */
export const departureOf = (platform: Platform, now: Date, expiresAt: Date): Date =>
  departuresOf(platform, now).find((departure) => departure < expiresAt) ?? now;
