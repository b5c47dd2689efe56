// Keys of calls that may be repeated are removed after a time, and a rotation of a shareable's token is one of these calls.
// Counts of tries stand in a table that is made here: limiters that made it themselves, several at once, failed where they
// met.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CountsAndRepeatedCalls1764000000024 implements MigrationInterface {
  name = 'CountsAndRepeatedCalls1764000000024';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('create index on idempotency_key (created_at)');
    // The last rotation: a call that repeats an earlier one gives no token.
    await queryRunner.query('alter table upload_shareable add rotation_id uuid');
    // As rate-limiter-flexible wants it. What was counted before stood there as hashes that can be guessed.
    await queryRunner.query(
      `create table if not exists rate_limit (
         key varchar(255) primary key,
         points integer not null default 0,
         expire bigint)`,
    );
    await queryRunner.query('delete from rate_limit');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table rate_limit');
    await queryRunner.query('alter table upload_shareable drop rotation_id');
    await queryRunner.query('drop index idempotency_key_created_at_idx');
  }
}
