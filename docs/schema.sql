-- Made by `npm run generate` from the database after all migrations. Not to be edited, and not run.

create table access_client (
  event_id uuid not null,
  delivery_id uuid not null,
  program text not null,
  address_hash bytea not null,
  agent_hash bytea not null,
  is_head boolean not null,
  followed_hidden_link boolean not null,
  at timestamp with time zone not null,
  constraint access_client_pkey PRIMARY KEY (event_id),
  constraint access_client_event_id_fkey FOREIGN KEY (event_id) REFERENCES access_event(id));

CREATE INDEX access_client_address_hash_agent_hash_at_idx ON public.access_client USING btree (address_hash, agent_hash, at);
CREATE INDEX access_client_at_idx ON public.access_client USING btree (at);
CREATE INDEX access_client_followed ON public.access_client USING btree (address_hash, agent_hash, at) WHERE followed_hidden_link;
CREATE INDEX access_client_of_delivery ON public.access_client USING btree (delivery_id, at) WHERE (followed_hidden_link OR is_head);

create table access_event (
  id uuid not null,
  delivery_id uuid not null,
  platform_id uuid not null,
  method text not null,
  phase text not null,
  counts boolean not null,
  at timestamp with time zone not null,
  details jsonb default '{}'::jsonb not null,
  recorded_at timestamp with time zone default now() not null,
  constraint access_event_pkey PRIMARY KEY (id),
  constraint access_event_check CHECK (((method <> 'direct'::text) OR (phase = 'attempted'::text))),
  constraint access_event_check1 CHECK (((phase <> 'viewed'::text) OR (NOT counts))),
  constraint access_event_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint access_event_method_check CHECK ((method = ANY (ARRAY['page'::text, 'data-mover'::text, 'direct'::text, 'copy'::text]))),
  constraint access_event_page_check CHECK (((method <> 'page'::text) OR (NOT counts))),
  constraint access_event_phase_check CHECK ((phase = ANY (ARRAY['viewed'::text, 'done'::text, 'undone'::text, 'opted-out'::text, 'opted-in'::text, 'not-received'::text, 'received'::text, 'more-time'::text, 'attempted'::text, 'requested'::text, 'started'::text, 'completed'::text, 'failed'::text]))),
  constraint access_event_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platform(id));

CREATE INDEX access_event_delivery_id_at_id_idx ON public.access_event USING btree (delivery_id, at, id);
CREATE TRIGGER access_event_kept BEFORE DELETE OR UPDATE ON public.access_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_event_not_emptied BEFORE TRUNCATE ON public.access_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_event_noted AFTER INSERT ON public.access_event FOR EACH ROW WHEN (new.counts) EXECUTE FUNCTION note_access_change();
CREATE TRIGGER access_event_sealed AFTER INSERT ON public.access_event FOR EACH ROW EXECUTE FUNCTION await_seal_of_platform('access-event');

create table access_overrule (
  id uuid not null,
  number bigint generated always as identity not null,
  event_id uuid not null,
  delivery_id uuid not null,
  platform_id uuid not null,
  counts boolean not null,
  actor text not null,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone default now() not null,
  constraint access_overrule_pkey PRIMARY KEY (id),
  constraint access_overrule_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint access_overrule_event_id_fkey FOREIGN KEY (event_id) REFERENCES access_event(id),
  constraint access_overrule_number_key UNIQUE (number),
  constraint access_overrule_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platform(id));

CREATE INDEX access_overrule_delivery_id_idx ON public.access_overrule USING btree (delivery_id);
CREATE INDEX access_overrule_event_id_number_idx ON public.access_overrule USING btree (event_id, number);
CREATE TRIGGER access_overrule_kept BEFORE DELETE OR UPDATE ON public.access_overrule FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_overrule_not_emptied BEFORE TRUNCATE ON public.access_overrule FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_overrule_noted AFTER INSERT ON public.access_overrule FOR EACH ROW EXECUTE FUNCTION note_access_change();
CREATE TRIGGER access_overrule_sealed AFTER INSERT ON public.access_overrule FOR EACH ROW EXECUTE FUNCTION await_seal_of_platform('access-overrule');

create table access_remark (
  subject_id uuid not null,
  remark text not null,
  recorded_at timestamp with time zone default now() not null,
  constraint access_remark_pkey PRIMARY KEY (subject_id));

create table audit_entry (
  id uuid not null,
  at timestamp with time zone default now() not null,
  actor text not null,
  action text not null,
  subject_kind text not null,
  subject_id uuid not null,
  before jsonb,
  after jsonb,
  constraint audit_entry_pkey PRIMARY KEY (id));

CREATE INDEX audit_entry_subject_id_id_idx ON public.audit_entry USING btree (subject_id, id);
CREATE TRIGGER audit_entry_kept BEFORE DELETE OR UPDATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_sealed AFTER INSERT ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION await_seal_of_administration('audit-entry');

