// Limits of shareables, where each token is used, clocks of stalled uploads; manifests and verification without indexes
// that a load of a million lines would pay for.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LimitsAndStalls1764000000002 implements MigrationInterface {
  name = 'LimitsAndStalls1764000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop what was recorded. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `alter table platform
     add stall_notice text not null default 'P1D',
     add stall_limit text not null default 'P7D'`,

  `alter table upload_shareable
     add uploads_per_day integer check (uploads_per_day > 0),
     add recipients_per_day integer check (recipients_per_day > 0),
     add recipient_domains text[] check (cardinality(recipient_domains) > 0)`,
  `alter table upload_shareable_token
     add last_used_at timestamptz,
     add last_refused_at timestamptz`,
  `create table upload_shareable_token_use (
     token_sha256 bytea not null references upload_shareable_token,
     host text not null,
     program text not null,
     uses integer not null default 1,
     first_used_at timestamptz not null default now(),
     last_used_at timestamptz not null default now(),
     primary key (token_sha256, host, program))`,
  `create table upload_shareable_recipient (
     id bigint generated always as identity primary key,
     shareable_id uuid not null references upload_shareable,
     upload_id uuid not null references upload,
     person_id uuid not null references person,
     at timestamptz not null default now())`,
  `create index on upload_shareable_recipient (shareable_id, at)`,
  `create index on upload_shareable_recipient (upload_id, person_id)`,

  `alter table upload
     add manifest_warnings text[] not null default '{}',
     add client_clock_skew_seconds bigint,
     add verification_attempt integer not null default 0,
     add stall_told_at timestamptz,
     add looked_at timestamptz,
     add seen_count bigint not null default 0,
     add seen_stime bigint not null default 0`,
  `create index on upload (shareable_id, created_at)`,
  `create table stall_clock (
     one boolean primary key default true check (one),
     seen_at timestamptz not null default now())`,
  `insert into stall_clock default values`,

  `alter table manifest_entry add fold integer`,
  `drop index manifest_entry_manifest_id_md5_idx`,
  `drop table listing_entry`,
];
