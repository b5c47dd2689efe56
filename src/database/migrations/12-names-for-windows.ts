// How many names of an upload Windows cannot hold, or takes for one and the same: its end users are told.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NamesForWindows1764000000012 implements MigrationInterface {
  name = 'NamesForWindows1764000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table upload add names_not_for_windows bigint not null default 0');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table upload drop column names_not_for_windows');
  }
}
