// What the Data Mover sends. Contract "Data Mover, upload".

import { z } from 'zod';
import { parseAddress } from '../persons/index.js';
import { cleanSuffix, emailAddress, oneLine, SUFFIX_RULE } from '../platforms/index.js';
import type { LimitQuestion } from '../shares/index.js';

export const MOST_RECIPIENTS = 50;
export const MOST_KEYWORDS = 50;

/** Addresses that are one person's count once, as they were written first. */
const recipients = z
  .array(emailAddress)
  .min(1, 'must name at least one address')
  .max(1_000, `must name at most ${MOST_RECIPIENTS} addresses`)
  .transform((addresses) => {
    const keys = addresses.map((address) => parseAddress(address)?.key);
    return addresses.filter((_, index) => keys.indexOf(keys[index]) === index);
  })
  .refine((addresses) => addresses.length <= MOST_RECIPIENTS, `must name at most ${MOST_RECIPIENTS} addresses`);

const keywords = z
  .array(oneLine(100))
  .max(MOST_KEYWORDS, `must have at most ${MOST_KEYWORDS} entries`)
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

const shortText = z
  .string()
  .max(200, 'must have at most 200 characters')
  .refine((text) => !/\p{Cc}/u.test(text), 'must not hold line breaks or control characters')
  .nullish();

export const startUpload = z
  .strictObject({
    recipients,
    keywords: keywords.default([]),
    name: suffix.default(null),
    note: note.default(null),
    operator: z.strictObject({ name: oneLine(100).nullish(), email: emailAddress.nullish() }).nullish(),
    youngestFileTime: z.iso.datetime({ offset: true, error: 'must be a time as in 2020-08-18T08:20:37Z' }),
    /** What the client's clock says now, to tell it when it is wrong. */
    clientTime: z.iso.datetime({ offset: true, error: 'must be a time as in 2020-08-18T08:20:37Z' }).nullish(),
    client: z.strictObject({ program: shortText, host: shortText, os: shortText }).nullish(),
  })
  .meta({ id: 'StartUpload' });
export type StartUpload = z.infer<typeof startUpload>;

/** What the limits of the shareable are asked. */
export const limitQuestion = (request: { recipients: readonly string[] }, uploads: 0 | 1): LimitQuestion => ({
  uploads,
  recipients: request.recipients.map((address, index) => ({ address, path: `recipients[${index}]` })),
});

export const changeUpload = z.strictObject({ recipients, keywords, note }).partial().meta({ id: 'ChangeUpload' });
export type ChangeUpload = z.infer<typeof changeUpload>;