create table chain_head (
  chain text collate "C" not null,
  sequence bigint default 0 not null,
  sha256 bytea default decode(repeat('00'::text, 32), 'hex'::text) not null,
  sealed_at timestamp with time zone,
  constraint chain_head_pkey PRIMARY KEY (chain),
  constraint chain_head_sequence_check CHECK ((sequence >= 0)));

create table chain_seal (
  chain text collate "C" not null,
  sequence bigint not null,
  kind text not null,
  entry_id uuid not null,
  previous_sha256 bytea not null,
  sha256 bytea not null,
  sealed_at timestamp with time zone not null,
  constraint chain_seal_pkey PRIMARY KEY (chain, sequence),
  constraint chain_seal_entry_id_key UNIQUE (entry_id),
  constraint chain_seal_sequence_check CHECK ((sequence > 0)));

CREATE TRIGGER chain_seal_kept BEFORE DELETE OR UPDATE ON public.chain_seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER chain_seal_not_emptied BEFORE TRUNCATE ON public.chain_seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table content_copy (
  id uuid not null,
  delivery_id uuid not null,
  state text not null,
  destination text not null,
  sealed_credential bytea,
  credential_id text,
  files bigint default 0 not null,
  bytes bigint default 0 not null,
  reason text,
  requested_at timestamp with time zone not null,
  last_progress_at timestamp with time zone not null,
  lease_until timestamp with time zone,
  ended_at timestamp with time zone,
  reason_sentence jsonb,
  failures integer default 0 not null,
  attempt integer default 0 not null,
  constraint content_copy_pkey PRIMARY KEY (id),
  constraint content_copy_check CHECK (((state = ANY (ARRAY['requested'::text, 'copying'::text])) OR (sealed_credential IS NULL))),
  constraint content_copy_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint content_copy_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'copying'::text, 'completed'::text, 'failed'::text]))));

CREATE INDEX content_copy_delivery_id_idx ON public.content_copy USING btree (delivery_id);
CREATE INDEX content_copy_running ON public.content_copy USING btree (delivery_id, last_progress_at) WHERE (state = ANY (ARRAY['requested'::text, 'copying'::text]));
CREATE INDEX content_copy_unfinished ON public.content_copy USING btree (state) WHERE (state = ANY (ARRAY['requested'::text, 'copying'::text]));

create table copied_access_entries (
  namespace text not null,
  entries jsonb not null,
  copied_at timestamp with time zone default now() not null,
  constraint copied_access_entries_pkey PRIMARY KEY (namespace));

create table copy_logon (
  id uuid not null,
  handle_sha256 bytea not null,
  delivery_id uuid not null,
  sealed_credential bytea not null,
  credential_id text not null,
  expires_at timestamp with time zone not null,
  constraint copy_logon_pkey PRIMARY KEY (id),
  constraint copy_logon_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint copy_logon_handle_sha256_key UNIQUE (handle_sha256));

CREATE INDEX copy_logon_expires_at_idx ON public.copy_logon USING btree (expires_at);

create table delivery (
  id uuid not null,
  upload_id uuid not null,
  platform_id uuid not null,
  person_id uuid not null,
  ordinal integer not null,
  link_lifetime text not null,
  link_generation integer default 0 not null,
  link_key_id text not null,
  handed_over_at timestamp with time zone,
  expires_at timestamp with time zone,
  accessed_at timestamp with time zone,
  done_at timestamp with time zone,
  opted_out_at timestamp with time zone,
  undeliverable_at timestamp with time zone,
  gone_at timestamp with time zone,
  revoked_at timestamp with time zone,
  first_access_told_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  expiry_edition integer default 0 not null,
  constraint delivery_pkey PRIMARY KEY (id),
  constraint delivery_check CHECK (((handed_over_at IS NULL) = (expires_at IS NULL))),
  constraint delivery_ordinal_check CHECK ((ordinal >= 0)),
  constraint delivery_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint delivery_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platform(id),
  constraint delivery_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES upload(id),
  constraint delivery_upload_id_person_id_ordinal_key UNIQUE (upload_id, person_id, ordinal)) with (fillfactor=80);

CREATE INDEX delivery_again ON public.delivery USING btree (upload_id, person_id) WHERE (ordinal > 0);
CREATE INDEX delivery_person_id_idx ON public.delivery USING btree (person_id);
CREATE INDEX delivery_platform_id_expires_at_idx ON public.delivery USING btree (platform_id, expires_at);
CREATE INDEX delivery_remindable ON public.delivery USING btree (platform_id, expires_at, id) WHERE (handed_over_at IS NOT NULL);
CREATE TRIGGER delivery_noted AFTER INSERT OR UPDATE OF handed_over_at, expires_at, accessed_at, revoked_at, gone_at ON public.delivery FOR EACH ROW EXECUTE FUNCTION note_delivery_change();

create table delivery_change (
  id bigint generated always as identity not null,
  upload_id uuid not null,
  tried_at timestamp with time zone,
  constraint delivery_change_pkey PRIMARY KEY (id));

