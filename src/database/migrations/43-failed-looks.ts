// Looks at uploads that make no progress: since when Mediaflux does not tell of one.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FailedLooks1764000000043 implements MigrationInterface {
  name = 'FailedLooks1764000000043';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table upload add look_failed_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table upload drop column look_failed_at');
  }
}
