// A platform's reminder policy: its settings of reminders, and the zone that schedule, quiet hours and closed days are
// in. Each change makes a version.

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
}

/** What of a platform the policy is made of. */
interface Governed {
  timeZone: string;
  reminders: ReminderSettings;
  reminderPolicyVersion: number;
}

export function policyOf({ timeZone, reminders }: Pick<Governed, 'timeZone' | 'reminders'>): ReminderPolicy {
  const { enabledAt: _, ...settings } = reminders;
  return { timeZone, ...settings };
}

/**
 * The settings after a change that names some of them. The version goes up when any of them, or the zone, is different
 * from before. A new schedule counts from now on, as reminders do that are switched on.
 */
export function changedSettings(
  before: Governed,
  timeZone: string,
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
  const isChanged = !isDeepStrictEqual(policyOf({ timeZone, reminders }), policyOf(before));
  return { reminders, reminderPolicyVersion: before.reminderPolicyVersion + (isChanged ? 1 : 0) };
}
