// The beginning of a download with the Data Mover, which a repeated call finds again by its Idempotency-Key.

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import type { DeliveryFacts } from '../deliveries/index.js';
import { earlierResult } from '../http/index.js';
import { Ids } from '../ids/index.js';

@Injectable()
export class DownloadStartsStore {
  constructor(@Inject(Ids) private readonly ids: Ids) {}

  async begin(
    tx: Tx,
    { id: deliveryId }: Pick<DeliveryFacts, 'id'>,
    key: string | undefined,
    at: Date,
  ): Promise<{ id: string; isNew: boolean }> {
    const id = this.ids.next();
    const earlier = await earlierResult(tx, { scope: `downloads:${deliveryId}`, key, request: {} }, id);
    if (earlier !== undefined) return { id: earlier, isNew: false };
    await rows(
      tx,
      `insert into download (id, delivery_id, state, started_at, last_progress_at) values ($1, $2, 'started', $3, $3)`,
      [id, deliveryId, at],
    );
    return { id, isNew: true };
  }

  /** It never began: nobody is held to be fetching. */
  async failed(tx: Tx, id: string, at: Date): Promise<void> {
    await rows(tx, `update download set state = 'failed', ended_at = $2 where id = $1`, [id, at]);
  }

  /** Is the start an event? It is none where it failed, or where a server died in between. */
  async isRecorded(tx: Tx, { id: deliveryId }: Pick<DeliveryFacts, 'id'>, id: string): Promise<boolean> {
    const found = await row(
      tx,
      `select 1
         from access_event
        where delivery_id = $1
          and method = 'data-mover'
          and phase = 'started'
          and details ->> 'downloadId' = $2
        limit 1`,
      [deliveryId, id],
    );
    return found !== undefined;
  }
}
