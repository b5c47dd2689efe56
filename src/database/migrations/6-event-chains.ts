// Chains of sealed events, clients of requests apart from them, and overrules. What is chained is never erased, so texts
// that people wrote stand in a table of their own.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EventChains1764000000006 implements MigrationInterface {
  name = 'EventChains1764000000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('This migration cannot be taken back: it would drop seals. Restore a backup instead.');
  }
}

/** Refuses to change, remove or empty. */
const kept = (table: string): string[] => [
  `create trigger ${table}_kept before update or delete on ${table}
     for each statement execute function refuse_change()`,
  `create trigger ${table}_not_emptied before truncate on ${table}
     for each statement execute function refuse_change()`,
];

const STATEMENTS = [
  `create table chain_head (
     chain text collate "C" primary key,
     sequence bigint not null default 0 check (sequence >= 0),
     sha256 bytea not null default decode(repeat('00', 32), 'hex'),
     sealed_at timestamptz)`,
  `create table chain_seal (
     chain text collate "C" not null,
     sequence bigint not null check (sequence > 0),
     kind text not null,
     entry_id uuid not null unique,
     previous_sha256 bytea not null,
     sha256 bytea not null,
     sealed_at timestamptz not null,
     primary key (chain, sequence))`,
  ...kept('chain_seal'),

  // Written with each entry, in its transaction: whenever that commits, the sealer finds it.
  `create table unsealed_entry (
     chain text collate "C" not null,
     entry_id uuid not null,
     kind text not null,
     primary key (chain, entry_id))`,
  `create function await_seal_of_platform() returns trigger language plpgsql as $$
   begin
     insert into unsealed_entry (chain, entry_id, kind) values (new.platform_id::text, new.id, tg_argv[0]);
     return null;
   end $$`,
  `create function await_seal_of_administration() returns trigger language plpgsql as $$
   begin
     insert into unsealed_entry (chain, entry_id, kind) values ('administration', new.id, tg_argv[0]);
     return null;
   end $$`,

  `create table access_remark (
     subject_id uuid primary key,
     remark text not null,
     recorded_at timestamptz not null default now())`,
  `alter table access_event disable trigger access_event_kept`,
  `insert into access_remark (subject_id, remark, recorded_at)
   select id, coalesce(details ->> 'reason', details ->> 'note'), recorded_at
     from access_event
    where coalesce(details ->> 'reason', details ->> 'note') is not null`,
  `update access_event set details = details - 'reason' - 'note' where details ?| array['reason', 'note']`,
  `alter table access_event enable trigger access_event_kept`,

  `alter table access_event
     drop constraint access_event_phase_check,
     add constraint access_event_phase_check check (phase in ('viewed', 'done', 'undone', 'opted-out', 'opted-in',
       'attempted', 'requested', 'started', 'completed', 'failed')),
     add constraint access_event_page_check check (method <> 'page' or not counts)`,

  `create table access_overrule (
     id uuid primary key,
     number bigint not null generated always as identity unique,
     event_id uuid not null references access_event,
     delivery_id uuid not null references delivery,
     platform_id uuid not null references platform,
     counts boolean not null,
     actor text not null,
     at timestamptz not null,
     recorded_at timestamptz not null default now())`,
  `create index on access_overrule (event_id, number)`,
  `create index on access_overrule (delivery_id)`,
  // Events with what counts by the last overrule, or as it was recorded.
  `create view judged_access as
   select e.id, e.delivery_id, e.platform_id, e.method, e.phase, e.at, e.details, coalesce(o.counts, e.counts) as counts,
          o.id as overrule_id, o.actor as overruled_by, o.at as overruled_at
     from access_event e
     left join lateral (
          select id, counts, actor, at from access_overrule where event_id = e.id order by number desc limit 1) o on true`,
  ...kept('access_overrule'),
  `create trigger access_event_not_emptied before truncate on access_event
     for each statement execute function refuse_change()`,
  `create trigger audit_entry_not_emptied before truncate on audit_entry
     for each statement execute function refuse_change()`,

  `create trigger access_event_sealed after insert on access_event
     for each row execute function await_seal_of_platform('access-event')`,
  `create trigger access_overrule_sealed after insert on access_overrule
     for each row execute function await_seal_of_platform('access-overrule')`,
  `create trigger audit_entry_sealed after insert on audit_entry
     for each row execute function await_seal_of_administration('audit-entry')`,
  `insert into unsealed_entry (chain, entry_id, kind) select platform_id::text, id, 'access-event' from access_event`,
  `insert into unsealed_entry (chain, entry_id, kind) select 'administration', id, 'audit-entry' from audit_entry`,

  // The manifest asset tells each method's first access, also where the delivery's own row does not change by it.
  `create function note_access_change() returns trigger language plpgsql as $$
   begin
     insert into delivery_change (upload_id) select upload_id from delivery where id = new.delivery_id;
     return null;
   end $$`,
  `create trigger access_event_noted after insert on access_event
     for each row when (new.counts) execute function note_access_change()`,
  `create trigger access_overrule_noted after insert on access_overrule
     for each row execute function note_access_change()`,

  `create table access_client (
     event_id uuid primary key references access_event,
     delivery_id uuid not null,
     program text not null,
     address_hash bytea not null,
     agent_hash bytea not null,
     is_head boolean not null,
     followed_hidden_link boolean not null,
     at timestamptz not null)`,
  `create index on access_client (address_hash, agent_hash, at)`,
  `create index on access_client (at)`,
];
