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
// Refused logons are counted for each account, so that a link is no way to lock somebody out of Mediaflux.
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { TooManyTries } from './access.errors.js';
const REFUSALS = 3;
const WITHIN_SECONDS = 900;
export class LogonTries {
    dataSource;
    limiter;
    constructor(dataSource){
        this.dataSource = dataSource;
    }
    /** @throws TooManyTries */ async mustBeAllowed(account) {
        const counted = await (await this.open()).get(keyOf(account));
        if (counted && counted.consumedPoints >= REFUSALS) throw new TooManyTries(Math.ceil(counted.msBeforeNext / 1000));
    }
    async refused(account) {
        await (await this.open()).penalty(keyOf(account), 1);
    }
    open() {
        this.limiter ??= new Promise((resolve, reject)=>{
            const limiter = new RateLimiterPostgres({
                storeClient: this.dataSource,
                storeType: 'typeorm',
                keyPrefix: 'copy_logon',
                points: REFUSALS,
                duration: WITHIN_SECONDS,
                tableName: 'rate_limit',
                clearExpiredByTimeout: false
            }, (error)=>error ? reject(error) : resolve(limiter));
        });
        return this.limiter;
    }
}
LogonTries = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(DataSource)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DataSource === "undefined" ? Object : DataSource
    ])
], LogonTries);
const keyOf = (account)=>createHash('sha256').update(account).digest('base64url');

//# sourceMappingURL=logon-tries.js.map
