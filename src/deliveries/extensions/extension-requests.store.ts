// Requests of end users for more time. A constraint keeps at most one open for each delivery.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../../database/index.js';
import type { PageQuery } from '../../http/index.js';

export type ExtensionState = 'open' | 'granted' | 'declined';

export interface ExtensionRequestRow {
  id: string;
  deliveryId: string;
  state: ExtensionState;
  /** Why it was declined, as typed. */
  reason: string | null;
  /** What was granted. */
  linkLifetime: string | null;
  requestedAt: Date;
  decidedAt: Date | null;
}

export interface ListedExtensionRequest extends ExtensionRequestRow {
  uploadId: string;
  folder: string;
  platformId: string;
  platform: string;
  timeZone: string;
  recipient: string;
}

const COLUMNS = `r.id, r.delivery_id as "deliveryId", r.state, r.reason, r.link_lifetime as "linkLifetime",
         r.requested_at as "requestedAt", r.decided_at as "decidedAt"`;
const LISTED = `
  select ${COLUMNS}, d.upload_id as "uploadId", u.folder, d.platform_id as "platformId", p.name as platform,
         p.time_zone as "timeZone", n.address as recipient
    from extension_request r
    join delivery d on d.id = r.delivery_id
    join upload u on u.id = d.upload_id
    join platform p on p.id = d.platform_id
    join person n on n.id = d.person_id`;

@Injectable()
export class ExtensionRequestsStore {
  async insert(tx: Tx, request: { id: string; deliveryId: string; at: Date }): Promise<void> {
    await rows(tx, `insert into extension_request (id, delivery_id, state, requested_at) values ($1, $2, 'open', $3)`, [
      request.id,
      request.deliveryId,
      request.at,
    ]);
  }

  find(tx: Tx, id: string): Promise<ListedExtensionRequest | undefined> {
    return row<ListedExtensionRequest>(tx, `${LISTED} where r.id = $1`, [id]);
  }

  /** The last one made for the delivery. */
  latest(tx: Tx, deliveryId: string): Promise<ExtensionRequestRow | undefined> {
    return row<ExtensionRequestRow>(
      tx,
      `select ${COLUMNS} from extension_request r where r.delivery_id = $1 order by r.id desc limit 1`,
      [deliveryId],
    );
  }

  ofDelivery(tx: Tx, deliveryId: string): Promise<ExtensionRequestRow[]> {
    return rows<ExtensionRequestRow>(
      tx,
      `select ${COLUMNS} from extension_request r where r.delivery_id = $1 order by r.id limit 1000`,
      [deliveryId],
    );
  }

  /** Oldest first: who asked first waits longest. */
  list(
    tx: Tx,
    query: PageQuery & { state?: ExtensionState | undefined },
    after: string | undefined,
  ): Promise<ListedExtensionRequest[]> {
    return rows<ListedExtensionRequest>(
      tx,
      `${LISTED}
        where ($1::text is null or r.state = $1::text)
          and ($2::uuid is null or r.id > $2::uuid)
        order by r.id
        limit $3::int`,
      [query.state ?? null, after ?? null, query.limit + 1],
    );
  }

  /** Decides the open request of the delivery, if there is one; answers its id. */
  async decide(
    tx: Tx,
    deliveryId: string,
    decision: { state: 'granted' | 'declined'; reason?: string | null; linkLifetime?: string; at: Date },
  ): Promise<string | undefined> {
    const decided = await row<{ id: string }>(
      tx,
      `update extension_request
          set state = $2, reason = $3, link_lifetime = $4, decided_at = $5
        where delivery_id = $1
          and state = 'open'
    returning id`,
      [deliveryId, decision.state, decision.reason ?? null, decision.linkLifetime ?? null, decision.at],
    );
    return decided?.id;
  }
}