CREATE INDEX delivery_change_upload_id_idx ON public.delivery_change USING btree (upload_id);

create table delivery_link (
  token_sha256 bytea not null,
  delivery_id uuid not null,
  generation integer not null,
  purpose text not null,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  constraint delivery_link_pkey PRIMARY KEY (token_sha256),
  constraint delivery_link_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint delivery_link_delivery_id_generation_purpose_key UNIQUE (delivery_id, generation, purpose),
  constraint delivery_link_purpose_check CHECK ((purpose = ANY (ARRAY['share'::text, 'unsubscribe'::text]))));

create table download (
  id uuid not null,
  delivery_id uuid not null,
  state text not null,
  files bigint default 0 not null,
  bytes bigint default 0 not null,
  whole boolean,
  started_at timestamp with time zone not null,
  last_progress_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  reported_files bigint default 0 not null,
  reported_bytes bigint default 0 not null,
  constraint download_pkey PRIMARY KEY (id),
  constraint download_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint download_state_check CHECK ((state = ANY (ARRAY['started'::text, 'completed'::text, 'failed'::text]))));

CREATE INDEX download_delivery_id_idx ON public.download USING btree (delivery_id);
CREATE INDEX download_running ON public.download USING btree (delivery_id, last_progress_at) WHERE (state = 'started'::text);

create table download_fetched (
  download_id uuid not null,
  path text collate "C" not null,
  constraint download_fetched_download_id_fkey FOREIGN KEY (download_id) REFERENCES download(id));

CREATE INDEX download_fetched_download_id_idx ON public.download_fetched USING btree (download_id);

create table extension_request (
  id uuid not null,
  delivery_id uuid not null,
  state text not null,
  reason text,
  link_lifetime text,
  requested_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  constraint extension_request_pkey PRIMARY KEY (id),
  constraint extension_request_check CHECK (((state = 'open'::text) = (decided_at IS NULL))),
  constraint extension_request_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint extension_request_state_check CHECK ((state = ANY (ARRAY['open'::text, 'granted'::text, 'declined'::text]))));

CREATE INDEX extension_request_delivery_id_id_idx ON public.extension_request USING btree (delivery_id, id);
CREATE INDEX extension_request_state_id_idx ON public.extension_request USING btree (state, id);
CREATE UNIQUE INDEX extension_request_open ON public.extension_request USING btree (delivery_id) WHERE (state = 'open'::text);

create table idempotency_key (
  scope text not null,
  key text not null,
  request_sha256 bytea not null,
  subject_id uuid not null,
  created_at timestamp with time zone default now() not null,
  constraint idempotency_key_pkey PRIMARY KEY (scope, key));

CREATE INDEX idempotency_key_created_at_idx ON public.idempotency_key USING btree (created_at);

create table joint_unsubscribe_link (
  token_sha256 bytea not null,
  delivery_id uuid not null,
  created_at timestamp with time zone default now() not null,
  constraint joint_unsubscribe_link_pkey PRIMARY KEY (token_sha256, delivery_id),
  constraint joint_unsubscribe_link_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id));

CREATE INDEX joint_unsubscribe_link_delivery ON public.joint_unsubscribe_link USING btree (delivery_id);

create table later_look (
  upload_id uuid not null,
  look smallint not null,
  due_at timestamp with time zone not null,
  not_before timestamp with time zone not null,
  attempt integer default 0 not null,
  failures integer default 0 not null,
  constraint later_look_pkey PRIMARY KEY (upload_id),
  constraint later_look_look_check CHECK ((look > 0)),
  constraint later_look_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES upload(id));

CREATE INDEX later_look_not_before_idx ON public.later_look USING btree (not_before);

create table mail_bounce (
  id uuid not null,
  mail_id uuid not null,
  delivery_id uuid,
  report_sha256 bytea not null,
  severity text not null,
  action text not null,
  status text not null,
  at timestamp with time zone default now() not null,
  constraint mail_bounce_pkey PRIMARY KEY (id),
  constraint mail_bounce_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint mail_bounce_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mail_outbox(id),
  constraint mail_bounce_mail_id_report_sha256_key UNIQUE (mail_id, report_sha256),
  constraint mail_bounce_severity_check CHECK ((severity = ANY (ARRAY['hard'::text, 'soft'::text]))));

CREATE INDEX mail_bounce_delivery_id_idx ON public.mail_bounce USING btree (delivery_id);

