// What the Data Mover sends. Contract "Data Mover, upload".

import { z } from 'zod';
import { oneLine, typedText } from '../http/index.js';
import { parseAddress } from '../persons/index.js';
import { emailAddress, folderSuffix } from '../platforms/index.js';
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

const note = typedText('lines').max(2_000, 'must have at most 2000 characters').nullable();

const shortText = typedText().max(200, 'must have at most 200 characters').nullish();

const TIME = 'must be a time as in 2020-08-18T08:20:37Z';
/** Years of four digits in every zone, so that the folder's name reads as one date. */
const EARLIEST_FILE_MS = Date.UTC(1900, 0, 1);
const LATEST_FILE_MS = Date.UTC(9999, 11, 31);

const youngestFileTime = z.iso.datetime({ offset: true, error: TIME }).refine((text) => {
  const time = Date.parse(text);
  // What is no time at all has been told already.
  return !(time < EARLIEST_FILE_MS || time >= LATEST_FILE_MS);
}, 'must be between the years 1900 and 9999, for the folder is named after it');

export const startUpload = z
  .strictObject({
    recipients,
    keywords: keywords.default([]),
    name: folderSuffix.default(null),
    note: note.default(null),
    operator: z.strictObject({ name: oneLine(100).nullish(), email: emailAddress.nullish() }).nullish(),
    youngestFileTime,
    /** What the client's clock says now, to tell it when it is wrong. */
    clientTime: z.iso.datetime({ offset: true, error: TIME }).nullish(),
    client: z.strictObject({ program: shortText, host: shortText, os: shortText }).nullish(),
  })
  .meta({ id: 'StartUpload' });
export type StartUpload = z.infer<typeof startUpload>;

/** What the limits of the shareable are asked. */
export const limitQuestion = (request: { recipients: readonly string[] }, uploads: 0 | 1): LimitQuestion => ({
  uploads,
  recipients: request.recipients.map((address, index) => ({ address, path: `recipients[${index}]` })),
});

/** The same of a request that is not right: of those of its recipients that are addresses. */
export function questionOfParts(body: unknown): LimitQuestion {
  const given = (body as { recipients?: unknown } | null)?.recipients;
  const named = Array.isArray(given) ? given.slice(0, 1_000) : [];
  const keys = new Set<string>();
  return {
    uploads: 1,
    recipients: named.flatMap((text, index) => {
      const parsed = typeof text === 'string' ? parseAddress(text) : undefined;
      if (!parsed || keys.has(parsed.key)) return [];
      keys.add(parsed.key);
      return [{ address: parsed.address, path: `recipients[${index}]` }];
    }),
  };
}

export const changeUpload = z.strictObject({ recipients, keywords, note }).partial().meta({ id: 'ChangeUpload' });
export type ChangeUpload = z.infer<typeof changeUpload>;

export const renewCredential = z
  .strictObject({
    /** By this run of the client: a figure that has changed is progress, also inside a file that takes days. */
    sentBytes: z
      .number()
      .int('must be a whole number')
      .min(0, 'must be at least 0')
      .max(Number.MAX_SAFE_INTEGER, 'must be below 2^53'),
  })
  .partial()
  .meta({ id: 'RenewCredential' })
  .nullish();
export type RenewCredential = z.infer<typeof renewCredential>;
