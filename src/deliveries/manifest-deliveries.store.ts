// Uploads whose deliveries changed since they were written to the manifest asset. Triggers on
// deliveries, access events and overrules note every change in the transaction that makes it.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import type { DeliveryFacts } from '../mediaflux/index.js';

/** What Mediaflux refuses is tried again after so long. */
const TRY_AGAIN_AFTER_MINUTES = 10;

export interface NewestChange {
  id: number;
  asset_id: string | null;
  /** Of what the asset says; null when nothing was written yet. */
  written_sha256: Buffer | null;
}

@Injectable()
export class ManifestDeliveriesStore {
  async changedUploads(tx: Tx, limit: number): Promise<string[]> {
    const found = await rows<{ upload_id: string }>(
      tx,
      `select upload_id
         from delivery_change
        group by upload_id
       having coalesce(max(tried_at), '-infinity') < now() - make_interval(mins => ${TRY_AGAIN_AFTER_MINUTES})
        order by min(id)
        limit $1::int`,
      [limit],
    );
    return found.map((change) => change.upload_id);
  }

  /** The newest change of the upload, if there is one. Asked for before its deliveries are. */
  newestChange(tx: Tx, uploadId: string): Promise<NewestChange | undefined> {
    return row<NewestChange>(
      tx,
      `select u.manifest_asset_id as asset_id, u.deliveries_written_sha256 as written_sha256, c.id
         from (select max(id) as id from delivery_change where upload_id = $1) c
         join upload u on u.id = $1
        where c.id is not null`,
      [uploadId],
    );
  }

  async deliveries(tx: Tx, uploadId: string): Promise<DeliveryFacts[]> {
    const found = await rows<{
      recipient: string;
      handed_over_at: Date | null;
      expires_at: Date | null;
      revoked_at: Date | null;
      gone_at: Date | null;
      accessed_at: Date | null;
      accesses: { method: string; at: string }[];
    }>(
      tx,
      `select p.address as recipient, d.handed_over_at, d.expires_at, d.revoked_at, d.gone_at, d.accessed_at,
              coalesce((
                select json_agg(json_build_object('method', first.method, 'at', first.at) order by first.at, first.method)
                  from (select e.method, min(e.at) as at
                          from judged_access e
                         where e.delivery_id = d.id
                           and e.counts
                           and d.accessed_at is not null
                         group by e.method) first), '[]') as accesses
         from delivery d
         join person p on p.id = d.person_id
        where d.upload_id = $1
        order by d.ordinal, d.created_at, d.id`,
      [uploadId],
    );
    return found.map((delivery) => ({
      recipient: delivery.recipient,
      sentAt: delivery.handed_over_at?.toISOString() ?? null,
      expiresAt: delivery.expires_at?.toISOString() ?? null,
      revokedAt: delivery.revoked_at?.toISOString() ?? null,
      goneAt: delivery.gone_at?.toISOString() ?? null,
      accessedAt: delivery.accessed_at?.toISOString() ?? null,
      accesses: delivery.accesses.map(({ method, at }) => ({ method, at: new Date(at).toISOString() })),
    }));
  }

  async written(tx: Tx, uploadId: string, change: { id: number; sha256: Buffer }): Promise<void> {
    await rows(tx, 'update upload set deliveries_written_sha256 = $2 where id = $1', [uploadId, change.sha256]);
    await rows(tx, 'delete from delivery_change where upload_id = $1 and id <= $2', [uploadId, change.id]);
  }

  async refused(tx: Tx, uploadId: string): Promise<void> {
    await rows(tx, 'update delivery_change set tried_at = now() where upload_id = $1', [uploadId]);
  }
}
