// Records access. Events are only ever added; what they mean for reminders stands on the deliveries.

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import { DeliveriesStore, type DeliveryFacts } from '../deliveries/index.js';
import { Ids } from '../ids/index.js';
import { operatorsOf } from '../uploads/index.js';
import type { AccessMethod, AccessPhase } from './access.rules.js';

export interface AccessRecord {
  method: AccessMethod;
  phase: AccessPhase;
  counts: boolean;
  at: Date;
  details?: Record<string, unknown>;
}

@Injectable()
export class AccessStore {
  constructor(
    @Inject(Ids) private readonly ids: Ids,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
  ) {}

  /**
   * Adds the event. One that counts silences this delivery and every other of the same upload to the same person that
   * was dispatched at or before it, and tells the operator the first time, where the platform wants that.
   */
  async record(tx: Tx, delivery: DeliveryFacts, access: AccessRecord): Promise<void> {
    await rows(
      tx,
      `insert into access_event (id, delivery_id, platform_id, method, phase, counts, at, details)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        this.ids.next(),
        delivery.id,
        delivery.platformId,
        access.method,
        access.phase,
        access.counts,
        access.at,
        JSON.stringify(access.details ?? {}),
      ],
    );
    if (!access.counts) return;
    await rows(
      tx,
      `update delivery
          set accessed_at = least(coalesce(accessed_at, $4::timestamptz), $4::timestamptz)
        where upload_id = $1
          and person_id = $2
          and (id = $3 or handed_over_at <= $4::timestamptz)`,
      [delivery.uploadId, delivery.personId, delivery.id, access.at],
    );
    await this.tellOperator(tx, delivery);
  }

  private async tellOperator(tx: Tx, delivery: DeliveryFacts): Promise<void> {
    if (!delivery.notifyOnAccess) return;
    const first = await row(
      tx,
      `update delivery set first_access_told_at = now() where id = $1 and first_access_told_at is null returning id`,
      [delivery.id],
    );
    if (first)
      await this.deliveries.queueOperatorMails(tx, 'accessed', delivery.id, await operatorsOf(tx, delivery.uploadId));
  }
}
