// What the API answers of upload shareables. Contract "Administrator".

import { z } from 'zod';
import { shownPage } from '../http/index.js';

const text = z.string();

/** Each null where there is no limit. */
const limits = z.object({
  uploadsPerDay: z.number().nullable(),
  recipientsPerDay: z.number().nullable(),
  recipientDomains: z.array(text).nullable(),
});

const token = z.object({
  lastFour: text,
  createdAt: text,
  validUntil: text.nullable().describe('Null: until it is rotated or revoked.'),
  lastUsedAt: text.nullable(),
  lastRefusedAt: text.nullable().describe('When somebody last came with it after its end.'),
  usedFrom: z.array(
    z.object({
      host: text.nullable(),
      program: text.nullable(),
      uses: z.number(),
      firstUsedAt: text,
      lastUsedAt: text,
    }),
  ),
});

const shareable = z.object({
  id: text,
  number: z.number().describe('Unique in the installation; part of the names of its uploads’ folders.'),
  platform: z.object({ id: text, name: text }),
  label: text,
  askName: z.boolean(),
  askKeywords: z.boolean(),
  limits,
  notify: z.array(text),
  state: z.enum(['active', 'revoked']),
  revokedAt: text.nullable(),
  finishesUntil: text.nullable().describe('Until when a revoked one may finish what it began.'),
  uses: z.number(),
  lastUsedAt: text.nullable(),
  lastUsedHost: text.nullable(),
  lastUsedProgram: text.nullable(),
  tokens: z.array(token),
  createdAt: text,
  warnings: z.array(text),
});

export const shownShareable = shareable.meta({ id: 'Shareable' });
export type ShownShareable = z.infer<typeof shownShareable>;

export const shareableWithToken = shareable
  .extend({ token: text.describe('In this answer and nowhere else.'), settingsXml: text })
  .meta({ id: 'ShareableWithToken' });
export type ShareableWithToken = z.infer<typeof shareableWithToken>;

export const shareablesPage = shownPage(shownShareable).meta({ id: 'Shareables' });
export type ShareablesPage = z.infer<typeof shareablesPage>;
