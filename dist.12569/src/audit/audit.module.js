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
import { Global, Module } from '@nestjs/common';
import { AuditStore } from './audit.store.js';
import { ChainedKinds } from './chained-kinds.js';
import { ChainsStore } from './chains.store.js';
import { SealerService } from './sealer.service.js';
export class AuditModule {
}
AuditModule = _ts_decorate([
    Global(),
    Module({
        providers: [
            AuditStore,
            ChainedKinds,
            ChainsStore,
            SealerService
        ],
        exports: [
            AuditStore,
            ChainedKinds,
            ChainsStore
        ]
    })
], AuditModule);

//# sourceMappingURL=audit.module.js.map
