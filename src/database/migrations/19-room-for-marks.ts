// Deliveries are marked after they were made: handed over, accessed, done. A page of the table with room to spare takes
// the new version of a row beside the old one, and no index has to be told; without, each of five is written.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RoomForMarks1764000000019 implements MigrationInterface {
  name = 'RoomForMarks1764000000019';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table delivery set (fillfactor = 80)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table delivery reset (fillfactor)');
  }
}
