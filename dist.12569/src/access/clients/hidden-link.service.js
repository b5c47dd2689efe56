function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
// The hidden link on a delivery's page. No person sees it, and its text says not to follow it; who does is a scanner,
// and what the same client did here just before is taken back too, because scanners open all at once in any order.
import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../../database/index.js';
import { DeliveriesStore, findDelivery } from '../../deliveries/index.js';
import { NotFound } from '../../http/index.js';
import { Clock } from '../../time/index.js';
import { WITHDRAWN_MS } from '../access.rules.js';
import { AccessStore } from '../access.store.js';
import { OverruleService } from '../overrules/overrule.service.js';
import { OverrulesStore } from '../overrules/overrules.store.js';
import { ClientFactsStore } from './client-facts.js';
export class HiddenLinkService {
    transactions;
    access;
    clients;
    overrules;
    overruling;
    deliveries;
    clock;
    constructor(transactions, access, clients, overrules, overruling, deliveries, clock){
        this.transactions = transactions;
        this.access = access;
        this.clients = clients;
        this.overrules = overrules;
        this.overruling = overruling;
        this.deliveries = deliveries;
        this.clock = clock;
    }
    /** A browser that fetches ahead of its person proves nothing. */ async follow(link, requesting) {
        const now = this.clock.now();
        const client = this.clients.factsOf(requesting);
        await this.transactions.run(async (tx)=>{
            const delivery = await findDelivery(tx, link.deliveryId);
            if (!delivery) throw new NotFound('delivery');
            await this.clients.hold(tx, delivery.id, client);
            await this.access.add(tx, delivery, {
                method: 'page',
                phase: 'viewed',
                counts: false,
                at: now,
                details: {
                    hiddenLink: true,
                    ...requesting.isPrefetch ? {
                        prefetch: true
                    } : {}
                },
                client,
                followedHiddenLink: !requesting.isPrefetch
            });
            if (!requesting.isPrefetch) await this.takeBack(tx, delivery, client, now);
        });
    }
    async takeBack(tx, delivery, client, now) {
        const since = new Date(now.getTime() - WITHDRAWN_MS);
        const before = await this.clients.eventsSince(tx, delivery.id, client, since);
        if (!before.some(({ phase })=>phase !== 'viewed')) return;
        await this.overrules.hold(tx, delivery);
        for (const { id, phase } of before){
            if (phase !== 'attempted' && phase !== 'completed') continue;
            const event = await this.overrules.event(tx, delivery.id, id);
            if (event?.counts) await this.overruling.overrule(tx, delivery, event, {
                eventId: id,
                counts: false,
                actor: 'server',
                at: now
            });
        }
        await this.takeBackNotReceived(tx, delivery, before, now);
        // Its own statement only: a person may have said the same before.
        let isTakenBack = false;
        for (const { at } of before.filter(({ phase })=>phase === 'done'))isTakenBack = await this.deliveries.unmark(tx, delivery.id, 'done_at', at) || isTakenBack;
        if (!isTakenBack) return;
        await this.access.add(tx, delivery, {
            method: 'page',
            phase: 'undone',
            counts: false,
            at: now,
            details: {
                scanner: true
            }
        });
    }
    /** What a scanner said of a person's direct downloads. */ async takeBackNotReceived(tx, delivery, before, now) {
        const said = before.filter(({ phase })=>phase === 'not-received');
        if (said.length === 0) return;
        for (const { at } of said)await this.overrules.overruleDirect(tx, delivery, {
            counts: true,
            at: now
        }, at);
        await this.overrules.recount(tx, delivery);
        await this.access.add(tx, delivery, {
            method: 'page',
            phase: 'received',
            counts: false,
            at: now,
            details: {
                scanner: true
            }
        });
    }
}
HiddenLinkService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(AccessStore)),
    _ts_param(2, Inject(ClientFactsStore)),
    _ts_param(3, Inject(OverrulesStore)),
    _ts_param(4, Inject(OverruleService)),
    _ts_param(5, Inject(DeliveriesStore)),
    _ts_param(6, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof ClientFactsStore === "undefined" ? Object : ClientFactsStore,
        typeof OverrulesStore === "undefined" ? Object : OverrulesStore,
        typeof OverruleService === "undefined" ? Object : OverruleService,
        typeof DeliveriesStore === "undefined" ? Object : DeliveriesStore,
        typeof Clock === "undefined" ? Object : Clock
    ])
], HiddenLinkService);

//# sourceMappingURL=hidden-link.service.js.map
