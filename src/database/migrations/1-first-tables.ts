// The first tables. Constraints here are the last word on what is unique; see docs/schema.sql for the result.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FirstTables1764000000001 implements MigrationInterface {
  name = 'FirstTables1764000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('The first migration cannot be taken back: it would drop every record. Restore a backup instead.');
  }
}

const STATEMENTS = [
  `create function refuse_change() returns trigger language plpgsql as $$
   begin
     raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
   end $$`,

  `create table person (
     id uuid primary key,
     address text not null,
     address_key text not null unique,
     created_at timestamptz not null default now())`,

  `create table platform (
     id uuid primary key,
     name text not null,
     namespace text not null,
     time_zone text not null,
     link_lifetime text not null,
     methods text[] not null check (cardinality(methods) > 0),
     contact_name text not null,
     contact_email text not null,
     folder_suffix text,
     language text not null,
     notify_on_access boolean not null,
     partial_counts boolean not null,
     direct_limit_bytes bigint not null,
     reminders_enabled boolean not null,
     reminders_enabled_at timestamptz,
     reminder_schedule text not null,
     reminder_minimum_age text not null,
     reminder_minimum_spacing text not null,
     reminder_maximum integer,
     reminder_operator_notice text not null
       check (reminder_operator_notice in ('none', 'shareable', 'project-metadata')),
     created_at timestamptz not null default now(),
     updated_at timestamptz not null default now(),
     check (not reminders_enabled or reminders_enabled_at is not null))`,

  `create table upload_shareable (
     id uuid primary key,
     number integer not null generated always as identity unique,
     platform_id uuid not null references platform,
     label text not null,
     ask_name boolean not null,
     ask_keywords boolean not null,
     uses integer not null default 0,
     revoked_at timestamptz,
     stop_running boolean not null default false,
     last_used_at timestamptz,
     last_used_host text,
     last_used_program text,
     created_at timestamptz not null default now())`,
  `create index on upload_shareable (platform_id)`,
  `create table upload_shareable_token (
     token_sha256 bytea primary key,
     shareable_id uuid not null references upload_shareable,
     last_four text not null,
     valid_until timestamptz,
     created_at timestamptz not null default now())`,
  `create index on upload_shareable_token (shareable_id)`,
  `create table upload_shareable_notify (
     shareable_id uuid not null references upload_shareable,
     person_id uuid not null references person,
     position integer not null,
     primary key (shareable_id, person_id))`,

  `create table upload (
     id uuid primary key,
     platform_id uuid not null references platform,
     shareable_id uuid references upload_shareable,
     use_number integer,
     folder text not null,
     folder_namespace text not null unique,
     data_namespace text not null,
     state text not null check (state in ('open', 'verifying', 'mismatch', 'complete', 'abandoned')),
     keywords text[] not null,
     name_suffix text,
     note text,
     operator_name text,
     operator_person_id uuid references person,
     youngest_file_at timestamptz not null,
     client_program text,
     client_host text,
     client_os text,
     warnings text[] not null default '{}',
     manifest_id uuid,
     files bigint not null default 0,
     bytes bigint not null default 0,
     folder_opened_at timestamptz,
     verifying_since timestamptz,
     lease_until timestamptz,
     matched_count bigint,
     matched_stime bigint,
     credential_destroyed_at timestamptz,
     manifest_asset_id text,
     completed_at timestamptz,
     dispatched_at timestamptz,
     abandoned_at timestamptz,
     last_progress_at timestamptz not null default now(),
     created_at timestamptz not null default now(),
     unique (shareable_id, use_number),
     check ((shareable_id is null) = (use_number is null)),
     check ((state = 'complete') = (completed_at is not null)))`,
  `create index on upload (platform_id, id)`,
  `create index upload_unfinished on upload (state) where state in ('open', 'verifying', 'mismatch')`,
  `create index upload_undispatched on upload (completed_at) where state = 'complete' and dispatched_at is null`,
  `create table upload_recipient (
     upload_id uuid not null references upload,
     person_id uuid not null references person,
     position integer not null,
     primary key (upload_id, person_id))`,
  `create index on upload_recipient (person_id)`,

  `create table manifest_entry (
     manifest_id uuid not null,
     line bigint not null,
     path text collate "C" not null,
     type text not null check (type in ('file', 'directory')),
     size bigint not null check (size >= 0),
     crc32 text,
     modified_at timestamptz,
     primary key (manifest_id, line))`,
  `create index on manifest_entry (manifest_id, md5(path))`,
  `create unlogged table listing_entry (
     upload_id uuid not null,
     path text collate "C" not null,
     type text not null check (type in ('file', 'directory')),
     size bigint,
     crc32 text)`,
  `create index on listing_entry (upload_id, md5(path))`,
  `create table upload_mismatch (
     upload_id uuid not null references upload,
     position bigint not null,
     path text collate "C" not null,
     problem text not null check (problem in ('missing', 'unexpected', 'size', 'checksum', 'unverifiable')),
     primary key (upload_id, position))`,

  `create table delivery (
     id uuid primary key,
     upload_id uuid not null references upload,
     platform_id uuid not null references platform,
     person_id uuid not null references person,
     ordinal integer not null check (ordinal >= 0),
     link_lifetime text not null,
     link_generation integer not null default 0,
     link_key_id text not null,
     handed_over_at timestamptz,
     expires_at timestamptz,
     accessed_at timestamptz,
     done_at timestamptz,
     opted_out_at timestamptz,
     undeliverable_at timestamptz,
     gone_at timestamptz,
     revoked_at timestamptz,
     first_access_told_at timestamptz,
     created_at timestamptz not null default now(),
     unique (upload_id, person_id, ordinal),
     check ((handed_over_at is null) = (expires_at is null)))`,
  `create index on delivery (platform_id, expires_at)`,
  `create index on delivery (person_id)`,

  `create table delivery_link (
     token_sha256 bytea primary key,
     delivery_id uuid not null references delivery,
     generation integer not null,
     purpose text not null check (purpose in ('share', 'unsubscribe')),
     created_at timestamptz not null default now(),
     unique (delivery_id, generation, purpose))`,

  `create table access_event (
     id uuid primary key,
     delivery_id uuid not null references delivery,
     platform_id uuid not null references platform,
     method text not null check (method in ('page', 'data-mover', 'direct', 'copy')),
     phase text not null check (phase in ('viewed', 'attempted', 'requested', 'started', 'completed', 'failed')),
     counts boolean not null,
     at timestamptz not null,
     details jsonb not null default '{}',
     recorded_at timestamptz not null default now(),
     check (method <> 'direct' or phase = 'attempted'),
     check (phase <> 'viewed' or not counts))`,
  `create index on access_event (delivery_id, at, id)`,
  `create trigger access_event_kept before update or delete on access_event
     for each statement execute function refuse_change()`,

  `create table download (
     id uuid primary key,
     delivery_id uuid not null references delivery,
     state text not null check (state in ('started', 'completed', 'failed')),
     files bigint not null default 0,
     bytes bigint not null default 0,
     whole boolean,
     started_at timestamptz not null,
     last_progress_at timestamptz not null,
     ended_at timestamptz)`,
  `create index on download (delivery_id)`,
  `create table download_fetched (
     download_id uuid not null references download,
     path text collate "C" not null)`,
  `create index on download_fetched (download_id)`,

  `create table content_copy (
     id uuid primary key,
     delivery_id uuid not null references delivery,
     state text not null check (state in ('requested', 'copying', 'completed', 'failed')),
     destination text not null,
     sealed_credential bytea,
     credential_id text,
     files bigint not null default 0,
     bytes bigint not null default 0,
     reason text,
     requested_at timestamptz not null,
     last_progress_at timestamptz not null,
     lease_until timestamptz,
     ended_at timestamptz,
     check (state in ('requested', 'copying') or sealed_credential is null))`,
  `create index on content_copy (delivery_id)`,
  `create index content_copy_unfinished on content_copy (state) where state in ('requested', 'copying')`,

  `create table mediaflux_credential (
     id uuid primary key,
     share_id uuid not null,
     purpose text not null check (purpose in ('upload', 'download', 'zip')),
     upload_id uuid not null references upload,
     delivery_id uuid references delivery,
     download_id uuid references download,
     namespace text not null,
     token_id text,
     expires_at timestamptz not null,
     destroy_requested_at timestamptz,
     destroyed_at timestamptz,
     created_at timestamptz not null default now())`,
  `create index on mediaflux_credential (upload_id)`,
  `create index on mediaflux_credential (delivery_id)`,
  `create index mediaflux_credential_alive on mediaflux_credential (expires_at) where destroyed_at is null`,

  `create table reminder_run (
     id uuid primary key,
     platform_id uuid not null references platform,
     slot timestamptz not null,
     trigger text not null check (trigger in ('scheduled', 'made-up', 'by-hand')),
     state text not null check (state in ('pending', 'selecting', 'sending', 'finished', 'superseded', 'cancelled')),
     lease_until timestamptz,
     selected_at timestamptz,
     finished_at timestamptz,
     noticed_at timestamptz,
     created_at timestamptz not null default now(),
     unique (platform_id, slot))`,
  `create index reminder_run_unfinished on reminder_run (state) where state in ('pending', 'selecting', 'sending')`,
  `create table reminder (
     id uuid primary key,
     run_id uuid not null references reminder_run,
     delivery_id uuid not null references delivery,
     state text not null check (state in ('pending', 'sent', 'unknown', 'failed', 'skipped')),
     reason text,
     last boolean not null,
     message_id text not null unique,
     sent_at timestamptz,
     created_at timestamptz not null default now(),
     unique (delivery_id, run_id))`,
  `create index on reminder (run_id, state)`,

  `create table mail_outbox (
     id uuid primary key,
     kind text not null,
     subject_id uuid not null,
     person_id uuid not null references person,
     message_id text not null,
     dedupe_key text not null unique,
     state text not null default 'pending'
       check (state in ('pending', 'sending', 'sent', 'unknown', 'failed', 'skipped')),
     at_most_once boolean not null,
     not_after timestamptz,
     next_attempt_at timestamptz not null default now(),
     attempt integer not null default 0,
     lease_until timestamptz,
     handing_over_since timestamptz,
     sent_at timestamptz,
     reason text,
     created_at timestamptz not null default now())`,
  `create index mail_outbox_due on mail_outbox (next_attempt_at, id) where state in ('pending', 'sending')`,
  `create index on mail_outbox (kind, subject_id)`,

  `create table audit_entry (
     id uuid primary key,
     at timestamptz not null default now(),
     actor text not null,
     action text not null,
     subject_kind text not null,
     subject_id uuid not null,
     before jsonb,
     after jsonb)`,
  `create index on audit_entry (subject_id, id)`,
  `create trigger audit_entry_kept before update or delete on audit_entry
     for each statement execute function refuse_change()`,

  `create table idempotency_key (
     scope text not null,
     key text not null,
     request_sha256 bytea not null,
     subject_id uuid not null,
     created_at timestamptz not null default now(),
     primary key (scope, key))`,

  `create table secret_key_in_use (
     key_id text primary key,
     first_seen_at timestamptz not null default now())`,
];
