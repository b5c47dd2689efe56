// How long uploads have been without progress. `last_progress_at` is when their clock began: moved on by progress, and
// by the time that Mediaflux was away. Of an upload whose client was never given a credential nobody is told.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../../database/index.js';

export interface Watched {
  id: string;
  data_namespace: string;
}

/** Longer than between two passes of the sweep: anything above is time in which nobody could see Mediaflux. */
const AWAY_AFTER_SECONDS = 90;
const LOOK_EVERY_SECONDS = 3_600;
const AT_ONCE = 50;

const secondsOf = (column: string): string => `extract(epoch from ${column}::interval)`;
const IDLE_SECONDS = 'extract(epoch from now() - u.last_progress_at)';
const RUNNING = `u.state in ('open', 'mismatch')`;
/** A verification waits for Mediaflux too. */
const TICKING = `u.state in ('open', 'mismatch', 'verifying')`;
/** The first look is made soon, so that what comes later is told from what was there. */
const FIRST_LOOK_SECONDS = 60;
/** A look so fresh that a decision may rest on it; a folder that was never made needs none. */
const FRESH_SECONDS = 60;
const IS_FRESH = `(u.folder_opened_at is null or u.looked_at > now() - make_interval(secs => ${FRESH_SECONDS}))`;

@Injectable()
export class StallsStore {
  /** Called when Mediaflux was just seen. If it had not been for long, every clock is set on by as much. */
  async tick(tx: Tx): Promise<void> {
    const former = await row<{ away: number }>(
      tx,
      'select extract(epoch from now() - seen_at)::float8 as away from stall_clock for update',
    );
    if (former && former.away > AWAY_AFTER_SECONDS)
      await rows(
        tx,
        `update upload u
            set last_progress_at = least(now(), last_progress_at + make_interval(secs => $1)),
                stall_told_at = stall_told_at + make_interval(secs => $1),
                looked_at = least(now(), looked_at + make_interval(secs => $1))
          where ${TICKING}`,
        [former.away],
      );
    await rows(tx, 'update stall_clock set seen_at = greatest(seen_at, now())');
  }

  /** Uploads that have been silent for a while and that nobody has looked at in Mediaflux lately. */
  toLookAt(tx: Tx): Promise<Watched[]> {
    return rows<Watched>(
      tx,
      `select u.id, u.data_namespace
         from upload u
         join platform p on p.id = u.platform_id
        cross join lateral (
              select least(${LOOK_EVERY_SECONDS}, ${secondsOf('p.stall_notice')}, ${secondsOf('p.stall_limit')}) as seconds) every
        where ${RUNNING}
          and u.folder_opened_at is not null
          and (u.look_failed_at is null or u.look_failed_at < now() - make_interval(secs => every.seconds::float8))
          and ${IDLE_SECONDS} >= case when u.looked_at is null then least(${FIRST_LOOK_SECONDS}, every.seconds) else every.seconds end
          and (u.looked_at is null
               or u.looked_at < now() - make_interval(secs => every.seconds::float8)
               or (u.looked_at < now() - make_interval(secs => ${FRESH_SECONDS} / 2)
                   and (${IDLE_SECONDS} >= ${secondsOf('p.stall_limit')}
                        or (${IDLE_SECONDS} >= ${secondsOf('p.stall_notice')}
                            and (u.stall_told_at is null or u.stall_told_at < u.last_progress_at)))))
        order by u.looked_at nulls first, u.id
        limit ${AT_ONCE}`,
    );
  }

  /** @param seen what Mediaflux holds; undefined where it holds nothing any more, which is no progress */
  async looked(tx: Tx, id: string, seen: { count: number; newestStime: number } | undefined): Promise<void> {
    await rows(
      tx,
      `update upload
          set looked_at = now(),
              look_failed_at = null,
              last_progress_at = case
                when $2::bigint is null or (seen_count, seen_stime) is not distinct from ($2::bigint, $3::bigint)
                then last_progress_at
                else now()
              end,
              seen_count = coalesce($2::bigint, seen_count),
              seen_stime = coalesce($3::bigint, seen_stime)
        where id = $1`,
      [id, seen?.count ?? null, seen?.newestStime ?? null],
    );
  }

  /** It is asked about again when a usual look would be due, so that it keeps nobody else waiting. */
  async lookFailed(tx: Tx, id: string): Promise<void> {
    await rows(tx, 'update upload set look_failed_at = now() where id = $1', [id]);
  }

  /** Uploads whose operators are to be told now: once for each stall, by one process. */
  async markToTell(tx: Tx): Promise<string[]> {
    const marked = await rows<{ id: string }>(
      tx,
      `update upload
          set stall_told_at = now()
        where id in (
              select u.id
                from upload u
                join platform p on p.id = u.platform_id
               where ${RUNNING}
                 and u.started_at is not null
                 and ${IDLE_SECONDS} >= ${secondsOf('p.stall_notice')}
                 and ${IDLE_SECONDS} < ${secondsOf('p.stall_limit')}
                 and ${IS_FRESH}
                 and (u.stall_told_at is null or u.stall_told_at < u.last_progress_at)
               order by u.id
               limit ${AT_ONCE}
                 for update of u skip locked)
    returning id`,
    );
    return marked.map((upload) => upload.id);
  }

  /** Was its client ever given a credential? */
  async wasStarted(tx: Tx, id: string): Promise<boolean> {
    return (await rows(tx, 'select 1 from upload where id = $1 and started_at is not null', [id])).length > 0;
  }

  /** The address of its platform's contact. */
  async contactOf(tx: Tx, id: string): Promise<string> {
    const found = await row<{ contact_email: string }>(
      tx,
      `select p.contact_email
         from upload u
         join platform p on p.id = u.platform_id
        where u.id = $1`,
      [id],
    );
    return found?.contact_email ?? '';
  }

  async overdue(tx: Tx): Promise<string[]> {
    const found = await rows<{ id: string }>(tx, `${OVERDUE} order by u.id limit ${AT_ONCE}`);
    return found.map((upload) => upload.id);
  }

  /** Is it still? Asked with the upload's row held. */
  async isOverdue(tx: Tx, id: string): Promise<boolean> {
    return (await rows(tx, `${OVERDUE} and u.id = $1`, [id])).length > 0;
  }
}

const OVERDUE = `
  select u.id
    from upload u
    join platform p on p.id = u.platform_id
   where ${RUNNING}
     and ${IDLE_SECONDS} >= ${secondsOf('p.stall_limit')}
     and ${IS_FRESH}`;
