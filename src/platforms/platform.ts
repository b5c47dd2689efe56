// An instrument platform as the rest of the program sees it.

import { rows, type Tx } from '../database/index.js';
import { type MailTexts, NO_MAIL_TEXTS } from './mail-texts.rules.js';
import type { NoticeForm, OperatorNotice, ReminderSettings } from './reminder-policy/reminder-policy.js';

export type DispatchMethod = 'data-mover' | 'direct' | 'copy';
export interface Platform {
  id: string;
  name: string;
  namespace: string;
  timeZone: string;
  /** ISO 8601 duration. */
  linkLifetime: string;
  methods: DispatchMethod[];
  contact: { name: string; email: string };
  folderSuffix: string | null;
  language: string;
  notifyOnAccess: boolean;
  partialCounts: boolean;
  /** Above this the Data Mover is offered first. */
  directLimitBytes: number;
  /** Whether a copy takes a user's password; a token of theirs it always takes. */
  copyPasswords: boolean;
  /** ISO 8601 durations without progress after which the operator of an upload is told, and it is given up. */
  stallNotice: string;
  stallLimit: string;
  /** What it says in mails to end users in place of our words. */
  mail: MailTexts;
  reminders: ReminderSettings;
  /** Number of the reminder policy in force, from 1. */
  reminderPolicyVersion: number;
  createdAt: Date;
  updatedAt: Date;
}

interface PlatformRow {
  id: string;
  name: string;
  namespace: string;
  time_zone: string;
  link_lifetime: string;
  methods: DispatchMethod[];
  contact_name: string;
  contact_email: string;
  folder_suffix: string | null;
  language: string;
  notify_on_access: boolean;
  partial_counts: boolean;
  direct_limit_bytes: number;
  copy_passwords: boolean;
  stall_notice: string;
  stall_limit: string;
  mail_texts: Partial<MailTexts>;
  reminders_enabled: boolean;
  reminders_enabled_at: Date | null;
  reminder_schedule: string;
  reminder_minimum_age: string;
  reminder_minimum_spacing: string;
  reminder_maximum: number | null;
  reminder_operator_notice: OperatorNotice;
  reminder_notice_form: NoticeForm;
  reminder_digest: boolean;
  reminder_quiet_hours: ReminderSettings['quietHours'];
  reminder_closed_days: ReminderSettings['closedDays'];
  reminder_policy_version: number;
  created_at: Date;
  updated_at: Date;
}

/** The platform, or undefined when there is none. `lock` holds its row until the transaction ends. */
export async function findPlatform(tx: Tx, id: string, lock = false): Promise<Platform | undefined> {
  const [found] = await rows<PlatformRow>(tx, `select * from platform where id = $1${lock ? ' for update' : ''}`, [id]);
  return found && platformOf(found);
}

/** Those that there are, in no order. */
export const findPlatforms = async (tx: Tx, ids: readonly string[]): Promise<Platform[]> =>
  (await rows<PlatformRow>(tx, 'select * from platform where id = any($1::uuid[])', [ids])).map(platformOf);

export const platformOf = (found: PlatformRow): Platform => ({
  id: found.id,
  name: found.name,
  namespace: found.namespace,
  timeZone: found.time_zone,
  linkLifetime: found.link_lifetime,
  methods: found.methods,
  contact: { name: found.contact_name, email: found.contact_email },
  folderSuffix: found.folder_suffix,
  language: found.language,
  notifyOnAccess: found.notify_on_access,
  partialCounts: found.partial_counts,
  directLimitBytes: found.direct_limit_bytes,
  copyPasswords: found.copy_passwords,
  stallNotice: found.stall_notice,
  stallLimit: found.stall_limit,
  mail: { ...NO_MAIL_TEXTS, ...found.mail_texts },
  reminders: {
    enabled: found.reminders_enabled,
    enabledAt: found.reminders_enabled_at,
    schedule: found.reminder_schedule,
    minimumAge: found.reminder_minimum_age,
    minimumSpacing: found.reminder_minimum_spacing,
    maxReminders: found.reminder_maximum,
    operatorNotice: found.reminder_operator_notice,
    noticeForm: found.reminder_notice_form,
    digest: found.reminder_digest,
    quietHours: found.reminder_quiet_hours,
    closedDays: found.reminder_closed_days,
  },
  reminderPolicyVersion: found.reminder_policy_version,
  createdAt: found.created_at,
  updatedAt: found.updated_at,
});
