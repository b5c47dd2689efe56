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
import { Global, Inject, Module } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { Sweeps } from '../queue/index.js';
import { CallerResolvers } from './callers.js';
import { EndedLinkLimiter } from './ended-link-limiter.js';
import { GuessLimiter } from './guess-limiter.js';
import { admitKeys } from './keys-in-use.js';
import { SecretKeys } from './secret-keys.js';
export class AuthModule {
    sweeps;
    guesses;
    constructor(sweeps, guesses){
        this.sweeps = sweeps;
        this.guesses = guesses;
    }
    static forRoot(settings) {
        return {
            module: AuthModule,
            providers: [
                CallerResolvers,
                GuessLimiter,
                EndedLinkLimiter,
                {
                    provide: SecretKeys,
                    inject: [
                        Transactions
                    ],
                    useFactory: async (transactions)=>{
                        const keys = new SecretKeys(settings.secretKeys);
                        await transactions.run((tx)=>admitKeys(tx, keys));
                        return keys;
                    }
                }
            ],
            exports: [
                CallerResolvers,
                EndedLinkLimiter,
                GuessLimiter,
                SecretKeys
            ]
        };
    }
    onModuleInit() {
        this.sweeps.register({
            name: 'counted-guesses',
            everyMs: 600_000,
            isUpkeep: true,
            run: ()=>this.guesses.forgetExpired()
        });
    }
}
AuthModule = _ts_decorate([
    Global(),
    Module({}),
    _ts_param(0, Inject(Sweeps)),
    _ts_param(1, Inject(GuessLimiter)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Sweeps === "undefined" ? Object : Sweeps,
        typeof GuessLimiter === "undefined" ? Object : GuessLimiter
    ])
], AuthModule);

//# sourceMappingURL=auth.module.js.map
