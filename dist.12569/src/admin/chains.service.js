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
// Event chains as administrators see them: their heads, to be kept elsewhere, and whether they hold.
import { Inject, Injectable } from '@nestjs/common';
import { ChainedKinds, ChainsStore, verifyChains } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { NotFound } from '../http/index.js';
export class ChainsService {
    transactions;
    chains;
    kinds;
    constructor(transactions, chains, kinds){
        this.transactions = transactions;
        this.chains = chains;
        this.kinds = kinds;
    }
    async heads() {
        return {
            items: await this.chains.heads(this.transactions.pool),
            nextCursor: null
        };
    }
    /** @param chain one only. @throws NotFound */ async verify(chain) {
        const reports = await this.transactions.snapshot(async (tx)=>{
            const found = [];
            for await (const report of verifyChains(tx, this.kinds.all, {
                chain
            }))found.push(report);
            return found;
        });
        if (reports.length === 0) throw new NotFound('chain');
        return {
            ok: reports.every((report)=>report.ok),
            chains: reports
        };
    }
}
ChainsService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(ChainsStore)),
    _ts_param(2, Inject(ChainedKinds)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof ChainsStore === "undefined" ? Object : ChainsStore,
        typeof ChainedKinds === "undefined" ? Object : ChainedKinds
    ])
], ChainsService);

//# sourceMappingURL=chains.service.js.map
