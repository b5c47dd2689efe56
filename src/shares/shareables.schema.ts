// What the API takes for upload shareables. Contract "Administrator".

import { z } from 'zod';
import { oneLine } from '../http/index.js';
import { duration, emailAddress } from '../platforms/index.js';
import { limitFields } from './limits/limits.schema.js';

const fields = {
  label: oneLine(100),
  notify: z.array(emailAddress).max(50, 'must name at most 50 addresses'),
  askName: z.boolean(),
  askKeywords: z.boolean(),
};

export const createShareable = z
  .strictObject({
    label: fields.label,
    notify: fields.notify.default([]),
    askName: fields.askName.default(true),
    askKeywords: fields.askKeywords.default(true),
    /** Each unlimited unless set. */
    limits: limitFields.default({}),
  })
  .meta({ id: 'CreateShareable' });
export type CreateShareable = z.infer<typeof createShareable>;

export const changeShareable = z
  .strictObject({ ...fields, limits: limitFields })
  .partial()
  .meta({ id: 'ChangeShareable' });
export type ChangeShareable = z.infer<typeof changeShareable>;

export const rotateShareable = z.strictObject({ overlap: duration.default('P7D') }).meta({ id: 'RotateShareable' });
export type RotateShareable = z.infer<typeof rotateShareable>;

export const revokeShareable = z
  .strictObject({ stopRunning: z.boolean().default(false) })
  .meta({ id: 'RevokeShareable' });
export type RevokeShareable = z.infer<typeof revokeShareable>;
