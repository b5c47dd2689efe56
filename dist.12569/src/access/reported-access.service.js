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
// Access that a person or a site's own script reports.
import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { findDelivery } from '../deliveries/index.js';
import { InvalidFields, NotFound } from '../http/index.js';
import { isId } from '../ids/index.js';
import { MailDispatcher } from '../mail/index.js';
import { Clock } from '../time/index.js';
import { isCounting, isPhaseOf } from './access.rules.js';
import { AccessStore } from './access.store.js';
export class ReportedAccessService {
    transactions;
    access;
    audit;
    mails;
    clock;
    constructor(transactions, access, audit, mails, clock){
        this.transactions = transactions;
        this.access = access;
        this.audit = audit;
        this.mails = mails;
        this.clock = clock;
    }
    async run(deliveryId, report) {
        if (!isPhaseOf(report.method, report.phase)) {
            throw new InvalidFields([
                {
                    path: 'phase',
                    message: report.method === 'direct' ? 'of a direct link only "attempted" can be known' : `is not a phase of ${report.method}`
                }
            ]);
        }
        const at = report.at === undefined ? this.clock.now() : new Date(report.at);
        if (at > this.clock.now()) throw new InvalidFields([
            {
                path: 'at',
                message: 'must not be in the future'
            }
        ]);
        await this.transactions.run(async (tx)=>{
            const delivery = isId(deliveryId) ? await findDelivery(tx, deliveryId) : undefined;
            if (!delivery) throw new NotFound('delivery');
            const counts = isCounting(report.method, report.phase, true, true);
            await this.access.record(tx, delivery, {
                method: report.method,
                phase: report.phase,
                counts,
                at,
                details: {
                    reported: true
                },
                remark: report.note
            });
            await this.audit.record(tx, {
                actor: 'admin',
                action: 'access.reported',
                subjectKind: 'delivery',
                subjectId: deliveryId,
                after: {
                    method: report.method,
                    phase: report.phase
                }
            });
        });
        await this.mails.kick();
    }
}
ReportedAccessService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(AccessStore)),
    _ts_param(2, Inject(AuditStore)),
    _ts_param(3, Inject(MailDispatcher)),
    _ts_param(4, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof AuditStore === "undefined" ? Object : AuditStore,
        typeof MailDispatcher === "undefined" ? Object : MailDispatcher,
        typeof Clock === "undefined" ? Object : Clock
    ])
], ReportedAccessService);

//# sourceMappingURL=reported-access.service.js.map
