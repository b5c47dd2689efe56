// What is answered to those who ask whether the program is well. Contract "Operations".

import { z } from 'zod';

export const live = z.object({ status: z.literal('live') }).meta({ id: 'Live' });

const part = z.object({
  ready: z.boolean(),
  detail: z.string().optional(),
  tokenDaysLeft: z
    .number()
    .optional()
    .describe("Mediaflux: whole days until the service's own token ends, where it has an end that is told."),
  breaker: z
    .enum(['open', 'closed'])
    .optional()
    .describe('Mediaflux: `open` while calls fail at once, without a try, as after a refused logon.'),
});

export const readinessAnswer = z
  .object({ status: z.enum(['ready', 'not ready']), parts: z.record(z.string(), part) })
  .meta({ id: 'Readiness' });
