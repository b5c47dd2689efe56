// A platform's reminder policy: its settings of reminders, the zone that schedule, quiet hours and closed days are in, and
// the language of whoever has chosen none. Each change makes a version.

import { isDeepStrictEqual } from 'node:util';
import type { QuietTimes } from '../../schedule/index.js';

export type OperatorNotice = 'none' | 'shareable' | 'project-metadata';

/** One notice for a run, or one for each reminder. */
export type NoticeForm = 'run' | 'reminder';

interface Settings extends QuietTimes {
  enabled: boolean;
  /** Cron of five fields, or six with seconds first, in the platform's time zone. */
  schedule: string;
  /** ISO 8601 durations. */
  minimumAge: string;
  minimumSpacing: string;
  maxReminders: number | null;
  operatorNotice: OperatorNotice;
  noticeForm: NoticeForm;
  /** Several reminders to one person in a run are one mail. */
  digest: boolean;
}

export interface ReminderSettings extends Settings {
  /** Since when reminders are on by this schedule in this zone; slots before are never made up for. */
  enabledAt: Date | null;
}

export interface ReminderPolicy extends Settings {
  timeZone: string;
  language: string;
}

/** What of a platform the policy is made of. */
interface Governed {
  timeZone: string;
  language: string;
  reminders: ReminderSettings;
  reminderPolicyVersion: number;
}

type Policed = Pick<Governed, 'timeZone' | 'language' | 'reminders'>;

export function policyOf({ timeZone, language, reminders }: Policed): ReminderPolicy {
  const { enabledAt: _, ...settings } = reminders;
  return { timeZone, language, ...settings };
}

/**
 * The settings after a change that names some of them. The version goes up when any of them, the zone or the language is
 * different from before. A new schedule counts from now on, as reminders do that are switched on.
 */
export function changedSettings(
  before: Governed,
  { timeZone, language }: Pick<Governed, 'timeZone' | 'language'>,
  change: { [Name in keyof Settings]?: Settings[Name] | undefined },
  now: Date,
): Pick<Governed, 'reminders' | 'reminderPolicyVersion'> {
  const { enabledAt: _, ...former } = before.reminders;
  const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const settings: Settings = { ...former, ...named };
  const isSameRhythm = former.enabled && settings.schedule === former.schedule && timeZone === before.timeZone;
  const reminders = {
    ...settings,
    enabledAt: settings.enabled ? (isSameRhythm ? before.reminders.enabledAt : now) : null,
  };
  const isChanged = !isDeepStrictEqual(policyOf({ timeZone, language, reminders }), policyOf(before));
  return { reminders, reminderPolicyVersion: before.reminderPolicyVersion + (isChanged ? 1 : 0) };
}
