// Reminder policies: quiet hours, closed days, form of the notice, digest; each change a version that is never changed
// afterwards; runs know the version they ran under and the local time their slot stands for.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReminderPolicies1764000000013 implements MigrationInterface {
  name = 'ReminderPolicies1764000000013';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop what was recorded. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `alter table platform
     add reminder_quiet_hours jsonb,
     add reminder_closed_days jsonb,
     add reminder_notice_form text not null default 'run' check (reminder_notice_form in ('run', 'reminder')),
     add reminder_digest boolean not null default false,
     add reminder_policy_version integer not null default 1`,

  `create table reminder_policy_version (
     id uuid primary key,
     platform_id uuid not null references platform,
     version integer not null check (version > 0),
     actor text not null,
     before jsonb,
     after jsonb not null,
     at timestamptz not null default now(),
     unique (platform_id, version))`,
  `create trigger reminder_policy_version_kept before update or delete on reminder_policy_version
     for each statement execute function refuse_change()`,
  `create trigger reminder_policy_version_not_emptied before truncate on reminder_policy_version
     for each statement execute function refuse_change()`,
  `create trigger reminder_policy_version_sealed after insert on reminder_policy_version
     for each row execute function await_seal_of_platform('reminder-policy-version')`,
  // What held before versions were kept is the first.
  `insert into reminder_policy_version (id, platform_id, version, actor, after)
   select gen_random_uuid(), id, 1, 'server',
          jsonb_build_object('timeZone', time_zone, 'enabled', reminders_enabled, 'schedule', reminder_schedule,
            'minimumAge', reminder_minimum_age, 'minimumSpacing', reminder_minimum_spacing,
            'maxReminders', reminder_maximum, 'operatorNotice', reminder_operator_notice, 'noticeForm', 'run',
            'digest', false, 'quietHours', null, 'closedDays', null)
     from platform`,

  // Null of runs from before, and label null of runs by hand.
  `alter table reminder_run
     add policy_version integer,
     add slot_label text`,
];
