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
// Credentials end with what they were made for: when a delivery was revoked or its data are gone, when a download is
// complete, and after expiry as soon as no transfer that began before it may still go on. The rule is `decideContinuation`.
import { Inject, Injectable } from '@nestjs/common';
import { rows, Transactions } from '../database/index.js';
import { STALE_AFTER_MS, TRANSFER_GRACE_MS } from '../deliveries/index.js';
import { Clock } from '../time/index.js';
export class EndedTransfers {
    transactions;
    clock;
    constructor(transactions, clock){
        this.transactions = transactions;
        this.clock = clock;
    }
    /** Dooms them; the sweep of credentials destroys them. */ async run() {
        await rows(this.transactions.pool, `update mediaflux_credential c
          set destroy_requested_at = now()
         from delivery d
        where d.id = c.delivery_id
          and c.destroyed_at is null
          and c.destroy_requested_at is null
          and (d.revoked_at is not null
               or d.gone_at is not null
               or exists (
                 select 1
                   from download w
                  where w.id = c.download_id
                    and (w.state = 'completed'
                         or d.expires_at <= $1::timestamptz - make_interval(secs => $2)
                         or (d.expires_at <= $1::timestamptz
                             and w.last_progress_at <= $1::timestamptz - make_interval(secs => $3)))))`, [
            this.clock.now(),
            TRANSFER_GRACE_MS / 1_000,
            STALE_AFTER_MS / 1_000
        ]);
    }
}
EndedTransfers = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof Clock === "undefined" ? Object : Clock
    ])
], EndedTransfers);

//# sourceMappingURL=ended-transfers.js.map
