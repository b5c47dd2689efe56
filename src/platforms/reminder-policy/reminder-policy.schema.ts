// What the API takes and gives for reminders: their settings on a platform, and the versions of these.

import { z } from 'zod';
import { isSchedule, WEEKDAYS } from '../../schedule/index.js';
import { duration } from '../duration.schema.js';

const MOST_DATES = 400;
const MOST_REMINDERS = 'must be a whole number from 1 to 1000, or null for as many as there are runs';

const localTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day from 00:00 to 23:59, such as 22:00');

const quietHours = z
  .strictObject({ from: localTime, to: localTime })
  .refine(({ from, to }) => from !== to, {
    path: ['to'],
    message: 'must differ from "from"; null for no quiet hours, "enabled": false for no reminders',
  })
  .nullable()
  .describe(
    'Local times between which no reminder is sent; past midnight where `to` is not later than `from`. Reminders wait until they are over, but never until the links have expired: then they go at once.',
  );

const closedDate = z.string().refine(isDate, 'must be a date, such as 2026-12-24, or one of every year, such as 12-25');

const closedDays = z
  .strictObject({
    weekdays: z
      .array(z.enum(WEEKDAYS))
      .default([])
      .transform((days) => WEEKDAYS.filter((day) => days.includes(day))),
    dates: z
      .array(closedDate)
      .max(MOST_DATES, `must be ${MOST_DATES} dates at most`)
      .default([])
      .transform((dates) => [...new Set(dates)].sort()),
  })
  .transform((closed) => (closed.weekdays.length + closed.dates.length > 0 ? closed : null))
  .nullable()
  .describe(
    'Local days on which no reminder is sent: days of the week, and dates `YYYY-MM-DD` or, for every year, `MM-DD`. Reminders wait as in quiet hours.',
  );

const fields = {
  enabled: z.boolean(),
  schedule: z
    .string()
    .trim()
    .refine(
      isSchedule,
      'must be a cron schedule of five fields, or six with seconds first, that comes on some day, such as 0 9 * * 1',
    )
    .describe('When reminder runs are, in the platform’s time zone. Day of month and day of week both given: either.'),
  minimumAge: duration,
  minimumSpacing: duration,
  maxReminders: z.int({ error: MOST_REMINDERS }).min(1, MOST_REMINDERS).max(1_000, MOST_REMINDERS).nullable(),
  operatorNotice: z.enum(['none', 'shareable', 'project-metadata']),
  noticeForm: z.enum(['run', 'reminder']).describe('One notice for each run, or one for each reminder.'),
  digest: z.boolean().describe('Several reminders to one person in a run are one mail that names each delivery.'),
  quietHours,
  closedDays,
};

/** Reminders are off until someone asks. */
export const newReminders = z.strictObject({
  ...fields,
  enabled: fields.enabled.default(false),
  schedule: fields.schedule
    .optional()
    .describe(
      'When reminder runs are, in the platform’s time zone; unless said a quarter of `linkLifetime` apart, a day at least and a week at most.',
    ),
  minimumAge: fields.minimumAge.default('PT24H'),
  minimumSpacing: fields.minimumSpacing.default('PT24H'),
  maxReminders: fields.maxReminders.default(null),
  operatorNotice: fields.operatorNotice.default('none'),
  noticeForm: fields.noticeForm.default('run'),
  digest: fields.digest.default(false),
  quietHours: fields.quietHours.default(null),
  closedDays: fields.closedDays.default(null),
});

export const changedReminders = z.strictObject(fields).partial();

const text = z.string();

/** The same fields with nothing left to validate. */
export const shownReminders = z.object({
  enabled: z.boolean(),
  schedule: text,
  minimumAge: text,
  minimumSpacing: text,
  maxReminders: z.number().nullable(),
  operatorNotice: text,
  noticeForm: text,
  digest: z.boolean(),
  quietHours: z.object({ from: text, to: text }).nullable(),
  closedDays: z.object({ weekdays: z.array(text), dates: z.array(text) }).nullable(),
});

const policy = shownReminders
  .extend({
    timeZone: text,
    language: text
      .optional()
      .describe('Of reminders to people who have chosen none; versions of before it was kept lack it.'),
  })
  .meta({ id: 'ReminderPolicy' });

/** Newest first: the first is in force. */
export const policyVersions = z
  .object({
    items: z.array(
      z.object({
        version: z.number(),
        at: text,
        actor: text.describe('`admin`, or `server` for what was in force before versions were kept.'),
        before: policy.nullable(),
        after: policy,
      }),
    ),
    nextCursor: text.nullable(),
  })
  .meta({ id: 'ReminderPolicyVersions' });

/** A day of one year or of every year; 29 February is one of every year. */
function isDate(text: string): boolean {
  const full = /^\d\d-\d\d$/.test(text) ? `2000-${text}` : text;
  if (!/^\d{4}-\d\d-\d\d$/.test(full)) return false;
  const parsed = new Date(`${full}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(full);
}
