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
import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/index.js';
import { AdminController } from './admin.controller.js';
import { ChainsService } from './chains.service.js';
import { PersonsAdminService } from './persons-admin.service.js';
import { StatsService } from './stats.service.js';
import { UploadSearchStore } from './upload-search.store.js';
import { UploadsAdminService } from './uploads-admin.service.js';
export class AdminModule {
}
AdminModule = _ts_decorate([
    Module({
        imports: [
            DeliveriesModule
        ],
        controllers: [
            AdminController
        ],
        providers: [
            ChainsService,
            PersonsAdminService,
            StatsService,
            UploadSearchStore,
            UploadsAdminService
        ]
    })
], AdminModule);

//# sourceMappingURL=admin.module.js.map
