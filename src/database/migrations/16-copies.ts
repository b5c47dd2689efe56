// Copies to end users' projects: whether a platform takes passwords for them, and logons between the choice of a
// destination and its confirmation.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Copies1764000000016 implements MigrationInterface {
  name = 'Copies1764000000016';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: tokens that are kept sealed would live on in Mediaflux.');
  }
}

const STATEMENTS = [
  // Errors of Mediaflux, one after the other, that it does not explain.
  `alter table content_copy add failures integer not null default 0`,

  `alter table platform add copy_passwords boolean not null default true`,
  // Lives a quarter of an hour; the handle is known to the browser or program that logged on, and to nobody else.
  `create table copy_logon (
     id uuid primary key,
     handle_sha256 bytea not null unique,
     delivery_id uuid not null references delivery,
     sealed_credential bytea not null,
     credential_id text not null,
     expires_at timestamptz not null)`,
  `create index on copy_logon (expires_at)`,
];
