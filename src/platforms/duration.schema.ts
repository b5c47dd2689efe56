// A duration in what the API takes. Contract "Shapes".

import { z } from 'zod';
import { durationSeconds } from '../time/index.js';

export const duration = z
  .string()
  .refine(
    (text) => durationSeconds(text) !== undefined,
    'must be an ISO 8601 duration of weeks, days, hours, minutes and seconds of at least one second, such as P30D',
  );
