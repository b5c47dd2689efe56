// What the API answers of uploads to the Data Mover. Contract "Data Mover, upload".

import { z } from 'zod';
import { shownPage } from '../../http/index.js';
import { clientCredential } from '../../shares/index.js';
import { PROBLEMS } from '../verification/comparison.rules.js';

const text = z.string();

export const deliverySummary = z
  .object({
    id: text,
    recipient: text,
    state: z.enum(['revoked', 'gone', 'pending', 'expired', 'accessed', 'open']).describe('The first that holds.'),
    expiresAt: text.nullable().describe('Null while its mail was not handed over.'),
  })
  .meta({ id: 'DeliverySummary' });
export type DeliverySummary = z.infer<typeof deliverySummary>;

const mismatch = z.object({
  path: text,
  problem: z.enum(PROBLEMS),
});

export const mismatchesPage = shownPage(mismatch).meta({ id: 'Mismatches' });
export type MismatchesPage = z.infer<typeof mismatchesPage>;

const upload = z.object({
  id: text,
  folder: text,
  state: z.enum(['open', 'verifying', 'mismatch', 'complete', 'abandoned']),
  files: z.number(),
  bytes: z.number(),
  manifestId: text
    .nullable()
    .describe(
      'Of the manifest that counts; whoever sent one was told its id (`Manifest-Id`), and knows by it whether it is theirs.',
    ),
  recipients: z.array(text),
  keywords: z.array(text),
  note: text.nullable(),
  createdAt: text,
  completedAt: text.nullable(),
  verificationTrouble: text
    .nullable()
    .describe('Why it is not verified yet, where a try failed; another one comes by itself.'),
  mismatches: z.array(mismatch).describe('The first thousand; `…/mismatches` pages them all.'),
  methods: z
    .array(z.enum(['data-mover', 'direct', 'copy']))
    .describe('The ways to fetch that each recipient is given.'),
  linkLifetime: text.describe('How long links live from the mail on, an ISO 8601 duration.'),
  deliveries: z.array(deliverySummary),
  clientClockSkewSeconds: z.number().nullable().describe('How far the client is ahead; null where it did not tell.'),
  warnings: z.array(text),
});

export const shownUpload = upload.meta({ id: 'Upload' });
export type ShownUpload = z.infer<typeof shownUpload>;

export const startedUpload = upload
  .extend({
    mediaflux: clientCredential.nullable().describe('Null in a replay for an upload that takes nothing any more.'),
  })
  .meta({ id: 'StartedUpload' });
export type StartedUpload = z.infer<typeof startedUpload>;

export const checkedUpload = z
  .object({
    ok: z.boolean(),
    warnings: z.array(text),
    folder: text.describe('What the folder would be called; in place of the number of uses stands `N`.'),
  })
  .meta({ id: 'CheckedUpload' });
export type CheckedUpload = z.infer<typeof checkedUpload>;

const most = z.number().nullable();

export const shareableInfo = z
  .object({
    platform: z.object({ name: text }),
    label: text,
    number: z.number(),
    fields: z.object({ name: z.boolean(), keywords: z.boolean() }).describe('What a form asks for.'),
    limits: z
      .object({
        recipients: z.number(),
        keywords: z.number(),
        uploadsPerDay: most,
        recipientsPerDay: most,
        recipientDomains: z.array(text).nullable(),
        left: z.object({ uploads: most, recipients: most }).describe('In the 24 hours before now.'),
      })
      .describe('Null: no limit.'),
    methods: z.array(z.enum(['data-mover', 'direct', 'copy'])),
  })
  .meta({ id: 'ShareableInfo' });
export type ShareableInfo = z.infer<typeof shareableInfo>;
