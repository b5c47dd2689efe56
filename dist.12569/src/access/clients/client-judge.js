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
// Judges the client of a POST by what it did before.
import { Inject, Injectable } from '@nestjs/common';
import { judgeClient } from '../access.rules.js';
import { ClientFactsStore } from './client-facts.js';
export class ClientJudge {
    clients;
    constructor(clients){
        this.clients = clients;
    }
    /** @param tx a transaction in which the client's event is recorded too */ async judge(tx, deliveryId, requesting, now) {
        const client = this.clients.factsOf(requesting);
        await this.clients.hold(tx, deliveryId, client);
        const { isScanner, doubts } = judgeClient(await this.clients.history(tx, deliveryId, client, now), now);
        return {
            client,
            isScanner,
            details: {
                ...isScanner ? {
                    scanner: true
                } : {},
                ...doubts.length === 0 ? {} : {
                    doubts
                }
            }
        };
    }
}
ClientJudge = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(ClientFactsStore)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ClientFactsStore === "undefined" ? Object : ClientFactsStore
    ])
], ClientJudge);

//# sourceMappingURL=client-judge.js.map
