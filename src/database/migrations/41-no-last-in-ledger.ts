// Whether a reminder is the last one is told when its mail is written, by what holds then: what the ledger said of it at
// the choosing nobody read.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NoLastInLedger1764000000041 implements MigrationInterface {
  name = 'NoLastInLedger1764000000041';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table reminder drop last');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table reminder add last boolean not null default false');
    await queryRunner.query('alter table reminder alter last drop default');
  }
}
