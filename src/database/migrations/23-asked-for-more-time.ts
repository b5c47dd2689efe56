// Who asked for more time is an event too: what a scanner asked is kept, and makes no request.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AskedForMoreTime1764000000023 implements MigrationInterface {
  name = 'AskedForMoreTime1764000000023';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table access_event drop constraint access_event_phase_check');
    await queryRunner.query(
      `alter table access_event add constraint access_event_phase_check check (phase in (
         'viewed', 'done', 'undone', 'opted-out', 'opted-in', 'not-received', 'received', 'more-time', 'attempted',
         'requested', 'started', 'completed', 'failed'))`,
    );
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: events are never changed.');
  }
}
