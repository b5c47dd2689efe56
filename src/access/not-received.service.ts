// "It did not work, remind me anyway": whether a direct download finished cannot be known, so whoever began one may say
// that it did not. Their attempts no longer count then; nothing is removed, and saying the opposite counts them again.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../auth/index.js';
import { row, Transactions } from '../database/index.js';
import { type DeliveryFacts, findDelivery } from '../deliveries/index.js';
import { NotFound } from '../http/index.js';
import { Clock } from '../time/index.js';
import { AccessStore, holdDeliveries } from './access.store.js';
import { ClientJudge } from './clients/client-judge.js';
import type { RequestingClient } from './clients/requesting-client.js';
import { OverrulesStore } from './overrules/overrules.store.js';

export interface DirectOutcome {
  /** A direct download was begun and stops reminders. */
  counts: boolean;
  /** When the recipient said that none of them worked, and has not taken that back. */
  notReceivedAt: Date | null;
}

@Injectable()
export class NotReceivedService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(OverrulesStore) private readonly overrules: OverrulesStore,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ClientJudge) private readonly judge: ClientJudge,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Records what was said; false when it is not taken, because a scanner said it. */
  async say(
    link: LinkIdentity,
    statement: 'not-received' | 'received',
    requesting: RequestingClient,
  ): Promise<boolean> {
    const now = this.clock.now();
    return this.transactions.run(async (tx) => {
      const delivery = await findDelivery(tx, link.deliveryId);
      if (!delivery) throw new NotFound('delivery');
      const { client, isScanner, details } = await this.judge.judge(tx, delivery.id, requesting, now);
      if (!isScanner) {
        await holdDeliveries(tx, delivery);
        const counts = statement === 'received';
        await this.overrules.overruleDirect(tx, delivery, { counts, at: now });
        await this.overrules.recount(tx, delivery);
      }
      await this.access.add(tx, delivery, {
        method: 'page',
        phase: statement,
        counts: false,
        at: now,
        details: { ...details, taken: !isScanner },
        client,
      });
      return !isScanner;
    });
  }

  async outcome(facts: Pick<DeliveryFacts, 'id'>): Promise<DirectOutcome> {
    const found = await row<{ counts: boolean; at: Date | null }>(
      this.transactions.pool,
      `select coalesce(bool_or(counts), false) as counts,
              max(overruled_at) filter (where overruled_by = 'recipient' and not counts) as at
         from judged_access
        where delivery_id = $1
          and method = 'direct'`,
      [facts.id],
    );
    return { counts: found?.counts ?? false, notReceivedAt: found?.counts ? null : (found?.at ?? null) };
  }
}