create table mail_outbox (
  id uuid not null,
  kind text not null,
  subject_id uuid not null,
  person_id uuid not null,
  message_id text not null,
  dedupe_key text not null,
  state text default 'pending'::text not null,
  at_most_once boolean not null,
  not_after timestamp with time zone,
  next_attempt_at timestamp with time zone default now() not null,
  attempt integer default 0 not null,
  lease_until timestamp with time zone,
  handing_over_since timestamp with time zone,
  sent_at timestamp with time zone,
  reason text,
  created_at timestamp with time zone default now() not null,
  final_dot_at timestamp with time zone,
  failed_tries integer default 0 not null,
  constraint mail_outbox_pkey PRIMARY KEY (id),
  constraint mail_outbox_dedupe_key_key UNIQUE (dedupe_key),
  constraint mail_outbox_failed_tries_check CHECK ((failed_tries >= 0)),
  constraint mail_outbox_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint mail_outbox_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'unknown'::text, 'failed'::text, 'skipped'::text]))));

CREATE INDEX mail_outbox_due ON public.mail_outbox USING btree (next_attempt_at, id) WHERE (state = 'pending'::text);
CREATE INDEX mail_outbox_in_flight ON public.mail_outbox USING btree (subject_id) WHERE ((lease_until IS NOT NULL) AND (handing_over_since IS NOT NULL));
CREATE INDEX mail_outbox_kind_subject_id_idx ON public.mail_outbox USING btree (kind, subject_id);
CREATE INDEX mail_outbox_leased ON public.mail_outbox USING btree (lease_until, id) WHERE (lease_until IS NOT NULL);
CREATE INDEX mail_outbox_message_id_idx ON public.mail_outbox USING btree (message_id);

create table manifest_entry (
  manifest_id uuid not null,
  line bigint not null,
  path text collate "C" not null,
  type text not null,
  size bigint not null,
  crc32 text,
  modified_at timestamp with time zone,
  fold integer,
  constraint manifest_entry_pkey PRIMARY KEY (manifest_id, line),
  constraint manifest_entry_size_check CHECK ((size >= 0)),
  constraint manifest_entry_type_check CHECK ((type = ANY (ARRAY['file'::text, 'directory'::text]))));

create table manifest_folder (
  manifest_id uuid not null,
  number integer not null,
  parent integer,
  path text collate "C" not null,
  files bigint not null,
  bytes bigint not null,
  constraint manifest_folder_pkey PRIMARY KEY (manifest_id, number));

CREATE INDEX manifest_folder_manifest_id_parent_number_idx ON public.manifest_folder USING btree (manifest_id, parent, number);
CREATE UNIQUE INDEX manifest_folder_manifest_id_md5_idx ON public.manifest_folder USING btree (manifest_id, md5(path));

create table manifest_run (
  manifest_id uuid not null,
  folder integer not null,
  first_line bigint not null,
  last_line bigint not null,
  constraint manifest_run_pkey PRIMARY KEY (manifest_id, folder, first_line));

create table mediaflux_credential (
  id uuid not null,
  share_id uuid not null,
  purpose text not null,
  upload_id uuid,
  delivery_id uuid,
  download_id uuid,
  namespace text not null,
  token_id text,
  expires_at timestamp with time zone not null,
  destroy_requested_at timestamp with time zone,
  destroyed_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  trial_shareable_id uuid,
  end_tried_at timestamp with time zone,
  asked_at timestamp with time zone,
  left_behind_at timestamp with time zone,
  constraint mediaflux_credential_pkey PRIMARY KEY (id),
  constraint mediaflux_credential_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint mediaflux_credential_download_id_fkey FOREIGN KEY (download_id) REFERENCES download(id),
  constraint mediaflux_credential_of_one_share CHECK ((((purpose = 'trial'::text) = (trial_shareable_id IS NOT NULL)) AND ((purpose = 'trial'::text) = (upload_id IS NULL)))),
  constraint mediaflux_credential_purpose_check CHECK ((purpose = ANY (ARRAY['upload'::text, 'download'::text, 'zip'::text, 'trial'::text]))),
  constraint mediaflux_credential_trial_shareable_id_fkey FOREIGN KEY (trial_shareable_id) REFERENCES upload_shareable(id),
  constraint mediaflux_credential_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES upload(id));

CREATE INDEX mediaflux_credential_alive ON public.mediaflux_credential USING btree (expires_at) WHERE (destroyed_at IS NULL);
CREATE INDEX mediaflux_credential_delivery_id_idx ON public.mediaflux_credential USING btree (delivery_id);
CREATE INDEX mediaflux_credential_download_id_idx ON public.mediaflux_credential USING btree (download_id) WHERE (destroyed_at IS NULL);
CREATE INDEX mediaflux_credential_left_behind ON public.mediaflux_credential USING btree (left_behind_at) WHERE (left_behind_at IS NOT NULL);
CREATE INDEX mediaflux_credential_share_id_idx ON public.mediaflux_credential USING btree (share_id);
CREATE INDEX mediaflux_credential_trial_shareable_id_created_at_idx ON public.mediaflux_credential USING btree (trial_shareable_id, created_at) WHERE (trial_shareable_id IS NOT NULL);
CREATE INDEX mediaflux_credential_upload_id_idx ON public.mediaflux_credential USING btree (upload_id);

