// What a Data Mover tells of itself when it tries its connection.

import { z } from 'zod';
import { clientCredential } from '../client-credential.schema.js';

const shortText = z
  .string()
  .max(200, 'must have at most 200 characters')
  .refine((text) => !/\p{Cc}/u.test(text), 'must not hold line breaks or control characters')
  .nullish();

export const openTrial = z
  .strictObject({
    /** What the client's clock says now, to tell it when it is wrong. */
    clientTime: z.iso.datetime({ offset: true, error: 'must be a time as in 2020-08-18T08:20:37Z' }).nullish(),
    client: z.strictObject({ program: shortText, host: shortText, os: shortText }).nullish(),
  })
  .meta({ id: 'OpenTrial' });
export type OpenTrial = z.infer<typeof openTrial>;

export const trialResource = z
  .strictObject({
    id: z.string(),
    mediaflux: clientCredential,
    clientClockSkewSeconds: z.number().nullable().describe('how far the client is ahead; null where it did not tell'),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Trial' });
