// A Mediaflux credential as the API gives it.

import { z } from 'zod';

export const clientCredential = z
  .object({
    url: z.string().describe('base address of the Mediaflux server'),
    namespace: z.string().describe('full path; the token reaches what is in it and nothing else'),
    token: z.string(),
    expiresAt: z.string().describe("ISO 8601 in the platform's zone"),
  })
  .meta({ id: 'MediafluxCredential' });

export const freshCredential = z.object({ mediaflux: clientCredential }).meta({ id: 'FreshCredential' });
export type FreshCredential = z.infer<typeof freshCredential>;
