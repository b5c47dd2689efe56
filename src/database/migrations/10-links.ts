// Requests for more time. When a link of a former generation expired, for transfers that began by it. What a download
// last reported, so that progress can be told from repetition. Credentials that a crash left behind. And which key of
// SECRET_KEY is the present one.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Links1764000000010 implements MigrationInterface {
  name = 'Links1764000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop what was recorded. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `create table extension_request (
     id uuid primary key,
     delivery_id uuid not null references delivery,
     state text not null check (state in ('open', 'granted', 'declined')),
     reason text,
     link_lifetime text,
     requested_at timestamptz not null,
     decided_at timestamptz,
     check ((state = 'open') = (decided_at is null)))`,
  `create unique index extension_request_open on extension_request (delivery_id) where state = 'open'`,
  `create index on extension_request (delivery_id, id)`,
  `create index on extension_request (state, id)`,

  `alter table delivery_link add ended_at timestamptz`,
  `alter table download
     add reported_files bigint not null default 0,
     add reported_bytes bigint not null default 0`,
  `alter table mediaflux_credential
     add asked_at timestamptz,
     add left_behind_at timestamptz`,
  `create index mediaflux_credential_left_behind on mediaflux_credential (left_behind_at)
     where left_behind_at is not null`,
  `create index on mediaflux_credential (download_id) where destroyed_at is null`,

  `alter table secret_key_in_use add current_since timestamptz not null default now()`,
];
