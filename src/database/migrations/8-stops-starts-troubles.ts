// When a shareable was stopped and when its token was renewed; which starts came to nothing; what a client says it has
// sent; verifications that fail, so that they are tried again ever more slowly and somebody is told.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StopsStartsTroubles1764000000008 implements MigrationInterface {
  name = 'StopsStartsTroubles1764000000008';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop what was recorded. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `alter table upload_shareable
     add stopped_at timestamptz,
     add rotated_at timestamptz`,
  `update upload_shareable set stopped_at = revoked_at where stop_running`,
  `alter table upload_shareable drop column stop_running`,

  `alter table upload
     add start_tried_at timestamptz not null default now(),
     add started_at timestamptz,
     add start_failed_at timestamptz,
     add told_bytes bigint,
     add verification_failures integer not null default 0,
     add verification_retry_at timestamptz,
     add verification_trouble text,
     add verification_told_at timestamptz`,
  `update upload set start_tried_at = created_at, started_at = folder_opened_at`,
  `create index on upload (shareable_id, start_tried_at)`,
  `drop index upload_shareable_id_created_at_idx`,
];
