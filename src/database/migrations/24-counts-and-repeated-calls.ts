// Keys of calls that may be repeated are removed after a time, and a rotation of a shareable's token is one of these calls.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RepeatedCalls1764000000024 implements MigrationInterface {
  name = 'RepeatedCalls1764000000024';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('create index on idempotency_key (created_at)');
    // The last rotation: a call that repeats an earlier one gives no token.
    await queryRunner.query('alter table upload_shareable add rotation_id uuid');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table upload_shareable drop rotation_id');
    await queryRunner.query('drop index idempotency_key_created_at_idx');
  }
}
