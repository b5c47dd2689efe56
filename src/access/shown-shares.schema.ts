// What the API answers behind a link. Contract "End user".

import { z } from 'zod';
import { shownMethodPhase as methodPhase } from '../deliveries/index.js';
import { shownPage } from '../http/index.js';
import { clientCredential } from '../shares/index.js';

const text = z.string();

export const sharedData = z
  .object({
    folder: text,
    platform: z.object({ name: text }),
    sender: z.object({ platform: text, operator: text.nullable() }),
    files: z.number(),
    bytes: z.number(),
    keywords: z.array(text),
    note: text.nullable(),
    uploadedAt: text.nullable(),
    expiresAt: text.nullable(),
    doneAt: text.nullable().describe('When the person said that they have what they need.'),
    contact: z.object({ name: text, email: text }),
    methods: z
      .object({ 'data-mover': methodPhase, direct: methodPhase, copy: methodPhase })
      .partial()
      .describe('Those that are offered, and how far each has come.'),
    copyPasswords: z.boolean().describe('False: a copy takes an identity token only.'),
  })
  .meta({ id: 'SharedData' });
export type SharedData = z.infer<typeof sharedData>;

const file = z.object({
  path: text,
  type: z.enum(['file', 'directory']),
  size: z.number().nullable(),
  crc32: text.nullable(),
  mtime: text.nullable(),
});

export const sharedFiles = shownPage(file).meta({ id: 'SharedFiles' });
export type SharedFiles = z.infer<typeof sharedFiles>;

export const startedDownload = z
  .object({ id: text, mediaflux: clientCredential, warnings: z.array(text) })
  .meta({ id: 'StartedDownload' });
export type StartedDownload = z.infer<typeof startedDownload>;

export const startedCopy = z.object({ id: text, warnings: z.array(text) }).meta({ id: 'StartedCopy' });
export type StartedCopy = z.infer<typeof startedCopy>;

export const askedForTime = z
  .object({
    state: z
      .enum(['open', 'not-taken'])
      .describe('`not-taken`: a request that nobody needs any more, or that a scanner made.'),
    requestedAt: text.nullable(),
  })
  .meta({ id: 'AskedForMoreTime' });
