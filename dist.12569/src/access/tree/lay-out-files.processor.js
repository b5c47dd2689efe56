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
// The folders of a manifest are made when its upload was dispatched, so that the first visitor of a million files does
// not wait. If the job is lost, the first look makes them.
import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../../database/index.js';
import { layOutFiles } from '../../deliveries/index.js';
import { Processes } from '../../queue/index.js';
import { FoldersStore } from './folders.store.js';
export class LayOutFilesProcessor {
    transactions;
    folders;
    constructor(transactions, folders){
        this.transactions = transactions;
        this.folders = folders;
    }
    async process({ manifestId }) {
        await this.transactions.run((tx)=>this.folders.make(tx, manifestId));
    }
}
LayOutFilesProcessor = _ts_decorate([
    Injectable(),
    Processes(layOutFiles),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(FoldersStore)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof FoldersStore === "undefined" ? Object : FoldersStore
    ])
], LayOutFilesProcessor);

//# sourceMappingURL=lay-out-files.processor.js.map
