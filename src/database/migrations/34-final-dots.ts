// A mail knows whether the end of its content was sent: a server that dies before that leaves nothing in doubt.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FinalDots1764000000034 implements MigrationInterface {
  name = 'FinalDots1764000000034';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table mail_outbox add final_dot_at timestamptz');
    // Of what an older version is handing over just now nobody knows.
    await queryRunner.query(
      `update mail_outbox set final_dot_at = handing_over_since where state = 'sending' and handing_over_since is not null`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table mail_outbox drop final_dot_at');
  }
}