create table person (
  id uuid not null,
  address text not null,
  address_key text not null,
  created_at timestamp with time zone default now() not null,
  language text,
  constraint person_pkey PRIMARY KEY (id),
  constraint person_address_key_key UNIQUE (address_key));

create table platform (
  id uuid not null,
  name text not null,
  namespace text not null,
  time_zone text not null,
  link_lifetime text not null,
  methods text[] not null,
  contact_name text not null,
  contact_email text not null,
  folder_suffix text,
  language text not null,
  notify_on_access boolean not null,
  partial_counts boolean not null,
  direct_limit_bytes bigint not null,
  reminders_enabled boolean not null,
  reminders_enabled_at timestamp with time zone,
  reminder_schedule text not null,
  reminder_minimum_age text not null,
  reminder_minimum_spacing text not null,
  reminder_maximum integer,
  reminder_operator_notice text not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  stall_notice text default 'P1D'::text not null,
  stall_limit text default 'P7D'::text not null,
  mail_texts jsonb default '{}'::jsonb not null,
  reminder_quiet_hours jsonb,
  reminder_closed_days jsonb,
  reminder_notice_form text default 'run'::text not null,
  reminder_digest boolean default false not null,
  reminder_policy_version integer default 1 not null,
  copy_passwords boolean default true not null,
  constraint platform_pkey PRIMARY KEY (id),
  constraint platform_check CHECK (((NOT reminders_enabled) OR (reminders_enabled_at IS NOT NULL))),
  constraint platform_methods_check CHECK ((cardinality(methods) > 0)),
  constraint platform_reminder_notice_form_check CHECK ((reminder_notice_form = ANY (ARRAY['run'::text, 'reminder'::text]))),
  constraint platform_reminder_operator_notice_check CHECK ((reminder_operator_notice = ANY (ARRAY['none'::text, 'shareable'::text, 'project-metadata'::text]))));

create table rate_limit (
  key character varying(255) not null,
  points integer default 0 not null,
  expire bigint,
  constraint rate_limit_pkey PRIMARY KEY (key));

create table reminder (
  id uuid not null,
  run_id uuid not null,
  delivery_id uuid not null,
  state text not null,
  reason text,
  message_id text not null,
  sent_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  tried_at timestamp with time zone,
  digest_id uuid,
  confirmation jsonb,
  constraint reminder_pkey PRIMARY KEY (id),
  constraint reminder_confirmation_is_known CHECK (((state <> 'pending'::text) OR ((NOT (reason IS DISTINCT FROM 'confirmed'::text)) = (confirmation IS NOT NULL)))),
  constraint reminder_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint reminder_delivery_id_run_id_key UNIQUE (delivery_id, run_id),
  constraint reminder_run_id_fkey FOREIGN KEY (run_id) REFERENCES reminder_run(id),
  constraint reminder_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sent'::text, 'unknown'::text, 'failed'::text, 'skipped'::text]))),
  constraint reminder_tried_is_known CHECK (((state = ANY (ARRAY['sent'::text, 'unknown'::text])) = (tried_at IS NOT NULL))));

CREATE INDEX reminder_digest ON public.reminder USING btree (digest_id) WHERE (digest_id IS NOT NULL);
CREATE INDEX reminder_run_id_state_idx ON public.reminder USING btree (run_id, state);
CREATE INDEX reminder_tried ON public.reminder USING btree (delivery_id, tried_at) WHERE (tried_at IS NOT NULL);

create table reminder_policy_version (
  id uuid not null,
  platform_id uuid not null,
  version integer not null,
  actor text not null,
  before jsonb,
  after jsonb not null,
  at timestamp with time zone default now() not null,
  constraint reminder_policy_version_pkey PRIMARY KEY (id),
  constraint reminder_policy_version_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platform(id),
  constraint reminder_policy_version_platform_id_version_key UNIQUE (platform_id, version),
  constraint reminder_policy_version_version_check CHECK ((version > 0)));

CREATE TRIGGER reminder_policy_version_kept BEFORE DELETE OR UPDATE ON public.reminder_policy_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reminder_policy_version_not_emptied BEFORE TRUNCATE ON public.reminder_policy_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reminder_policy_version_sealed AFTER INSERT ON public.reminder_policy_version FOR EACH ROW EXECUTE FUNCTION await_seal_of_platform('reminder-policy-version');

