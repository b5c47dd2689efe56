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
import { ClientProgramController } from './client-program.controller.js';
import { ProgramFile } from './program-file.js';
export class ClientProgramModule {
}
ClientProgramModule = _ts_decorate([
    Module({
        controllers: [
            ClientProgramController
        ],
        providers: [
            ProgramFile
        ]
    })
], ClientProgramModule);

//# sourceMappingURL=client-program.module.js.map
