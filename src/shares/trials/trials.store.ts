// How often a shareable's connection is tried. A trial is its credentials, so that nothing of it is recorded elsewhere.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../../database/index.js';

export interface TrialUse {
  running: number;
  inLastHour: number;
  /** Until the oldest of the last hour is an hour old. */
  secondsLeft: number;
  /** The database's, in `lifeSeconds` from now. */
  until: Date;
}

@Injectable()
export class TrialsStore {
  /** Counts with the shareable's row held until the transaction ends. */
  async hold(tx: Tx, shareableId: string, lifeSeconds: number): Promise<TrialUse> {
    await rows(tx, 'select 1 from upload_shareable where id = $1 for update', [shareableId]);
    const use = await row<TrialUse>(
      tx,
      `select count(*) filter (where runs)::int as running, count(*)::int as "inLastHour",
              ceil(extract(epoch from coalesce(min(began_at), now()) + make_interval(hours => 1) - now()))::int
                as "secondsLeft",
              now() + make_interval(secs => $2::int) as until
         from (select min(created_at) as began_at,
                      bool_or(destroy_requested_at is null and destroyed_at is null and expires_at >= now()) as runs
                 from mediaflux_credential
                where trial_shareable_id = $1
                  and created_at > now() - make_interval(hours => 1)
                group by share_id) trial`,
      [shareableId, lifeSeconds],
    );
    if (!use) throw new Error('A count answered nothing.');
    return use;
  }

  /** A trial of this shareable; `until` is its end, undefined for one that has ended. */
  async find(
    tx: Tx,
    shareableId: string,
    trialId: string,
  ): Promise<{ namespace: string; until: Date | undefined } | undefined> {
    const found = await row<{ namespace: string; until: Date | null }>(
      tx,
      `select min(namespace) as namespace,
              max(expires_at) filter (where destroy_requested_at is null and expires_at >= now()) as until
         from mediaflux_credential
        where share_id = $2
          and trial_shareable_id = $1
       having count(*) > 0`,
      [shareableId, trialId],
    );
    return found && { namespace: found.namespace, until: found.until ?? undefined };
  }

  /** Trials of the shareable that have not ended. */
  running(tx: Tx, shareableId: string): Promise<{ id: string; namespace: string }[]> {
    return rows(
      tx,
      `select share_id as id, min(namespace) as namespace
         from mediaflux_credential
        where trial_shareable_id = $1
          and destroyed_at is null
        group by share_id
        order by share_id`,
      [shareableId],
    );
  }
}
