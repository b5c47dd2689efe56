// What the API answers of administrators' searches and lists. Contract "Administrator".

import { z } from 'zod';
import { shownPage } from '../http/index.js';
import { deliverySummary } from '../uploads/index.js';

const text = z.string();
const count = z.number();
/** Of what, it depends on the action. */
const facts = z.record(text, z.unknown()).nullable();

const upload = z.object({
  id: text,
  folder: text,
  state: text,
  platform: z.object({ id: text, name: text }),
  files: count,
  bytes: count,
  keywords: z.array(text),
  note: text.nullable(),
  operator: text.nullable(),
  namespace: text.describe('Full path of what holds the data.'),
  createdAt: text,
  completedAt: text.nullable(),
  changed: z.boolean().describe('A later look found that the folder no longer holds what was verified.'),
});

const laterLook = z.object({
  look: count.describe('1: an hour after completion; 2: a day after.'),
  at: text,
  finding: z.enum(['unchanged', 'as-verified', 'changed', 'gone', 'not-seen']),
  verifiedFiles: count,
  files: count.nullable().describe('Null where nothing was seen.'),
  differences: count.nullable().describe('Paths that differ from the manifest; null where files were not compared.'),
  paths: z.array(z.object({ path: text, problem: text })).describe('The first of them.'),
});

export const foundUploads = shownPage(upload).meta({ id: 'FoundUploads' });
export type FoundUploads = z.infer<typeof foundUploads>;

export const foundUpload = upload
  .extend({ laterLooks: z.array(laterLook), deliveries: z.array(deliverySummary) })
  .meta({ id: 'FoundUpload' });
export type ShownFoundUpload = z.infer<typeof foundUpload>;

export const uploadFiles = shownPage(
  z.object({ path: text, type: text, size: count.nullable(), crc32: text.nullable() }),
).meta({ id: 'UploadFiles' });
export type UploadFiles = z.infer<typeof uploadFiles>;

export const timeline = shownPage(z.object({ at: text, what: text, subject: text, details: facts })).meta({
  id: 'Timeline',
});

export const changedPerson = z
  .object({ id: text, address: text, language: text.nullable() })
  .meta({ id: 'ChangedPerson' });
export type ChangedPerson = z.infer<typeof changedPerson>;

export const listedMails = shownPage(
  z.object({
    id: text,
    kind: text,
    state: text,
    recipient: text,
    subjectId: text,
    messageId: text,
    attempts: count,
    reason: text.nullable(),
    createdAt: text,
    sentAt: text.nullable(),
  }),
).meta({ id: 'Mails' });
export type ListedMails = z.infer<typeof listedMails>;

export const takenBounce = z
  .object({
    mailId: text,
    deliveryId: text.nullable(),
    action: text,
    status: text.nullable(),
    outcome: z.enum(['undeliverable', 'recorded', 'seen-before']),
  })
  .meta({ id: 'TakenBounce' });
export type TakenBounce = z.infer<typeof takenBounce>;

export const auditEntries = shownPage(
  z.object({
    id: text,
    at: text,
    actor: text,
    action: text,
    subject: z.object({ kind: text, id: text.nullable() }),
    before: facts,
    after: facts,
  }),
).meta({ id: 'AuditEntries' });

const head = z.object({
  sequence: count,
  sha256: text.describe('64 hexadecimal digits.'),
  sealedAt: text.nullable(),
});

export const chainHeads = shownPage(
  head.extend({ chain: text.describe("A platform's id, or `administration`.") }),
).meta({ id: 'ChainHeads' });
export type ChainHeads = z.infer<typeof chainHeads>;

export const verifiedChains = z
  .object({
    ok: z.boolean(),
    chains: z.array(
      z.object({
        chain: text,
        platform: text.nullable().describe('Its name; null of the administration, or where it is not there.'),
        ok: z.boolean(),
        sealed: count,
        waiting: count.describe('Entries that are not sealed yet, as is usual for seconds.'),
        head: head.nullable(),
        problemCount: count,
        problems: z
          .array(z.object({ problem: text, sequence: count.optional(), entryId: text.optional() }))
          .describe('The first hundred.'),
      }),
    ),
  })
  .meta({ id: 'VerifiedChains' });
export type VerifiedChains = z.infer<typeof verifiedChains>;

export const stats = z
  .object({
    platforms: count,
    uploads: count,
    completed: count,
    files: count,
    bytes: count,
    deliveries: count,
    accessed: count,
    reminders: count,
    mails: count,
  })
  .meta({ id: 'Stats' });
