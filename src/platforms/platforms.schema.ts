// What the API takes and gives for platforms. Contract "Administrator".

import { z } from 'zod';
import { oneLine, shownPage, textFault, typedText } from '../http/index.js';
import { LANGUAGES } from '../language/index.js';
import { parseAddress } from '../persons/index.js';
import { isTimeZone } from '../time/index.js';
import { duration } from './duration.schema.js';
import { folderSuffix } from './folder-suffix.schema.js';
import { hasOnlyPlaceholders, PLACEHOLDER_RULE } from './mail-texts.rules.js';
import { changedReminders, newReminders, shownReminders } from './reminder-policy/reminder-policy.schema.js';

const DEFAULT_DIRECT_LIMIT_BYTES = 20_000_000_000;

export const emailAddress = z
  .string()
  .refine((text) => parseAddress(text) !== undefined, 'must be an e-mail address, such as ada@example.org')
  .transform((text) => parseAddress(text)?.address ?? text);

/** It stands in the Reply-To of every mail. */
const contactAddress = emailAddress.refine(
  (address) => /^[!-~]+$/.test(address.slice(0, address.lastIndexOf('@'))),
  'must have only ASCII letters, digits and signs before the @: it is the Reply-To of mails, and many mail servers take no other',
);

const namespace = typedText()
  .trim()
  .regex(/^(\/[^/]+)+\/?$/, 'must be the full path of a namespace, such as /projects/proj-demo-1128.4.15')
  .refine(
    (path) => !path.split('/').some((part) => part === '.' || part === '..'),
    'must not hold "." or ".." as a part',
  )
  .transform((path) => path.replace(/\/$/, ''));

const methods = z
  .array(z.enum(['data-mover', 'direct', 'copy']))
  .min(1, 'must name at least one method')
  .transform((names) => [...new Set(names)]);

const byLanguage = (text: z.ZodType<string>) => z.union([text, z.partialRecord(z.enum(LANGUAGES), text)]).nullable();

const placeholders = (text: string): boolean => hasOnlyPlaceholders(text);

/** Some lines of text for people. */
const lines = (longest: number) =>
  z
    .string()
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .pipe(
      z
        .string()
        .min(1, 'must not be empty')
        .max(longest, `must have at most ${longest} characters`)
        .superRefine((text, context) => {
          const message = textFault(text.replaceAll('\n', ''), 'one-line');
          if (message !== undefined) context.addIssue({ code: 'custom', message });
        })
        .refine(placeholders, PLACEHOLDER_RULE),
    );

/** Subject, greeting and signature of mails to end users; null: ours. */
export const mailTexts = z
  .strictObject({
    subject: byLanguage(oneLine(200).refine(placeholders, PLACEHOLDER_RULE)),
    greeting: byLanguage(lines(500)),
    signature: byLanguage(lines(1_000)),
  })
  .partial();

const fields = {
  name: oneLine(100),
  namespace,
  timeZone: z.string().refine(isTimeZone, 'must be a zone of the IANA database, such as Australia/Melbourne'),
  linkLifetime: duration,
  methods,
  contact: z.strictObject({ name: oneLine(100), email: contactAddress }),
  folderSuffix,
  language: z.enum(LANGUAGES),
  notifyOnAccess: z.boolean(),
  partialCounts: z.boolean(),
  directLimitBytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** False: a copy takes an identity token of the user's only, and no password. */
  copyPasswords: z.boolean(),
  /** Without progress for so long, the operator of an upload is told, and then it is given up. */
  stallNotice: duration,
  stallLimit: duration,
};

/** Reminders are off until someone asks. */
export const createPlatform = z
  .strictObject({
    ...fields,
    timeZone: fields.timeZone.default('UTC'),
    linkLifetime: fields.linkLifetime.default('P30D'),
    methods: fields.methods.default(['data-mover', 'direct', 'copy']),
    folderSuffix: fields.folderSuffix.default(null),
    language: fields.language.default('en'),
    notifyOnAccess: fields.notifyOnAccess.default(true),
    partialCounts: fields.partialCounts.default(true),
    directLimitBytes: fields.directLimitBytes.default(DEFAULT_DIRECT_LIMIT_BYTES),
    copyPasswords: fields.copyPasswords.default(true),
    stallNotice: fields.stallNotice.default('P1D'),
    stallLimit: fields.stallLimit.default('P7D'),
    mail: mailTexts.default({}),
    reminders: newReminders.prefault({}),
  })
  .meta({ id: 'CreatePlatform' });
export type CreatePlatform = z.infer<typeof createPlatform>;

export const changePlatform = z
  .strictObject({ ...fields, mail: mailTexts, reminders: changedReminders })
  .partial()
  .meta({ id: 'ChangePlatform' });
export type ChangePlatform = z.infer<typeof changePlatform>;

const text = z.string();
const shownText = z.union([text, z.record(text, text)]).nullable();

/** What the API answers: the same fields with nothing left to validate. */
export const platformResource = z
  .object({
    id: text,
    name: text,
    namespace: text,
    timeZone: text,
    linkLifetime: text,
    methods: z.array(text),
    contact: z.object({ name: text, email: text }),
    folderSuffix: text.nullable(),
    language: text,
    notifyOnAccess: z.boolean(),
    partialCounts: z.boolean(),
    directLimitBytes: z.number(),
    copyPasswords: z.boolean(),
    stallNotice: text,
    stallLimit: text,
    mail: z.object({ subject: shownText, greeting: shownText, signature: shownText }),
    reminders: shownReminders,
    reminderPolicyVersion: z.number(),
    createdAt: text,
    updatedAt: text,
    warnings: z.array(text),
  })
  .meta({ id: 'Platform' });

export const platformsPage = shownPage(platformResource).meta({ id: 'Platforms' });
