// A moment in the query of an address, as in `?at=`.

import { z } from 'zod';

const FIRST_YEAR = 1970;

/**
 * With the offset that our answers write: `2026-03-01T09:00:00.000+11:00`. A plus that was not written as `%2B` comes as a
 * space, and is taken for the plus that it was.
 */
export const queriedMoment = z
  .string()
  .meta({ format: 'date-time' })
  .transform((text) => text.replace(/ (?=\d\d:\d\d$)/, '+'))
  .pipe(
    z.iso
      .datetime({ offset: true, abort: true, error: 'must be a time with its offset, such as 2026-03-01T09:00:00Z' })
      .refine((text) => Number(text.slice(0, 4)) >= FIRST_YEAR, `must be a time from the year ${FIRST_YEAR} on`),
  );