create table reminder_run (
  id uuid not null,
  platform_id uuid not null,
  slot timestamp with time zone not null,
  trigger text not null,
  state text not null,
  lease_until timestamp with time zone,
  selected_at timestamp with time zone,
  finished_at timestamp with time zone,
  noticed_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  policy_version integer,
  slot_label text,
  judged_at timestamp with time zone,
  checked_until uuid default '00000000-0000-0000-0000-000000000000'::uuid not null,
  selected_until_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  selected_until_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null,
  notice_target text,
  attempt integer default 0 not null,
  end_reason text,
  constraint reminder_run_pkey PRIMARY KEY (id),
  constraint reminder_run_end_reason_check CHECK ((end_reason = ANY (ARRAY['reminders-off'::text, 'next-slot'::text, 'mediaflux-away'::text]))),
  constraint reminder_run_notice_target_check CHECK ((notice_target = ANY (ARRAY['shareable'::text, 'project-metadata'::text, 'fallback'::text]))),
  constraint reminder_run_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platform(id),
  constraint reminder_run_platform_id_slot_key UNIQUE (platform_id, slot),
  constraint reminder_run_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'selecting'::text, 'sending'::text, 'finished'::text, 'superseded'::text, 'cancelled'::text]))),
  constraint reminder_run_trigger_check CHECK ((trigger = ANY (ARRAY['scheduled'::text, 'made-up'::text, 'by-hand'::text]))));

CREATE INDEX reminder_run_unfinished ON public.reminder_run USING btree (state) WHERE (state = ANY (ARRAY['pending'::text, 'selecting'::text, 'sending'::text]));

create table secret_key_in_use (
  key_id text not null,
  first_seen_at timestamp with time zone default now() not null,
  current_since timestamp with time zone default now() not null,
  constraint secret_key_in_use_pkey PRIMARY KEY (key_id));

create table stall_clock (
  one boolean default true not null,
  seen_at timestamp with time zone default now() not null,
  constraint stall_clock_pkey PRIMARY KEY (one),
  constraint stall_clock_one_check CHECK (one));

create table unsealed_entry (
  chain text collate "C" not null,
  entry_id uuid not null,
  kind text not null,
  constraint unsealed_entry_pkey PRIMARY KEY (chain, entry_id));

create table upload (
  id uuid not null,
  platform_id uuid not null,
  shareable_id uuid,
  use_number integer,
  folder text not null,
  folder_namespace text not null,
  data_namespace text not null,
  state text not null,
  keywords text[] not null,
  name_suffix text,
  note text,
  operator_name text,
  operator_person_id uuid,
  youngest_file_at timestamp with time zone not null,
  client_program text,
  client_host text,
  client_os text,
  warnings text[] default '{}'::text[] not null,
  manifest_id uuid,
  files bigint default 0 not null,
  bytes bigint default 0 not null,
  folder_opened_at timestamp with time zone,
  verifying_since timestamp with time zone,
  lease_until timestamp with time zone,
  matched_count bigint,
  matched_stime bigint,
  credential_destroyed_at timestamp with time zone,
  manifest_asset_id text,
  completed_at timestamp with time zone,
  dispatched_at timestamp with time zone,
  abandoned_at timestamp with time zone,
  last_progress_at timestamp with time zone default now() not null,
  created_at timestamp with time zone default now() not null,
  manifest_warnings text[] default '{}'::text[] not null,
  client_clock_skew_seconds bigint,
  verification_attempt integer default 0 not null,
  stall_told_at timestamp with time zone,
  looked_at timestamp with time zone,
  seen_count bigint default 0 not null,
  seen_stime bigint default 0 not null,
  deliveries_written_sha256 bytea,
  start_tried_at timestamp with time zone default now() not null,
  started_at timestamp with time zone,
  start_failed_at timestamp with time zone,
  told_bytes bigint,
  verification_failures integer default 0 not null,
  verification_retry_at timestamp with time zone,
  verification_trouble text,
  verification_told_at timestamp with time zone,
  names_not_for_windows bigint default 0 not null,
  look_failed_at timestamp with time zone,
  constraint upload_pkey PRIMARY KEY (id),
  constraint upload_check CHECK (((shareable_id IS NULL) = (use_number IS NULL))),
  constraint upload_check1 CHECK (((state = 'complete'::text) = (completed_at IS NOT NULL))),
  constraint upload_folder_namespace_key UNIQUE (folder_namespace),
  constraint upload_operator_person_id_fkey FOREIGN KEY (operator_person_id) REFERENCES person(id),
  constraint upload_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platform(id),
  constraint upload_shareable_id_fkey FOREIGN KEY (shareable_id) REFERENCES upload_shareable(id),
  constraint upload_shareable_id_use_number_key UNIQUE (shareable_id, use_number),
  constraint upload_state_check CHECK ((state = ANY (ARRAY['open'::text, 'verifying'::text, 'mismatch'::text, 'complete'::text, 'abandoned'::text]))));

CREATE INDEX upload_platform_id_id_idx ON public.upload USING btree (platform_id, id);
CREATE INDEX upload_shareable_id_start_tried_at_idx ON public.upload USING btree (shareable_id, start_tried_at);
CREATE INDEX upload_undispatched ON public.upload USING btree (completed_at) WHERE ((state = 'complete'::text) AND (dispatched_at IS NULL));
CREATE INDEX upload_unfinished ON public.upload USING btree (state) WHERE (state = ANY (ARRAY['open'::text, 'verifying'::text, 'mismatch'::text]));

