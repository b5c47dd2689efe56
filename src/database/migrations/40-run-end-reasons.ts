// Why a reminder run ended before it had chosen whom to remind, or only some of them. Of those from before it was the state
// alone that told it.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunEndReasons1764000000040 implements MigrationInterface {
  name = 'RunEndReasons1764000000040';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table reminder_run add end_reason text check (end_reason in ('reminders-off', 'next-slot', 'mediaflux-away'))`,
    );
    await queryRunner.query(
      `update reminder_run
          set end_reason = case state when 'superseded' then 'next-slot' else 'reminders-off' end
        where state in ('superseded', 'cancelled')`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table reminder_run drop end_reason');
  }
}
