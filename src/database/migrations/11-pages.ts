// What the pages behind a link need: the folders of a manifest with what is in them, and what an end user says of a
// direct download afterwards.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Pages1764000000011 implements MigrationInterface {
  name = 'Pages1764000000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop what people said. Restore a backup instead.');
  }
}

const STATEMENTS = [
  // Made of the manifest when somebody looks first; the top (number 1, path empty) is there exactly then.
  `create table manifest_folder (
     manifest_id uuid not null,
     number integer not null,
     parent integer,
     path text collate "C" not null,
     files bigint not null,
     bytes bigint not null,
     primary key (manifest_id, number))`,
  `create index on manifest_folder (manifest_id, parent, number)`,
  // A path can be longer than an index takes.
  `create unique index on manifest_folder (manifest_id, md5(path))`,
  // Lines of the manifest, one after the other, whose files lie directly in one folder.
  `create table manifest_run (
     manifest_id uuid not null,
     folder integer not null,
     first_line bigint not null,
     last_line bigint not null,
     primary key (manifest_id, folder, first_line))`,

  `alter table access_event
     drop constraint access_event_phase_check,
     add constraint access_event_phase_check check (phase in ('viewed', 'done', 'undone', 'opted-out', 'opted-in',
       'not-received', 'received', 'attempted', 'requested', 'started', 'completed', 'failed'))`,
];
