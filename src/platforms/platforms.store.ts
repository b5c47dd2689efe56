// Writes and lists platforms.

import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '../database/index.js';
import { decodeCursor, type Page, pageOf, type PageQuery } from '../http/index.js';
import { findPlatform, type Platform, platformOf } from './platform.js';

@Injectable()
export class PlatformsStore {
  find(tx: Tx, id: string, lock = false): Promise<Platform | undefined> {
    return findPlatform(tx, id, lock);
  }

  async insert(tx: Tx, platform: Platform): Promise<void> {
    await rows(
      tx,
      `insert into platform (
         id, name, namespace, time_zone, link_lifetime, methods, contact_name, contact_email, folder_suffix, language,
         notify_on_access, partial_counts, direct_limit_bytes, reminders_enabled, reminders_enabled_at,
         reminder_schedule, reminder_minimum_age, reminder_minimum_spacing, reminder_maximum, reminder_operator_notice,
         stall_notice, stall_limit, mail_texts, copy_passwords, reminder_notice_form, reminder_digest,
         reminder_quiet_hours, reminder_closed_days, reminder_policy_version, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
               $23, $24, $25, $26, $27, $28, $29, $30, $31)`,
      [platform.id, ...valuesOf(platform), platform.createdAt, platform.updatedAt],
    );
  }

  async update(tx: Tx, platform: Platform): Promise<void> {
    await rows(
      tx,
      `update platform
          set name = $2, namespace = $3, time_zone = $4, link_lifetime = $5, methods = $6, contact_name = $7,
              contact_email = $8, folder_suffix = $9, language = $10, notify_on_access = $11, partial_counts = $12,
              direct_limit_bytes = $13, reminders_enabled = $14, reminders_enabled_at = $15, reminder_schedule = $16,
              reminder_minimum_age = $17, reminder_minimum_spacing = $18, reminder_maximum = $19,
              reminder_operator_notice = $20, stall_notice = $21, stall_limit = $22,
              mail_texts = $23, copy_passwords = $24, reminder_notice_form = $25, reminder_digest = $26,
              reminder_quiet_hours = $27, reminder_closed_days = $28, reminder_policy_version = $29, updated_at = $30
        where id = $1`,
      [platform.id, ...valuesOf(platform), platform.updatedAt],
    );
  }

  async list(tx: Tx, query: PageQuery): Promise<Page<Platform>> {
    const after = decodeCursor(query.cursor, ['id']);
    const found = await rows<Parameters<typeof platformOf>[0]>(
      tx,
      `select *
         from platform
        where ($1::uuid is null or id > $1::uuid)
        order by id
        limit $2::int`,
      [after?.[0] ?? null, query.limit + 1],
    );
    return pageOf(found, query.limit, platformOf, (platform) => [platform.id]);
  }
}

const valuesOf = (platform: Platform): unknown[] => [
  platform.name,
  platform.namespace,
  platform.timeZone,
  platform.linkLifetime,
  platform.methods,
  platform.contact.name,
  platform.contact.email,
  platform.folderSuffix,
  platform.language,
  platform.notifyOnAccess,
  platform.partialCounts,
  platform.directLimitBytes,
  platform.reminders.enabled,
  platform.reminders.enabledAt,
  platform.reminders.schedule,
  platform.reminders.minimumAge,
  platform.reminders.minimumSpacing,
  platform.reminders.maxReminders,
  platform.reminders.operatorNotice,
  platform.stallNotice,
  platform.stallLimit,
  JSON.stringify(platform.mail),
  platform.copyPasswords,
  platform.reminders.noticeForm,
  platform.reminders.digest,
  platform.reminders.quietHours,
  platform.reminders.closedDays,
  platform.reminderPolicyVersion,
];
