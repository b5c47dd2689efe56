// What a run's notices were sent by, several reminders to a person in one mail, and the link that stops all of them.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NoticesAndDigests1764000000021 implements MigrationInterface {
  name = 'NoticesAndDigests1764000000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop what was recorded. Restore a backup instead.');
  }
}

const STATEMENTS = [
  // Whose addresses: `shareable` and `fallback` read of their own uploads only. Null: nobody was told.
  `alter table reminder_run
     add notice_target text check (notice_target in ('shareable', 'project-metadata', 'fallback'))`,

  // Reminders of one run to one person that are one mail: the subject of that mail. They share its Message-ID.
  `alter table reminder
     add digest_id uuid,
     drop constraint reminder_message_id_key`,
  `create index reminder_digest on reminder (digest_id) where digest_id is not null`,

  // The deliveries that one click stops, for each mail that names several.
  `create table joint_unsubscribe_link (
     token_sha256 bytea,
     delivery_id uuid references delivery,
     created_at timestamptz not null default now(),
     primary key (token_sha256, delivery_id))`,
  `create index joint_unsubscribe_link_delivery on joint_unsubscribe_link (delivery_id)`,
];