create table upload_look (
  id uuid not null,
  upload_id uuid not null,
  platform_id uuid not null,
  look smallint not null,
  finding text not null,
  verified_files bigint not null,
  verified_stime bigint not null,
  files bigint,
  stime bigint,
  differences bigint,
  differences_hash text,
  is_told boolean not null,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone default now() not null,
  constraint upload_look_pkey PRIMARY KEY (id),
  constraint upload_look_check CHECK (((finding = ANY (ARRAY['gone'::text, 'not-seen'::text])) OR ((files IS NOT NULL) AND (stime IS NOT NULL)))),
  constraint upload_look_check1 CHECK (((finding = 'changed'::text) = (COALESCE(differences, (0)::bigint) > 0))),
  constraint upload_look_check2 CHECK (((NOT is_told) OR (finding = 'changed'::text))),
  constraint upload_look_finding_check CHECK ((finding = ANY (ARRAY['unchanged'::text, 'as-verified'::text, 'changed'::text, 'gone'::text, 'not-seen'::text]))),
  constraint upload_look_look_check CHECK ((look > 0)),
  constraint upload_look_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platform(id),
  constraint upload_look_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES upload(id),
  constraint upload_look_upload_id_look_key UNIQUE (upload_id, look));

CREATE INDEX upload_look_changed ON public.upload_look USING btree (upload_id) WHERE (finding = 'changed'::text);
CREATE TRIGGER upload_look_kept BEFORE DELETE OR UPDATE ON public.upload_look FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER upload_look_not_emptied BEFORE TRUNCATE ON public.upload_look FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER upload_look_sealed AFTER INSERT ON public.upload_look FOR EACH ROW EXECUTE FUNCTION await_seal_of_platform('upload-look');

create table upload_look_path (
  look_id uuid not null,
  "position" integer not null,
  path text collate "C" not null,
  problem text not null,
  constraint upload_look_path_pkey PRIMARY KEY (look_id, "position"),
  constraint upload_look_path_look_id_fkey FOREIGN KEY (look_id) REFERENCES upload_look(id));

create table upload_mismatch (
  upload_id uuid not null,
  "position" bigint not null,
  path text collate "C" not null,
  problem text not null,
  constraint upload_mismatch_pkey PRIMARY KEY (upload_id, "position"),
  constraint upload_mismatch_problem_check CHECK ((problem = ANY (ARRAY['missing'::text, 'unexpected'::text, 'size'::text, 'checksum'::text, 'unverifiable'::text]))),
  constraint upload_mismatch_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES upload(id));

create table upload_recipient (
  upload_id uuid not null,
  person_id uuid not null,
  "position" integer not null,
  constraint upload_recipient_pkey PRIMARY KEY (upload_id, person_id),
  constraint upload_recipient_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint upload_recipient_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES upload(id));

CREATE INDEX upload_recipient_person_id_idx ON public.upload_recipient USING btree (person_id);

create table upload_shareable (
  id uuid not null,
  number integer generated always as identity not null,
  platform_id uuid not null,
  label text not null,
  ask_name boolean not null,
  ask_keywords boolean not null,
  uses integer default 0 not null,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  last_used_host text,
  last_used_program text,
  created_at timestamp with time zone default now() not null,
  uploads_per_day integer,
  recipients_per_day integer,
  recipient_domains text[],
  stopped_at timestamp with time zone,
  rotated_at timestamp with time zone,
  rotation_id uuid,
  constraint upload_shareable_pkey PRIMARY KEY (id),
  constraint upload_shareable_number_key UNIQUE (number),
  constraint upload_shareable_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platform(id),
  constraint upload_shareable_recipient_domains_check CHECK ((cardinality(recipient_domains) > 0)),
  constraint upload_shareable_recipients_per_day_check CHECK ((recipients_per_day > 0)),
  constraint upload_shareable_uploads_per_day_check CHECK ((uploads_per_day > 0)));

CREATE INDEX upload_shareable_platform_id_idx ON public.upload_shareable USING btree (platform_id);

create table upload_shareable_notify (
  shareable_id uuid not null,
  person_id uuid not null,
  "position" integer not null,
  constraint upload_shareable_notify_pkey PRIMARY KEY (shareable_id, person_id),
  constraint upload_shareable_notify_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint upload_shareable_notify_shareable_id_fkey FOREIGN KEY (shareable_id) REFERENCES upload_shareable(id));

create table upload_shareable_recipient (
  id bigint generated always as identity not null,
  shareable_id uuid not null,
  upload_id uuid not null,
  person_id uuid not null,
  at timestamp with time zone default now() not null,
  constraint upload_shareable_recipient_pkey PRIMARY KEY (id),
  constraint upload_shareable_recipient_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id),
  constraint upload_shareable_recipient_shareable_id_fkey FOREIGN KEY (shareable_id) REFERENCES upload_shareable(id),
  constraint upload_shareable_recipient_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES upload(id));

