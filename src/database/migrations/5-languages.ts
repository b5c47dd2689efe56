// The language of a person's mails, where somebody has chosen it, else the platform's holds; and why a copy failed as a
// sentence that can be told in any language.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Languages1764000000005 implements MigrationInterface {
  name = 'Languages1764000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table person add column language text');
    await queryRunner.query('alter table content_copy add column reason_sentence jsonb');
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: people have chosen languages. Restore a backup instead.');
  }
}
