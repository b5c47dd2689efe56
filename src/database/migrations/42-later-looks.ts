// Looks at complete uploads some time after they were verified: which are to be made, and what they found.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LaterLooks1764000000042 implements MigrationInterface {
  name = 'LaterLooks1764000000042';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop seals. Restore a backup instead.');
  }
}

const STATEMENTS = [
  // One row for each upload that is to be looked at; it goes with the last look. `not_before` is also the lease.
  `create table later_look (
     upload_id uuid primary key references upload,
     look smallint not null check (look > 0),
     due_at timestamptz not null,
     not_before timestamptz not null,
     attempt integer not null default 0,
     failures integer not null default 0)`,
  `create index on later_look (not_before)`,

  `create table upload_look (
     id uuid primary key,
     upload_id uuid not null references upload,
     platform_id uuid not null references platform,
     look smallint not null check (look > 0),
     finding text not null check (finding in ('unchanged', 'as-verified', 'changed', 'gone', 'not-seen')),
     verified_files bigint not null,
     verified_stime bigint not null,
     files bigint,
     stime bigint,
     differences bigint,
     differences_hash text,
     is_told boolean not null,
     at timestamptz not null,
     recorded_at timestamptz not null default now(),
     unique (upload_id, look),
     check (finding in ('gone', 'not-seen') or (files is not null and stime is not null)),
     check ((finding = 'changed') = (coalesce(differences, 0) > 0)),
     check (not is_told or finding = 'changed'))`,
  `create index upload_look_changed on upload_look (upload_id) where finding = 'changed'`,
  `create trigger upload_look_kept before update or delete on upload_look
     for each statement execute function refuse_change()`,
  `create trigger upload_look_not_emptied before truncate on upload_look
     for each statement execute function refuse_change()`,
  `create trigger upload_look_sealed after insert on upload_look
     for each row execute function await_seal_of_platform('upload-look')`,
  // Names of files are texts that people wrote: no part of what is sealed.
  `create table upload_look_path (
     look_id uuid not null references upload_look,
     position integer not null,
     path text collate "C" not null,
     problem text not null,
     primary key (look_id, position))`,

  `insert into later_look (upload_id, look, due_at, not_before)
   select id, look, completed_at + after, completed_at + after
     from (select id, completed_at,
                  case when completed_at > now() - interval '1 hour' then 1 else 2 end as look,
                  case when completed_at > now() - interval '1 hour' then interval '1 hour' else interval '24 hours' end as after
             from upload
            where state = 'complete'
              and matched_stime is not null
              and completed_at > now() - interval '24 hours') recent`,
];
