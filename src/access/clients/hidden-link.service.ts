// The hidden link on a delivery's page. No person sees it, and its text says not to follow it; who does is a scanner,
// and what the same client did here just before is taken back too, because scanners open all at once in any order.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../../auth/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import { type DeliveryFacts, findDelivery, markDelivery, unmarkDelivery } from '../../deliveries/index.js';
import { NotFound } from '../../http/index.js';
import { Clock } from '../../time/index.js';
import { type Statement, WITHDRAWN_MS } from '../access.rules.js';
import { AccessStore, holdDeliveries } from '../access.store.js';
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
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** A browser that fetches ahead of its person proves nothing. */
  async follow(link: LinkIdentity, requesting: RequestingClient): Promise<void> {
    const now = this.clock.now();
    const client = this.clients.factsOf(requesting);
    await this.transactions.run(async (tx) => {
      const delivery = await findDelivery(tx, link.deliveryId);
      if (!delivery) throw new NotFound('delivery');
      await this.clients.hold(tx, [{ deliveryId: delivery.id, client }]);
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
    await holdDeliveries(tx, delivery);
    // Before the attempts: one that it said did not work would count again otherwise.
    await this.takeBackDirect(tx, delivery, before, now);
    for (const { id, phase } of before) {
      if (phase !== 'attempted' && phase !== 'completed') continue;
      const event = await this.overrules.event(tx, delivery.id, id);
      if (event?.counts)
        await this.overruling.overrule(tx, delivery, event, { eventId: id, counts: false, actor: 'server', at: now });
    }
    await this.takeBackDone(tx, delivery, before, now);
  }

  /** What it said of direct downloads, a person's among them: what was said before it, or recorded, holds again. */
  private async takeBackDirect(tx: Tx, delivery: DeliveryFacts, before: readonly Said[], now: Date): Promise<void> {
    const saidAt = before.filter(({ phase }) => phase === 'not-received' || phase === 'received').map(({ at }) => at);
    if (saidAt.length === 0) return;
    const changed = await this.overrules.takeBackDirect(tx, delivery, saidAt, now);
    if (changed.length === 0) return;
    await this.overrules.recount(tx, delivery);
    await this.say(tx, delivery, changed.includes(true) ? 'received' : 'not-received', now);
  }

  /** Whether the person has what they need is as they said it last; a mark that is not this client's own stays. */
  private async takeBackDone(tx: Tx, delivery: DeliveryFacts, before: readonly Said[], now: Date): Promise<void> {
    const said = before.filter(({ phase }) => phase === 'done' || phase === 'undone');
    if (said.length === 0) return;
    const marked = (await findDelivery(tx, delivery.id))?.doneAt ?? null;
    if (marked && !said.some(({ at }) => at.getTime() === marked.getTime())) return;
    const byPerson = await this.access.lastOfDone(
      tx,
      delivery.id,
      said.map(({ id }) => id),
    );
    const doneAt = byPerson?.phase === 'done' ? byPerson.at : null;
    if (marked) await unmarkDelivery(tx, delivery.id, 'done_at', marked);
    if (doneAt) await markDelivery(tx, delivery.id, 'done_at', doneAt);
    if ((marked === null) !== (doneAt === null)) await this.say(tx, delivery, doneAt ? 'done' : 'undone', now);
  }

  private say(tx: Tx, delivery: DeliveryFacts, phase: Statement, at: Date): Promise<void> {
    return this.access.add(tx, delivery, { method: 'page', phase, counts: false, at, details: { scanner: true } });
  }
}

type Said = Awaited<ReturnType<ClientFactsStore['eventsSince']>>[number];
