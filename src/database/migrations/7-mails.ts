// Texts of mails that a platform has changed, editions of a delivery's calendar entry, and reports of mails that did not
// arrive.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Mails1764000000007 implements MigrationInterface {
  name = 'Mails1764000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop what was recorded. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `alter table platform add mail_texts jsonb not null default '{}'`,
  `alter table delivery add expiry_edition integer not null default 0`,
  `create table mail_bounce (
     id uuid primary key,
     mail_id uuid not null references mail_outbox,
     delivery_id uuid references delivery,
     report_sha256 bytea not null,
     severity text not null check (severity in ('hard', 'soft')),
     action text not null,
     status text not null,
     at timestamptz not null default now(),
     unique (mail_id, report_sha256))`,
  `create index on mail_bounce (delivery_id)`,
  // The Message-ID that a report quotes leads to its mail.
  `create index on mail_outbox (message_id)`,
];
