// A mail waits the longer the more often it was tried in vain. Its attempts count claims, also those of workers that were
// killed or never came to speak of it.
//
// Indexes: those that are due are found without passing those that are under way. And what is under way is in indexes that
// only who asks for leases gets: one of `state = 'sending'` is taken for a short one in every look-up of such a mail, by id
// or by subject, and in a run of many it holds all that were sent since the last vacuum.

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
    await queryRunner.query('drop index mail_outbox_sending');
    await queryRunner.query(
      'create index mail_outbox_leased on mail_outbox (lease_until, id) where lease_until is not null',
    );
    await queryRunner.query(
      `create index mail_outbox_in_flight on mail_outbox (subject_id)
        where lease_until is not null and handing_over_since is not null`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index mail_outbox_in_flight');
    await queryRunner.query('drop index mail_outbox_leased');
    await queryRunner.query(
      `create index mail_outbox_sending on mail_outbox (lease_until, id) where state = 'sending'`,
    );
    await queryRunner.query('drop index mail_outbox_due');
    await queryRunner.query(
      `create index mail_outbox_due on mail_outbox (next_attempt_at, id) where state in ('pending', 'sending')`,
    );
    await queryRunner.query('alter table mail_outbox drop failed_tries');
  }
}
