// What the API answers when it does not do what was asked: RFC 9457. Contract "Shapes".

import { z } from 'zod';
import type { FieldFault } from './app-error.js';

export const problem = z.object({
  type: z.string().describe('`urn:instrument-dispatch:problem:` and a stable code.'),
  title: z.string(),
  status: z.number(),
  detail: z.string().describe('For the person who reads it.'),
  errors: z
    .array(
      z.object({
        path: z.string().describe('The field at fault, or the line of a manifest.'),
        message: z.string(),
        passes: z.boolean().optional().describe('Of `POST /api/v1/uploads/check`: what would be allowed later.'),
      }),
    )
    .optional(),
  requestId: z.string().optional().describe('Of an internal error; the administrators find it by this.'),
});
export type Problem = Omit<z.infer<typeof problem>, 'errors'> & { errors?: readonly FieldFault[] };
