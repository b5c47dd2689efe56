// The tables that choosing is measured on, and the same questions as somebody would write them in bare SQL.

import type pg from 'pg';

const PLATFORM = '00000000-0000-7000-8000-000000000001';
const BEFORE = '00000000-0000-7000-8000-000000000002';
const RUN = '00000000-0000-7000-8000-000000000003';
const NOW = '2026-06-01T00:00:00Z';
const COLUMNS =
  'id, upload_id, platform_id, person_id, ordinal, link_lifetime, link_key_id, handed_over_at, expires_at';

export const FILLED = {
  platformId: PLATFORM,
  runId: RUN,
  now: new Date(NOW),
  newRun: `insert into reminder_run (id, platform_id, slot, trigger, state) values ('${RUN}', '${PLATFORM}', '${NOW}', 'scheduled', 'selecting')
             on conflict (id) do update set selected_until_at = '-infinity', selected_until_id = '00000000-0000-0000-0000-000000000000'`,
  forget: `with gone as (delete from reminder where run_id = '${RUN}' returning id)
           delete from mail_outbox where subject_id in (select id from gone)`,
};

/**
 * `open` deliveries of one platform, handed over in the three weeks before. Of those that are not due most were reminded
 * this morning and a quarter are too young; some are being fetched, some have been reshared since.
 */
export async function fill(database: pg.Client, open: number, isDue: boolean): Promise<void> {
  // Foreign keys are not asked while the tables are filled.
  await database.query('set session_replication_role = replica');
  await database.query(
    `insert into platform (id, name, namespace, time_zone, link_lifetime, methods, contact_name, contact_email, language,
                           notify_on_access, partial_counts, direct_limit_bytes, reminders_enabled, reminders_enabled_at,
                           reminder_schedule, reminder_minimum_age, reminder_minimum_spacing, reminder_operator_notice)
     values ('${PLATFORM}', 'Microscopy', '/p', 'UTC', 'P30D', '{direct}', 'Desk', 'desk@example.org', 'en', true, true, 1,
             true, '2026-01-01', '0 9 * * 1', 'PT24H', 'PT24H', 'none')`,
  );
  await database.query(
    `insert into reminder_run (id, platform_id, slot, trigger, state)
     values ('${BEFORE}', '${PLATFORM}', '2026-05-31T20:00:00Z', 'scheduled', 'finished')`,
  );
  await database.query(
    `insert into person (id, address, address_key)
     select gen_random_uuid(), n || '@example.org', n || '@example.org' from generate_series(1, 20000) n`,
  );
  await database.query(
    `create temporary table made as
     select n, uuidv7() as id, uuidv7() as upload_id, p.id as person_id,
            case
              when $2 then 'due'
              when n % 20 = 0 then 'being fetched'
              when n % 20 = 1 then 'reshared'
              when n % 20 < 7 then 'too young'
              else 'reminded'
            end as why,
            '${NOW}'::timestamptz - interval '2 days' - make_interval(secs => 21 * 86400.0 * ($1::int - n) / $1::int) as dispatched_at
       from generate_series(1, $1::int) n
       join (select id, row_number() over () as number from person) p on p.number = 1 + n % 20000
      order by n`,
    [open, isDue],
  );
  await database.query(
    `insert into upload (id, platform_id, folder, folder_namespace, data_namespace, state, keywords, youngest_file_at, completed_at)
     select upload_id, '${PLATFORM}', 'f' || n, '/p/f' || n, '/p/f' || n || '/data', 'complete', '{}', dispatched_at, dispatched_at from made order by n`,
  );
  await database.query(
    `insert into delivery (${COLUMNS})
     select id, upload_id, '${PLATFORM}', person_id, 0, 'P30D', 'x',
            case why when 'too young' then '${NOW}'::timestamptz - interval '1 hour' else dispatched_at end, dispatched_at + interval '30 days'
       from made
      order by n`,
  );
  await database.query(
    `insert into delivery (${COLUMNS})
     select uuidv7(), upload_id, '${PLATFORM}', person_id, 1, 'P30D', 'x', '${NOW}'::timestamptz - interval '1 hour',
            '${NOW}'::timestamptz + interval '30 days'
       from made
      where why = 'reshared'`,
  );
  await database.query(
    `insert into download (id, delivery_id, state, started_at, last_progress_at)
     select gen_random_uuid(), id, 'started', dispatched_at, '${NOW}'::timestamptz - interval '1 hour' from made where why = 'being fetched'`,
  );
  // Those that are due had one long ago: nobody chooses from an empty ledger for long.
  await database.query(
    `insert into reminder (id, run_id, delivery_id, state, message_id, sent_at, tried_at)
     select uuidv7(), '${BEFORE}', id, 'sent', id::text, at, at
       from made
      cross join lateral (
            select case why when 'due' then '2026-05-20T20:00:00Z'::timestamptz else '2026-05-31T20:00:00Z'::timestamptz end as at) a
      where why in ('due', 'reminded')
      order by n`,
  );
  await database.query('drop table made');
  await database.query('set session_replication_role = origin');
  await database.query('vacuum analyze');
}

const QUESTION = `
  from delivery d
 where d.platform_id = '${PLATFORM}'
   and d.revoked_at is null
   and d.gone_at is null
   and d.expires_at > '${NOW}'
   and d.accessed_at is null
   and d.done_at is null
   and d.opted_out_at is null
   and d.undeliverable_at is null
   and not exists (
         select
           from delivery o
          where o.upload_id = d.upload_id
            and o.person_id = d.person_id
            and o.id <> d.id
            and o.revoked_at is null
            and o.gone_at is null
            and o.handed_over_at <= '${NOW}'
            and o.expires_at > '${NOW}'
            and (o.expires_at, o.id) > (d.expires_at, d.id))
   and not exists (
         select
           from download p
          where p.delivery_id = d.id
            and p.state = 'started'
            and p.last_progress_at > timestamptz '${NOW}' - interval '24 hours')
   and not exists (
         select
           from content_copy p
          where p.delivery_id = d.id
            and p.state in ('requested', 'copying')
            and p.last_progress_at > timestamptz '${NOW}' - interval '24 hours')
   and d.handed_over_at <= timestamptz '${NOW}' - interval '24 hours'
   and not exists (
         select
           from reminder r
          where r.delivery_id = d.id
            and r.tried_at > timestamptz '${NOW}' - interval '24 hours')`;

export const BARE_QUESTION = `\\o /dev/null\nselect d.id, d.person_id, d.expires_at ${QUESTION};\n`;

export const INSERT_BARE = `
begin;
insert into reminder (id, run_id, delivery_id, state, message_id)
select id, '${RUN}', delivery_id, 'pending', '<reminder-' || id || '@localhost>'
  from (select uuidv7() as id, d.id as delivery_id ${QUESTION}) chosen;
insert into mail_outbox (id, kind, subject_id, person_id, message_id, dedupe_key, at_most_once, not_after)
select uuidv7(), 'reminder', r.id, d.person_id, r.message_id, 'reminder:' || r.id, true, d.expires_at
  from reminder r
  join delivery d on d.id = r.delivery_id
 where r.run_id = '${RUN}';
commit;
`;
