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
// Figures of the whole installation.
import { Inject, Injectable } from '@nestjs/common';
import { row, Transactions } from '../database/index.js';
export class StatsService {
    transactions;
    constructor(transactions){
        this.transactions = transactions;
    }
    async run() {
        return row(this.transactions.pool, `select (select count(*) from platform) as platforms,
              u.uploads, u.completed, u.files, u.bytes, d.deliveries, d.accessed,
              (select count(*) from reminder where state = 'sent') as reminders,
              (select count(*) from mail_outbox where state = 'sent') as mails
         from (select count(*) as uploads, count(*) filter (where state = 'complete') as completed,
                      coalesce(sum(files) filter (where state = 'complete'), 0)::bigint as files,
                      coalesce(sum(bytes) filter (where state = 'complete'), 0)::bigint as bytes
                 from upload) u,
              (select count(*) as deliveries, count(accessed_at) as accessed from delivery) d`);
    }
}
StatsService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions
    ])
], StatsService);

//# sourceMappingURL=stats.service.js.map
