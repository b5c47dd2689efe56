// A copy counts who has taken it up: a worker that lost its lease to another neither renews nor ends what is that one's.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CopyAttempts1764000000022 implements MigrationInterface {
  name = 'CopyAttempts1764000000022';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table content_copy add attempt integer not null default 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table content_copy drop attempt');
  }
}
