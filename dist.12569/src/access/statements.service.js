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
// What an end user says with one click: "I have what I need", "no more reminders". Each can be taken back. A scanner
// says nothing with the first; the second is sent by mail programs by themselves and is taken from everybody.
import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { DeliveriesStore, findDelivery } from '../deliveries/index.js';
import { InvalidFields, NotFound } from '../http/index.js';
import { isLanguage, LANGUAGES } from '../language/index.js';
import { PersonsStore } from '../persons/index.js';
import { Clock } from '../time/index.js';
import { AccessStore } from './access.store.js';
import { ClientJudge } from './clients/client-judge.js';
const COLUMNS = {
    done: 'done_at',
    undone: 'done_at',
    'opted-out': 'opted_out_at',
    'opted-in': 'opted_out_at'
};
export class StatementsService {
    transactions;
    deliveries;
    persons;
    access;
    judge;
    audit;
    clock;
    constructor(transactions, deliveries, persons, access, judge, audit, clock){
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.persons = persons;
        this.access = access;
        this.judge = judge;
        this.audit = audit;
        this.clock = clock;
    }
    /** Records what was said; false when it is not taken, because a scanner said it. */ async say(link, statement, requesting) {
        const now = this.clock.now();
        return this.transactions.run(async (tx)=>{
            const { client, isScanner, details } = await this.judge.judge(tx, link.deliveryId, requesting, now);
            const isTaken = !isScanner || link.purpose === 'unsubscribe';
            if (isTaken) {
                if (statement === 'done' || statement === 'opted-out') await this.deliveries.mark(tx, link.deliveryId, COLUMNS[statement], now);
                else await this.deliveries.unmark(tx, link.deliveryId, COLUMNS[statement]);
            }
            const delivery = {
                id: link.deliveryId,
                platformId: link.platformId
            };
            await this.access.add(tx, delivery, {
                method: 'page',
                phase: statement,
                counts: false,
                at: now,
                details: {
                    ...details,
                    taken: isTaken
                },
                client
            });
            return isTaken;
        });
    }
    /**
   * The language of coming mails to the person, whatever delivery they are about.
   *
   * @param form `language=fr`
   */ async chooseLanguage(link, form) {
        const language = form?.language;
        if (!isLanguage(language)) throw new InvalidFields([
            {
                path: 'language',
                message: `must be one of ${LANGUAGES.join(', ')}`
            }
        ]);
        await this.transactions.run(async (tx)=>{
            const delivery = await findDelivery(tx, link.deliveryId);
            if (!delivery) throw new NotFound('delivery');
            if (!await this.persons.setLanguage(tx, delivery.personId, language)) return;
            await this.audit.record(tx, {
                actor: `link:${link.deliveryId}`,
                action: 'person.language',
                subjectKind: 'person',
                subjectId: delivery.personId,
                after: {
                    language
                }
            });
        });
    }
}
StatementsService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(DeliveriesStore)),
    _ts_param(2, Inject(PersonsStore)),
    _ts_param(3, Inject(AccessStore)),
    _ts_param(4, Inject(ClientJudge)),
    _ts_param(5, Inject(AuditStore)),
    _ts_param(6, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof DeliveriesStore === "undefined" ? Object : DeliveriesStore,
        typeof PersonsStore === "undefined" ? Object : PersonsStore,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof ClientJudge === "undefined" ? Object : ClientJudge,
        typeof AuditStore === "undefined" ? Object : AuditStore,
        typeof Clock === "undefined" ? Object : Clock
    ])
], StatementsService);

//# sourceMappingURL=statements.service.js.map
