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
// "It did not work, remind me anyway": whether a direct download finished cannot be known, so whoever began one may say
// that it did not. Their attempts no longer count then; nothing is removed, and saying the opposite counts them again.
import { Inject, Injectable } from '@nestjs/common';
import { row, Transactions } from '../database/index.js';
import { findDelivery } from '../deliveries/index.js';
import { NotFound } from '../http/index.js';
import { Clock } from '../time/index.js';
import { AccessStore } from './access.store.js';
import { ClientJudge } from './clients/client-judge.js';
import { OverrulesStore } from './overrules/overrules.store.js';
export class NotReceivedService {
    transactions;
    overrules;
    access;
    judge;
    clock;
    constructor(transactions, overrules, access, judge, clock){
        this.transactions = transactions;
        this.overrules = overrules;
        this.access = access;
        this.judge = judge;
        this.clock = clock;
    }
    /** Records what was said; false when it is not taken, because a scanner said it. */ async say(link, statement, requesting) {
        const now = this.clock.now();
        return this.transactions.run(async (tx)=>{
            const delivery = await findDelivery(tx, link.deliveryId);
            if (!delivery) throw new NotFound('delivery');
            const { client, isScanner, details } = await this.judge.judge(tx, delivery.id, requesting, now);
            if (!isScanner) {
                await this.overrules.hold(tx, delivery);
                const counts = statement === 'received';
                await this.overrules.overruleDirect(tx, delivery, {
                    counts,
                    at: now
                });
                await this.overrules.recount(tx, delivery);
            }
            await this.access.add(tx, delivery, {
                method: 'page',
                phase: statement,
                counts: false,
                at: now,
                details: {
                    ...details,
                    taken: !isScanner
                },
                client
            });
            return !isScanner;
        });
    }
    async outcome(facts) {
        const found = await row(this.transactions.pool, `select coalesce(bool_or(counts), false) as counts,
              max(overruled_at) filter (where overruled_by = 'recipient' and not counts) as at
         from judged_access
        where delivery_id = $1
          and method = 'direct'`, [
            facts.id
        ]);
        return {
            counts: found?.counts ?? false,
            notReceivedAt: found?.counts ? null : found?.at ?? null
        };
    }
}
NotReceivedService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(OverrulesStore)),
    _ts_param(2, Inject(AccessStore)),
    _ts_param(3, Inject(ClientJudge)),
    _ts_param(4, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof OverrulesStore === "undefined" ? Object : OverrulesStore,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof ClientJudge === "undefined" ? Object : ClientJudge,
        typeof Clock === "undefined" ? Object : Clock
    ])
], NotReceivedService);

//# sourceMappingURL=not-received.service.js.map
