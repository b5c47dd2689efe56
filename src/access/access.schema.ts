// What end users' programs and pages send. Contract "End user".

import { z } from 'zod';
import { typedText } from '../http/index.js';

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const downloadProgress = z.strictObject({ files: count, bytes: count }).meta({ id: 'DownloadProgress' });
export type DownloadProgress = z.infer<typeof downloadProgress>;

const paths = z.array(typedText('lines').max(4_096)).min(1).max(100_000);

/** More than one completion can carry; those that the completion names are added to them. */
export const fetchedFiles = z.strictObject({ paths }).meta({ id: 'FetchedFiles' });
export type FetchedFiles = z.infer<typeof fetchedFiles>;

export const completeDownload = z
  .discriminatedUnion('whole', [
    z.strictObject({ whole: z.literal(true), files: count, bytes: count }),
    z.strictObject({ whole: z.literal(false), paths }),
  ])
  .meta({ id: 'CompleteDownload' });
export type CompleteDownload = z.infer<typeof completeDownload>;

export const failDownload = z.strictObject({ reason: typedText('lines').max(500) }).meta({ id: 'FailDownload' });
export type FailDownload = z.infer<typeof failDownload>;

export const copyDestination = typedText()
  .trim()
  .regex(/^(\/[^/]+)+\/?$/, 'must be the full path of a namespace, such as /projects/proj-mine-1128.4.20/data')
  .refine(
    (path) => !path.split('/').some((part) => part === '.' || part === '..'),
    'must not hold "." or ".." as a part',
  )
  .transform((path) => path.replace(/\/$/, ''));

const byToken = { token: typedText().min(1).max(1_000) };
const byPassword = {
  domain: typedText().min(1).max(100),
  user: typedText().min(1).max(100),
  password: typedText().min(1).max(1_000),
};

/** An end user's own, for Mediaflux. */
export const userCredentials = z
  .union([z.strictObject(byToken), z.strictObject(byPassword)])
  .meta({ id: 'UserCredentials' });
export type UserCredentials = z.infer<typeof userCredentials>;

/** By a logon before (`…/copies/logons`), or with the credentials in the same call. */
export const startCopy = z
  .union([
    z.strictObject({ logon: typedText().min(1).max(100), destination: copyDestination }),
    z.strictObject({ ...byToken, destination: copyDestination }),
    z.strictObject({ ...byPassword, destination: copyDestination }),
  ])
  .meta({ id: 'StartCopy' });
export type StartCopy = z.infer<typeof startCopy>;

/** `logon` opens nothing but copies behind the same link, until `expiresAt`. */
export const copyLogon = z
  .object({
    logon: z.string(),
    expiresAt: z.string(),
    projects: z.array(z.string()).describe('Full paths of projects in which the user may make namespaces and assets.'),
    isWhole: z.boolean().describe('False: the user sees more projects than were looked at.'),
  })
  .meta({ id: 'CopyLogon' });

export const copyState = z
  .object({
    id: z.string(),
    state: z.enum(['requested', 'copying', 'completed', 'failed']),
    destination: z.string(),
    files: z.number(),
    bytes: z.number(),
    reason: z.string().optional().describe('Why it failed, for the person, in English.'),
    resumable: z.boolean().optional().describe('Of a failed one: a new logon makes it go on (`…/copies/{id}/logon`).'),
  })
  .meta({ id: 'Copy' });

export const reportAccess = z
  .strictObject({
    method: z.enum(['data-mover', 'direct', 'copy']),
    phase: z.enum(['attempted', 'requested', 'started', 'completed', 'failed']),
    at: z.iso.datetime({ offset: true }).optional(),
    note: typedText('lines').max(500).nullish(),
  })
  .meta({ id: 'ReportAccess' });
export type ReportAccess = z.infer<typeof reportAccess>;

export const overruleAccess = z
  .strictObject({ counts: z.boolean(), note: typedText('lines').max(500).nullish() })
  .meta({ id: 'OverruleAccess' });
export type OverruleAccess = z.infer<typeof overruleAccess>;
