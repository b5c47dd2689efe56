// What the API takes for upload shareables. Contract "Administrator".

import { z } from 'zod';
import { duration, emailAddress, oneLine } from '../platforms/index.js';

export const createShareable = z
  .strictObject({
    label: oneLine(100),
    notify: z.array(emailAddress).max(50).default([]),
    askName: z.boolean().default(true),
    askKeywords: z.boolean().default(true),
  })
  .meta({ id: 'CreateShareable' });
export type CreateShareable = z.infer<typeof createShareable>;

export const rotateShareable = z.strictObject({ overlap: duration.default('P7D') }).meta({ id: 'RotateShareable' });
export type RotateShareable = z.infer<typeof rotateShareable>;

export const revokeShareable = z
  .strictObject({ stopRunning: z.boolean().default(false) })
  .meta({ id: 'RevokeShareable' });
export type RevokeShareable = z.infer<typeof revokeShareable>;
