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
// What guessing costs: every unknown token takes time, and after many from one network the answer is "wait". Only
// unknown tokens are counted and refused, so that one guesser never locks out the people behind the same address; and
// a network's guesses beyond its own limit use up nobody else's.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { row, rows, Transactions } from '../database/index.js';
import { TooManyGuesses } from './auth.errors.js';
import { networkOf } from './networks.js';
import { WaitingGuesses } from './waiting-guesses.js';
const GUESSES_A_MINUTE = 60;
const GUESSES_A_MINUTE_IN_ALL = 3_000;
const DELAY_MS = 300;
export class GuessLimiter {
    dataSource;
    transactions;
    logger = new Logger('auth');
    waiting = new WaitingGuesses();
    limiters;
    constructor(dataSource, transactions){
        this.dataSource = dataSource;
        this.transactions = transactions;
    }
    /** Counts one unknown token and takes its time. @throws TooManyGuesses */ async count(address) {
        const network = networkOf(address);
        if (!await this.waiting.enter(network, ()=>delay(DELAY_MS))) throw new TooManyGuesses(1);
        try {
            const [perNetwork, inAll] = await (this.limiters ??= this.open());
            await perNetwork.consume(createHash('sha256').update(network).digest('base64url'));
            await inAll.consume('all');
        } catch (error) {
            if (error instanceof RateLimiterRes) throw new TooManyGuesses(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
            this.limiters = undefined;
            this.logger.error({
                err: error
            }, 'Unknown links could not be counted; they are refused all the same.');
        }
    }
    /** Forgets what was counted long ago, of logons too: each network that ever guessed has a row. */ async forgetExpired() {
        const { pool } = this.transactions;
        const made = await row(pool, `select to_regclass('rate_limit')::text as name`);
        // The limiters make their table when they are first used.
        if (made?.name == null) return;
        await rows(pool, 'delete from rate_limit where expire < (extract(epoch from now()) - 3600) * 1000');
    }
    async open() {
        return Promise.all([
            this.limiter('unknown_link', GUESSES_A_MINUTE),
            this.limiter('unknown_link_all', GUESSES_A_MINUTE_IN_ALL)
        ]);
    }
    limiter(keyPrefix, points) {
        return new Promise((resolve, reject)=>{
            const limiter = new RateLimiterPostgres({
                storeClient: this.dataSource,
                storeType: 'typeorm',
                keyPrefix,
                points,
                duration: 60,
                tableName: 'rate_limit',
                // Beyond the limit nothing is written any more until it ends.
                inMemoryBlockOnConsumed: points,
                clearExpiredByTimeout: false
            }, (error)=>error ? reject(error) : resolve(limiter));
        });
    }
}
GuessLimiter = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(DataSource)),
    _ts_param(1, Inject(Transactions)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DataSource === "undefined" ? Object : DataSource,
        typeof Transactions === "undefined" ? Object : Transactions
    ])
], GuessLimiter);

//# sourceMappingURL=guess-limiter.js.map
