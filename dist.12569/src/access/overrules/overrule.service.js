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
// An administrator says of one event whether it counts, against what was recorded; saying the opposite takes it back.
import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../../audit/index.js';
import { Transactions } from '../../database/index.js';
import { findDelivery } from '../../deliveries/index.js';
import { InvalidFields, NotFound } from '../../http/index.js';
import { isId } from '../../ids/index.js';
import { MailDispatcher } from '../../mail/index.js';
import { Clock } from '../../time/index.js';
import { isCounting } from '../access.rules.js';
import { AccessStore } from '../access.store.js';
import { OverrulesStore } from './overrules.store.js';
export class OverruleService {
    transactions;
    overrules;
    access;
    audit;
    mails;
    clock;
    constructor(transactions, overrules, access, audit, mails, clock){
        this.transactions = transactions;
        this.overrules = overrules;
        this.access = access;
        this.audit = audit;
        this.mails = mails;
        this.clock = clock;
    }
    /** @throws NotFound, InvalidFields the event is of a kind that never counts */ async run(deliveryId, eventId, { counts, note }) {
        await this.transactions.run(async (tx)=>{
            const delivery = isId(deliveryId) ? await findDelivery(tx, deliveryId) : undefined;
            if (!delivery) throw new NotFound('delivery');
            await this.overrules.hold(tx, delivery);
            const event = isId(eventId) ? await this.overrules.event(tx, deliveryId, eventId) : undefined;
            if (!event) throw new NotFound('event of this delivery');
            if (!isCounting(event.method, event.phase, true, true)) {
                throw new InvalidFields([
                    {
                        path: 'counts',
                        message: `cannot be said of ${event.method} ${event.phase}, which is never access; report the access itself`
                    }
                ]);
            }
            const overrule = {
                eventId,
                counts,
                actor: 'admin',
                at: this.clock.now()
            };
            await this.overrule(tx, delivery, event, overrule, note ?? undefined);
        });
        await this.mails.kick();
    }
    /** The deliveries are held. */ async overrule(tx, delivery, event, overrule, note) {
        const id = await this.overrules.add(tx, delivery, overrule);
        if (note) await this.access.remark(tx, id, note);
        await this.overrules.recount(tx, delivery);
        if (overrule.counts) await this.access.tellOperator(tx, delivery);
        await this.audit.record(tx, {
            actor: overrule.actor,
            action: 'access.overruled',
            subjectKind: 'delivery',
            subjectId: delivery.id,
            before: {
                eventId: event.id,
                counts: event.counts
            },
            after: {
                eventId: event.id,
                counts: overrule.counts
            }
        });
    }
}
OverruleService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(OverrulesStore)),
    _ts_param(2, Inject(AccessStore)),
    _ts_param(3, Inject(AuditStore)),
    _ts_param(4, Inject(MailDispatcher)),
    _ts_param(5, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof OverrulesStore === "undefined" ? Object : OverrulesStore,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof AuditStore === "undefined" ? Object : AuditStore,
        typeof MailDispatcher === "undefined" ? Object : MailDispatcher,
        typeof Clock === "undefined" ? Object : Clock
    ])
], OverruleService);

//# sourceMappingURL=overrule.service.js.map
