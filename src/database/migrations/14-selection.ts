// What choosing among many deliveries, and sending what was chosen, is looked up by.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Selection1764000000014 implements MigrationInterface {
  name = 'Selection1764000000014';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop what was recorded. Restore a backup instead.');
  }
}

const STATEMENTS = [
  // When it was handed to the mail server, or may have been: what spacing is counted from.
  `alter table reminder add tried_at timestamptz`,
  `update reminder set tried_at = coalesce(sent_at, created_at) where state in ('sent', 'unknown')`,
  `alter table reminder
     add constraint reminder_tried_is_known check ((state in ('sent', 'unknown')) = (tried_at is not null))`,
  `create index reminder_tried on reminder (delivery_id, tried_at) where tried_at is not null`,

  // How far a run has come: the moment it judges by, the uploads whose data were looked up, the deliveries judged.
  `alter table reminder_run
     add judged_at timestamptz,
     add checked_until uuid not null default '00000000-0000-0000-0000-000000000000',
     add selected_until_at timestamptz not null default '-infinity',
     add selected_until_id uuid not null default '00000000-0000-0000-0000-000000000000'`,

  // Those that a run may have to remind, in the order in which it goes through them. What an access, a statement or a
  // revocation marks stands in no index, so that the mark rewrites none.
  `create index delivery_remindable on delivery (platform_id, expires_at, id) where handed_over_at is not null`,
  // Reshared: what may take the place of an earlier delivery of the same upload to the same person.
  `create index delivery_again on delivery (upload_id, person_id) where ordinal > 0`,
  `create index download_running on download (delivery_id, last_progress_at) where state = 'started'`,
  `create index content_copy_running on content_copy (delivery_id, last_progress_at)
     where state in ('requested', 'copying')`,

  // What workers are at, however much waits.
  `create index mail_outbox_sending on mail_outbox (lease_until, id) where state = 'sending'`,
];
