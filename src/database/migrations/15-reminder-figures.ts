// What reminders came to, as views: for each run, for each reason, and whether people fetched after being reminded.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReminderFigures1764000000015 implements MigrationInterface {
  name = 'ReminderFigures1764000000015';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const view of ['reminder_effect', 'reminder_skip_figures', 'reminder_run_figures'])
      await queryRunner.query(`drop view ${view}`);
  }
}

const STATEMENTS = [
  // `due`: chosen by the run, whatever became of it.
  `create view reminder_run_figures as
     select n.id as run_id, n.platform_id, n.slot, n.trigger, n.state, n.created_at, n.finished_at,
            count(r.id) as due,
            count(*) filter (where r.state = 'sent') as sent,
            count(*) filter (where r.state = 'unknown') as unknown,
            count(*) filter (where r.state = 'failed') as failed,
            count(*) filter (where r.state = 'skipped') as skipped,
            count(*) filter (where r.state = 'pending') as pending
       from reminder_run n
       left join reminder r on r.run_id = n.id
      group by n.id`,
  `create view reminder_skip_figures as
     select n.platform_id, n.id as run_id, n.slot, r.reason, count(*) as reminders
       from reminder r
       join reminder_run n on n.id = r.run_id
      where r.state = 'skipped'
      group by n.id, r.reason`,
  // One row for each reminder that was handed over: which of its delivery's reminders it was, and the first access after it that
  // came before the next one.
  `create view reminder_effect as
     select e.reminder_id, e.run_id, e.platform_id, e.slot, e.delivery_id, e.nth, e.sent_at,
            case when e.accessed_at >= e.sent_at and (e.next_sent_at is null or e.accessed_at < e.next_sent_at)
                 then e.accessed_at - e.sent_at end as accessed_after
       from (select r.id as reminder_id, r.run_id, n.platform_id, n.slot, r.delivery_id, r.sent_at, d.accessed_at,
                    row_number() over (partition by n.platform_id, r.delivery_id order by r.sent_at, r.id) as nth,
                    lead(r.sent_at) over (partition by n.platform_id, r.delivery_id order by r.sent_at, r.id) as next_sent_at
               from reminder r
               join reminder_run n on n.id = r.run_id
               join delivery d on d.id = r.delivery_id
              where r.state = 'sent') e`,
];
