// A reminder that somebody confirmed keeps what they set aside and the events behind it. What comes afterwards is told from
// these by what it is: the clocks of two servers say nothing of which was first.

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All that could be set aside; of those that wait nobody knows which it was. */
const SET_ASIDE = '["accessed", "done", "superseded", "in-progress", "too-young", "too-soon", "enough"]';

export class Confirmations1764000000039 implements MigrationInterface {
  name = 'Confirmations1764000000039';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table reminder add confirmation jsonb');
    await queryRunner.query(`
      update reminder r
         set confirmation = jsonb_build_object(
               'setAside', '${SET_ASIDE}'::jsonb,
               'doneAt', d.done_at,
               'accesses', (
                 select coalesce(jsonb_agg(e.id), '[]'::jsonb)
                   from delivery o
                   join judged_access e on e.delivery_id = o.id
                  where o.upload_id = d.upload_id
                    and o.person_id = d.person_id
                    and e.counts))
        from delivery d
       where d.id = r.delivery_id
         and r.state = 'pending'
         and r.reason = 'confirmed'`);
    await queryRunner.query(
      `alter table reminder add constraint reminder_confirmation_is_known
         check (state <> 'pending' or (reason is not distinct from 'confirmed') = (confirmation is not null))`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table reminder drop confirmation');
  }
}
