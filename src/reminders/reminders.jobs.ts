import { z } from 'zod';
import { defineJob } from '../queue/index.js';

/** A slot of a platform's schedule has come. */
export const reminderTick = defineJob({
  queue: 'reminders',
  name: 'reminder-tick',
  payload: z.object({ platformId: z.uuid() }),
  key: ({ platformId }) => platformId,
});

/** Selects whom a run reminds, and finishes it when their mails have ended. */
export const runReminders = defineJob({
  queue: 'reminders',
  name: 'run-reminders',
  payload: z.object({ runId: z.uuid() }),
  key: ({ runId }) => `run-${runId}`,
});
