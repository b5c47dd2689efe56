// What the API answers of reminders. Contract "Administrator".

import { z } from 'zod';
import { shownPage } from '../http/index.js';

const text = z.string();
const count = z.number();
const byState = z.record(text, count);

export const reminderPreview = z
  .object({
    slot: text.nullable().describe('The newest slot at that moment; null with reminders off.'),
    due: shownPage(
      z.object({
        deliveryId: text,
        recipient: text,
        expiresAt: text.nullable(),
        last: z.boolean(),
        goesAt: text.nullable(),
      }),
    ),
    notDue: shownPage(z.object({ deliveryId: text, reason: text.nullable() })),
  })
  .meta({ id: 'ReminderPreview' });
export type ReminderPreview = z.infer<typeof reminderPreview>;

export const reminderFigures = z
  .object({
    from: text.nullable(),
    to: text.nullable(),
    runs: byState.describe('By state.'),
    due: count.describe('Chosen by a run, whatever became of them: the sum of the others.'),
    sent: count,
    unknown: count,
    failed: count,
    pending: count,
    skipped: byState.describe('By reason: chosen, and at the hand-over no longer to be sent.'),
    unreminded: z
      .object({ deliveries: count, accessed: count, medianSeconds: count.nullable() })
      .describe('Deliveries handed over, and those fetched before any reminder.'),
    reminded: z
      .array(
        z.object({
          nth: count,
          sent: count,
          accessed: count,
          within24Hours: count,
          within7Days: count,
          medianSeconds: count.nullable(),
        }),
      )
      .describe('Those who were sent a first, a second, … reminder, and fetched before the next one.'),
  })
  .meta({ id: 'ReminderFigures' });
export type ShownReminderFigures = z.infer<typeof reminderFigures>;

const run = z.object({
  id: text,
  slot: text,
  trigger: text,
  state: text,
  policyVersion: count.nullable().describe('Of `GET /api/v1/admin/platforms/{id}/reminders/policy`.'),
  createdAt: text,
  finishedAt: text.nullable(),
  endReason: text
    .nullable()
    .describe(
      'Why it ended before it had chosen all: `reminders-off`, `next-slot` or, of one by hand, `mediaflux-away`.',
    ),
  reminders: byState.describe('By state.'),
  noticeTo: text
    .nullable()
    .describe('Whose addresses were told: `shareable`, `project-metadata`, or `fallback` where the latter named none.'),
});

export const reminderRun = run.meta({ id: 'ReminderRun' });
export type ShownReminderRun = z.infer<typeof reminderRun>;

export const startedRun = run.extend({ warnings: z.array(text) }).meta({ id: 'StartedReminderRun' });
export type StartedRun = z.infer<typeof startedRun>;

export const reminderRunsPage = shownPage(reminderRun).meta({ id: 'ReminderRuns' });
export type ReminderRunsPage = z.infer<typeof reminderRunsPage>;

export const remindersPage = shownPage(
  z.object({
    deliveryId: text,
    recipient: text,
    folder: text,
    state: text,
    reason: text.nullable(),
    sentAt: text.nullable(),
    messageId: text,
  }),
).meta({ id: 'Reminders' });
export type RemindersPage = z.infer<typeof remindersPage>;
