// What the API answers of deliveries. Contract "Administrator".

import { z } from 'zod';
import { deliverySummary } from '../uploads/index.js';

const text = z.string();
const warnings = z.array(text);

export const methodPhase = z
  .object({
    phase: text.describe(
      'data-mover: started, completed, failed; direct: attempted; copy: requested, completed, failed',
    ),
    at: text,
    files: z.number().optional().describe('Of the Data Mover: the union over several downloads.'),
    ofFiles: z.number().optional(),
  })
  .nullable();

const reminder = z.object({
  runId: text,
  slot: text.nullable(),
  state: text.describe('pending, sent, unknown, failed, skipped'),
  sentAt: text.nullable(),
  messageId: text.describe('With its angle brackets.'),
  reason: text.optional(),
  goesAt: text.nullable().optional().describe('While its mail waits: for the end of quiet hours, or for its next try.'),
});

const event = z.object({
  id: text,
  method: text,
  phase: text,
  at: text.nullable(),
  counts: z.boolean(),
  client: text.nullable(),
  doubts: z.array(text),
  scanner: z.boolean().optional(),
  hiddenLink: z.boolean().optional(),
  reported: z.boolean().optional(),
  remark: text.optional(),
  overruled: z.object({ by: text.nullable(), at: text.nullable(), note: text.nullable() }).optional(),
});

const requestForTime = z.object({
  id: text,
  state: text.describe('open, granted, declined'),
  reason: text.nullable(),
  linkLifetime: text.nullable(),
  requestedAt: text.nullable(),
  decidedAt: text.nullable(),
});

const delivery = deliverySummary.extend({
  uploadId: text,
  ordinal: z.number(),
  dispatchedAt: text.nullable(),
  accessedAt: text.nullable(),
  doneAt: text.nullable(),
  optedOutAt: text.nullable(),
  undeliverableAt: text.nullable(),
  revokedAt: text.nullable(),
  methods: z.object({ 'data-mover': methodPhase, direct: methodPhase, copy: methodPhase }),
  reminders: z.array(reminder),
  events: z.array(event).describe('The first thousand.'),
  extensionRequests: z.array(requestForTime),
});

export const shownDelivery = delivery.meta({ id: 'Delivery' });
export type ShownDelivery = z.infer<typeof shownDelivery>;

export const madeDelivery = delivery.extend({ warnings }).meta({ id: 'MadeDelivery' });
export type MadeDelivery = z.infer<typeof madeDelivery>;

export const correctedDelivery = deliverySummary.extend({ warnings }).meta({ id: 'CorrectedDelivery' });
export type CorrectedDelivery = z.infer<typeof correctedDelivery>;

export const previewedMail = z.object({ subject: text, text, html: text }).meta({ id: 'PreviewedMail' });
export type PreviewedMail = z.infer<typeof previewedMail>;
