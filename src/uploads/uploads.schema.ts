// What the Data Mover sends. Contract "Data Mover, upload".

import { z } from 'zod';
import { parseAddress } from '../persons/index.js';
import { cleanSuffix, emailAddress, oneLine, SUFFIX_RULE } from '../platforms/index.js';

const recipients = z
  .array(emailAddress)
  .min(1, 'must name at least one address')
  .max(50, 'must name at most 50 addresses')
  .transform((addresses) => [...new Map(addresses.map((address) => [parseAddress(address)?.key, address])).values()]);

const keywords = z
  .array(oneLine(100))
  .max(50, 'must have at most 50 entries')
  .transform((words) => [...new Set(words)]);

const note = z
  .string()
  .max(2_000, 'must have at most 2000 characters')
  // eslint-disable-next-line no-control-regex -- line breaks and tabs are what a note may hold of these
  .refine((text) => !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text), 'must not hold control characters')
  .nullable();

const suffix = z
  .string()
  .transform((text, context) => {
    const cleaned = cleanSuffix(text);
    if ('suffix' in cleaned) return cleaned.suffix;
    context.addIssue({ code: 'custom', message: SUFFIX_RULE });
    return z.NEVER;
  })
  .nullable();

const shortText = z.string().max(200, 'must have at most 200 characters').nullish();

export const startUpload = z
  .strictObject({
    recipients,
    keywords: keywords.default([]),
    name: suffix.default(null),
    note: note.default(null),
    operator: z.strictObject({ name: oneLine(100).nullish(), email: emailAddress.nullish() }).nullish(),
    youngestFileTime: z.iso.datetime({ offset: true, error: 'must be a time as in 2020-08-18T08:20:37Z' }),
    client: z.strictObject({ program: shortText, host: shortText, os: shortText }).nullish(),
  })
  .meta({ id: 'StartUpload' });
export type StartUpload = z.infer<typeof startUpload>;

export const changeUpload = z.strictObject({ recipients, keywords, note }).partial().meta({ id: 'ChangeUpload' });
export type ChangeUpload = z.infer<typeof changeUpload>;