CREATE INDEX upload_shareable_recipient_shareable_id_at_idx ON public.upload_shareable_recipient USING btree (shareable_id, at);
CREATE INDEX upload_shareable_recipient_upload_id_person_id_idx ON public.upload_shareable_recipient USING btree (upload_id, person_id);

create table upload_shareable_token (
  token_sha256 bytea not null,
  shareable_id uuid not null,
  last_four text not null,
  valid_until timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  last_refused_at timestamp with time zone,
  constraint upload_shareable_token_pkey PRIMARY KEY (token_sha256),
  constraint upload_shareable_token_shareable_id_fkey FOREIGN KEY (shareable_id) REFERENCES upload_shareable(id));

CREATE INDEX upload_shareable_token_shareable_id_idx ON public.upload_shareable_token USING btree (shareable_id);

create table upload_shareable_token_use (
  token_sha256 bytea not null,
  host text not null,
  program text not null,
  uses integer default 1 not null,
  first_used_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone default now() not null,
  constraint upload_shareable_token_use_pkey PRIMARY KEY (token_sha256, host, program),
  constraint upload_shareable_token_use_token_sha256_fkey FOREIGN KEY (token_sha256) REFERENCES upload_shareable_token(token_sha256));

create view judged_access as
 SELECT e.id,
    e.delivery_id,
    e.platform_id,
    e.method,
    e.phase,
    e.at,
    e.details,
    COALESCE(o.counts, e.counts) AS counts,
    o.id AS overrule_id,
    o.actor AS overruled_by,
    o.at AS overruled_at
   FROM (access_event e
     LEFT JOIN LATERAL ( SELECT access_overrule.id,
            access_overrule.counts,
            access_overrule.actor,
            access_overrule.at
           FROM access_overrule
          WHERE (access_overrule.event_id = e.id)
          ORDER BY access_overrule.number DESC
         LIMIT 1) o ON (true));

create view reminder_effect as
 SELECT reminder_id,
    run_id,
    platform_id,
    slot,
    delivery_id,
    nth,
    sent_at,
        CASE
            WHEN ((accessed_at >= sent_at) AND ((next_sent_at IS NULL) OR (accessed_at < next_sent_at))) THEN (accessed_at - sent_at)
            ELSE NULL::interval
        END AS accessed_after
   FROM ( SELECT r.id AS reminder_id,
            r.run_id,
            n.platform_id,
            n.slot,
            r.delivery_id,
            r.sent_at,
            d.accessed_at,
            row_number() OVER (PARTITION BY n.platform_id, r.delivery_id ORDER BY r.sent_at, r.id) AS nth,
            lead(r.sent_at) OVER (PARTITION BY n.platform_id, r.delivery_id ORDER BY r.sent_at, r.id) AS next_sent_at
           FROM ((reminder r
             JOIN reminder_run n ON ((n.id = r.run_id)))
             JOIN delivery d ON ((d.id = r.delivery_id)))
          WHERE (r.state = 'sent'::text)) e;

create view reminder_run_figures as
 SELECT n.id AS run_id,
    n.platform_id,
    n.slot,
    n.trigger,
    n.state,
    n.created_at,
    n.finished_at,
    count(r.id) AS due,
    count(*) FILTER (WHERE (r.state = 'sent'::text)) AS sent,
    count(*) FILTER (WHERE (r.state = 'unknown'::text)) AS unknown,
    count(*) FILTER (WHERE (r.state = 'failed'::text)) AS failed,
    count(*) FILTER (WHERE (r.state = 'skipped'::text)) AS skipped,
    count(*) FILTER (WHERE (r.state = 'pending'::text)) AS pending
   FROM (reminder_run n
     LEFT JOIN reminder r ON ((r.run_id = n.id)))
  GROUP BY n.id;

create view reminder_skip_figures as
 SELECT n.platform_id,
    n.id AS run_id,
    n.slot,
    r.reason,
    count(*) AS reminders
   FROM (reminder r
     JOIN reminder_run n ON ((n.id = r.run_id)))
  WHERE (r.state = 'skipped'::text)
  GROUP BY n.id, r.reason;

CREATE OR REPLACE FUNCTION public.await_seal_of_administration()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
   begin
     insert into unsealed_entry (chain, entry_id, kind) values ('administration', new.id, tg_argv[0]);
     return null;
   end $function$;

CREATE OR REPLACE FUNCTION public.await_seal_of_platform()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
   begin
     insert into unsealed_entry (chain, entry_id, kind) values (new.platform_id::text, new.id, tg_argv[0]);
     return null;
   end $function$;

CREATE OR REPLACE FUNCTION public.note_access_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
   begin
     insert into delivery_change (upload_id) select upload_id from delivery where id = new.delivery_id;
     return null;
   end $function$;

CREATE OR REPLACE FUNCTION public.note_delivery_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
   begin
     insert into delivery_change (upload_id) values (new.upload_id);
     return null;
   end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
   begin
     raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
   end $function$;
