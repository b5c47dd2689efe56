// A reminder run counts who has taken it up: a worker that lost its lease to another neither renews nor releases that one's.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReminderRunAttempts1764000000033 implements MigrationInterface {
  name = 'ReminderRunAttempts1764000000033';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table reminder_run add attempt integer not null default 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table reminder_run drop attempt');
  }
}
