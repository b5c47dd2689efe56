// Figures for monitoring, in OpenMetrics: counted in the database when asked, so that every process tells the same; how
// Mediaflux looks from here is each process's own.

import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, type OpenMetricsContentType, Registry } from 'prom-client';
import { rows, Transactions } from '../database/index.js';
import { MediafluxGateway } from '../mediaflux/index.js';

@Injectable()
export class Metrics {
  private readonly registry = new Registry<OpenMetricsContentType>();

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
  ) {
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    collectDefaultMetrics({ register: this.registry });
    this.counted('dispatch_uploads', 'Uploads by state', 'select state, count(*) as count from upload group by state');
    this.counted(
      'dispatch_verifications',
      'Uploads being verified: going-on, or failing (tried again ever more slowly; the log says why)',
      `select s.state, count(u.id) as count
         from (values ('going-on'), ('failing')) s (state)
         left join upload u
           on u.state = 'verifying'
          and (u.verification_failures > 0) = (s.state = 'failing')
        group by s.state`,
    );
    this.counted(
      'dispatch_later_looks',
      'Looks at complete uploads some time after their verification: waiting, late (due for an hour and more), or what was found',
      `select s.state, count(l.state) as count
         from (values ('waiting'), ('late'), ('unchanged'), ('as-verified'), ('changed'), ('gone'), ('not-seen')) s (state)
         left join (select finding as state from upload_look
                    union all
                    select case when due_at < now() - interval '1 hour' then 'late' else 'waiting' end from later_look) l
           on l.state = s.state
        group by s.state`,
    );
    this.counted('dispatch_mails', 'Mails by state', 'select state, count(*) as count from mail_outbox group by state');
    this.countedByPlatform(
      'dispatch_reminders',
      'Reminders by state and platform (its id)',
      `select n.platform_id as platform, r.state, sum(r.count)::bigint as count
         from (select run_id, state, count(*) as count from reminder group by run_id, state) r
         join reminder_run n on n.id = r.run_id
        group by n.platform_id, r.state`,
    );
    this.countedByPlatform(
      'dispatch_reminder_runs',
      'Reminder runs by state and platform (its id)',
      'select platform_id as platform, state, count(*) as count from reminder_run group by platform_id, state',
    );
    this.countedByPlatform(
      'dispatch_reminders_skipped',
      'Reminders chosen by a run and not to be sent any more at their hand-over, by reason and platform (its id)',
      `select platform_id as platform, coalesce(reason, 'not told') as state, sum(reminders)::bigint as count
         from reminder_skip_figures
        group by 1, 2`,
      'reason',
    );
    this.countedByPlatform(
      'dispatch_reminders_followed',
      'Reminders sent after which the data were fetched before the next one: within 24 hours, within 7 days, later; or not. By platform (its id)',
      `select platform_id as platform,
              case when accessed_after is null then 'not'
                   when accessed_after <= interval '24 hours' then '24h'
                   when accessed_after <= interval '168 hours' then '7d'
                   else 'later' end as state,
              count(*) as count
         from reminder_effect
        group by 1, 2`,
      'within',
    );
    this.counted(
      'dispatch_copies',
      'Copies to projects by state',
      'select state, count(*) as count from content_copy group by state',
    );
    this.counted(
      'dispatch_credentials',
      'Mediaflux credentials by state: unnamed (asked for, its name not known yet), live, ending (to be destroyed)',
      `select case when destroy_requested_at is not null or expires_at < now() then 'ending'
                   when token_id is null then 'unnamed'
                   else 'live' end as state,
              count(*) as count
         from mediaflux_credential
        where destroyed_at is null
        group by 1`,
    );
    this.counted(
      'dispatch_credentials_left_behind',
      'Mediaflux credentials that a crash left behind, since the database was made: swept, or still to be',
      `select case when destroyed_at is null then 'to-sweep' else 'swept' end as state, count(*) as count
         from mediaflux_credential
        where left_behind_at is not null
        group by 1`,
    );
    this.chains();
    this.mediafluxState();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private chains(): void {
    const { transactions } = this;
    new Gauge({
      name: 'dispatch_chain_sealed',
      help: 'Entries sealed in each event chain; it never falls',
      labelNames: ['chain'],
      registers: [this.registry],
      async collect() {
        this.reset();
        const heads = await rows<{ chain: string; sequence: number }>(
          transactions.pool,
          'select chain, sequence from chain_head',
        );
        for (const { chain, sequence } of heads) this.set({ chain }, sequence);
      },
    });
    new Gauge({
      name: 'dispatch_chain_waiting',
      help: 'Entries not sealed yet',
      registers: [this.registry],
      async collect() {
        const [found] = await rows<{ count: number }>(
          transactions.pool,
          'select count(*) as count from unsealed_entry',
        );
        this.set(found?.count ?? 0);
      },
    });
  }

  private mediafluxState(): void {
    const { mediaflux } = this;
    new Gauge({
      name: 'dispatch_mediaflux',
      help: '1 where it holds: reachable, breaker_open (calls fail at once for a moment), refused (the service account is turned away), logon_paused (a logon failed in other words, and is tried again later)',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        const { reachable, breakerOpen, refused, logonPauseMs } = mediaflux.state;
        const states = { reachable, breaker_open: breakerOpen, refused, logon_paused: logonPauseMs > 0 };
        for (const [state, holds] of Object.entries(states)) this.set({ state }, holds ? 1 : 0);
      },
    });
  }

  private counted(name: string, help: string, sql: string): void {
    this.gauge<{ state: string; count: number }>(name, help, sql, ['state'], ({ state }) => ({ state }));
  }

  /** Platforms are few; a name is told nowhere, because it may be changed. */
  private countedByPlatform(name: string, help: string, sql: string, label = 'state'): void {
    this.gauge<{ platform: string; state: string; count: number }>(
      name,
      help,
      sql,
      [label, 'platform'],
      ({ platform, state }) => ({ [label]: state, platform }),
    );
  }

  private gauge<Row extends { count: number }>(
    name: string,
    help: string,
    sql: string,
    labelNames: string[],
    labelsOf: (found: Row) => Record<string, string>,
  ): void {
    const { transactions } = this;
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const found of await rows<Row>(transactions.pool, sql)) this.set(labelsOf(found), found.count);
      },
    });
  }
}
