// Deliveries that changed since they were written to the manifest assets in Mediaflux. Trials of a connection: a credential for a folder of its own that belongs to no upload and lives minutes. And when the
// end of a share was last tried, so that one that cannot be ended does not hold up the others.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Trials1764000000004 implements MigrationInterface {
  name = 'Trials1764000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop what was recorded. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `alter table mediaflux_credential
     drop constraint mediaflux_credential_purpose_check,
     add constraint mediaflux_credential_purpose_check check (purpose in ('upload', 'download', 'zip', 'trial')),
     alter upload_id drop not null,
     add trial_shareable_id uuid references upload_shareable,
     add end_tried_at timestamptz,
     add constraint mediaflux_credential_of_one_share check (
       (purpose = 'trial') = (trial_shareable_id is not null) and (purpose = 'trial') = (upload_id is null))`,
  `create index on mediaflux_credential (share_id)`,
  `create index on mediaflux_credential (trial_shareable_id, created_at) where trial_shareable_id is not null`,

  // Rows are only added and removed, so that changes of one upload's deliveries never wait for each other here.
  `create table delivery_change (
     id bigint generated always as identity primary key,
     upload_id uuid not null,
     tried_at timestamptz)`,
  `create index on delivery_change (upload_id)`,
  `create function note_delivery_change() returns trigger language plpgsql as $$
   begin
     insert into delivery_change (upload_id) values (new.upload_id);
     return null;
   end $$`,
  `create trigger delivery_noted after insert or update of handed_over_at, expires_at, accessed_at, revoked_at, gone_at
     on delivery for each row execute function note_delivery_change()`,
  `alter table upload add deliveries_written_sha256 bytea`,
  `insert into delivery_change (upload_id) select distinct upload_id from delivery`,
];
