// The hidden link on a delivery's page. No person sees it, and its text says not to follow it; who does is a scanner,
// and what the same client did here just before is taken back too, because scanners open all at once in any order.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../../auth/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import { DeliveriesStore, type DeliveryFacts, findDelivery } from '../../deliveries/index.js';
import { NotFound } from '../../http/index.js';
import { Clock } from '../../time/index.js';
import { WITHDRAWN_MS } from '../access.rules.js';
import { AccessStore } from '../access.store.js';
import { OverruleService } from '../overrules/overrule.service.js';
import { OverrulesStore } from '../overrules/overrules.store.js';
import { type ClientFacts, ClientFactsStore } from './client-facts.js';
import type { RequestingClient } from './requesting-client.js';

@Injectable()
export class HiddenLinkService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ClientFactsStore) private readonly clients: ClientFactsStore,
    @Inject(OverrulesStore) private readonly overrules: OverrulesStore,
    @Inject(OverruleService) private readonly overruling: OverruleService,
    @Inject(DeliveriesStore) private readonly deliveries: DeliveriesStore,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** A browser that fetches ahead of its person proves nothing. */
  async follow(link: LinkIdentity, requesting: RequestingClient): Promise<void> {
    const now = this.clock.now();
    const client = this.clients.factsOf(requesting);
    await this.transactions.run(async (tx) => {
      const delivery = await findDelivery(tx, link.deliveryId);
      if (!delivery) throw new NotFound('delivery');
      await this.clients.hold(tx, delivery.id, client);
      await this.access.add(tx, delivery, {
        method: 'page',
        phase: 'viewed',
        counts: false,
        at: now,
        details: { hiddenLink: true, ...(requesting.isPrefetch ? { prefetch: true } : {}) },
        client,
        followedHiddenLink: !requesting.isPrefetch,
      });
      if (!requesting.isPrefetch) await this.takeBack(tx, delivery, client, now);
    });
  }

  private async takeBack(tx: Tx, delivery: DeliveryFacts, client: ClientFacts, now: Date): Promise<void> {
    const since = new Date(now.getTime() - WITHDRAWN_MS);
    const before = await this.clients.eventsSince(tx, delivery.id, client, since);
    if (!before.some(({ phase }) => phase !== 'viewed')) return;
    await this.overrules.hold(tx, delivery);
    for (const { id, phase } of before) {
      if (phase !== 'attempted' && phase !== 'completed') continue;
      const event = await this.overrules.event(tx, delivery.id, id);
      if (event?.counts)
        await this.overruling.overrule(tx, delivery, event, { eventId: id, counts: false, actor: 'server', at: now });
    }
    await this.takeBackNotReceived(tx, delivery, before, now);
    // Its own statement only: a person may have said the same before.
    let isTakenBack = false;
    for (const { at } of before.filter(({ phase }) => phase === 'done'))
      isTakenBack = (await this.deliveries.unmark(tx, delivery.id, 'done_at', at)) || isTakenBack;
    if (!isTakenBack) return;
    await this.access.add(tx, delivery, {
      method: 'page',
      phase: 'undone',
      counts: false,
      at: now,
      details: { scanner: true },
    });
  }

  /** What a scanner said of a person's direct downloads. */
  private async takeBackNotReceived(
    tx: Tx,
    delivery: DeliveryFacts,
    before: readonly { phase: string; at: Date }[],
    now: Date,
  ): Promise<void> {
    const said = before.filter(({ phase }) => phase === 'not-received');
    if (said.length === 0) return;
    for (const { at } of said) await this.overrules.overruleDirect(tx, delivery, { counts: true, at: now }, at);
    await this.overrules.recount(tx, delivery);
    await this.access.add(tx, delivery, {
      method: 'page',
      phase: 'received',
      counts: false,
      at: now,
      details: { scanner: true },
    });
  }
}
