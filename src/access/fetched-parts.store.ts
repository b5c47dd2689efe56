// Which files were fetched with the Data Mover, where a download is of a part: the union over all of a delivery counts.

import { Injectable } from '@nestjs/common';
import { row, type Tx } from '../database/index.js';
import type { DeliveryFacts } from '../deliveries/index.js';
import { NotAsRecorded } from './access.errors.js';

@Injectable()
export class FetchedPartsStore {
  /** Saying a path again changes nothing. @throws NotAsRecorded some are no files of these data; then none is recorded */
  async add(
    tx: Tx,
    facts: Pick<DeliveryFacts, 'manifestId'>,
    downloadId: string,
    paths: readonly string[],
  ): Promise<void> {
    const wanted = [...new Set(paths)];
    const found = await row<{ known: number }>(
      tx,
      `with known as materialized (
            select path
              from manifest_entry
             where manifest_id = $2
               and type = 'file'
               and path = any($3::text[])),
            added as (
            insert into download_fetched (download_id, path)
            select $1, path
              from known
             where not exists (
                   select 1 from download_fetched f where f.download_id = $1 and f.path = known.path))
       select count(*)::int as known from known`,
      [downloadId, facts.manifestId, wanted],
    );
    const strange = wanted.length - (found?.known ?? 0);
    if (strange > 0) throw new NotAsRecorded(`${strange} of the paths are no files of these data.`);
  }

  /** Do the parts that were fetched so far make up the whole? Asked while the delivery's row is held. */
  async areAll(tx: Tx, facts: Pick<DeliveryFacts, 'id' | 'files'>): Promise<boolean> {
    const found = await row<{ count: number }>(
      tx,
      `select count(distinct f.path)::int as count
         from download_fetched f
         join download d on d.id = f.download_id
        where d.delivery_id = $1`,
      [facts.id],
    );
    return (found?.count ?? 0) >= facts.files;
  }
}
