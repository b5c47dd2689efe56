// A mail waits the longer the more often it was tried in vain. Its attempts count claims, also those of workers that were
// killed or never came to speak of it. And looking for mails that are due no longer passes those that are under way.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FailedTries1764000000035 implements MigrationInterface {
  name = 'FailedTries1764000000035';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table mail_outbox add failed_tries int not null default 0 check (failed_tries >= 0)',
    );
    await queryRunner.query('drop index mail_outbox_due');
    await queryRunner.query(
      `create index mail_outbox_due on mail_outbox (next_attempt_at, id) where state = 'pending'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index mail_outbox_due');
    await queryRunner.query(
      `create index mail_outbox_due on mail_outbox (next_attempt_at, id) where state in ('pending', 'sending')`,
    );
    await queryRunner.query('alter table mail_outbox drop failed_tries');
  }
}
