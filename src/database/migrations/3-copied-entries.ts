// What was copied into a namespace's access list when the first share of it began, so that the end of the last share
// takes away just that, whatever the lists above say by then.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CopiedEntries1764000000003 implements MigrationInterface {
  name = 'CopiedEntries1764000000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `create table copied_access_entries (
         namespace text primary key,
         entries jsonb not null,
         copied_at timestamptz not null default now())`,
    );
  }

  async down(): Promise<void> {
    throw new Error(
      'This migration cannot be taken back: shares that are open need the record. Restore a backup instead.',
    );
  }
}
