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
// A link's files, folder by folder and page by page: folders first, then files, each with what it holds.
import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../../database/index.js';
import { NotFound } from '../../http/index.js';
import { FoldersStore } from './folders.store.js';
/** `d12`: after the folder with that number; `f345`: after the file on that line. */ const AFTER = /^([df])(\d{1,15})$/;
export class FileTreeService {
    transactions;
    folders;
    constructor(transactions, folders){
        this.transactions = transactions;
        this.folders = folders;
    }
    /** @param path without slashes at its ends, empty for the top @throws NotFound no such folder, or `after` is none of ours */ async page({ manifestId }, path, after, limit) {
        const { pool } = this.transactions;
        // PostgreSQL takes no such character in a text.
        if (path.includes('\0')) fail();
        const [, kind = 'd', place = '0'] = after === undefined ? [] : AFTER.exec(after) ?? fail();
        const { folder, folders } = after === undefined ? await this.begin(manifestId, path, limit + 1) : await this.goOn(manifestId, path, kind === 'd' ? Number(place) : undefined, limit + 1);
        if (folders.length > limit) {
            const shown = folders.slice(0, limit);
            return {
                folder,
                folders: shown,
                files: [],
                next: `d${shown.at(-1)?.number ?? 0}`
            };
        }
        const room = limit - folders.length;
        const from = kind === 'f' ? Number(place) : 0;
        const files = await this.folders.filesIn(pool, manifestId, folder, from, room + 1);
        const shown = files.slice(0, room);
        const isLast = files.length <= room;
        return {
            folder,
            folders,
            files: shown,
            next: isLast ? null : `f${shown.at(-1)?.line ?? 0}`
        };
    }
    async begin(manifestId, path, limit) {
        const { pool } = this.transactions;
        const found = await this.folders.findWithFolders(pool, manifestId, path, limit);
        return found ?? this.goOn(manifestId, path, 0, limit);
    }
    /** @param after the number of the last folder seen; undefined: all were */ async goOn(manifestId, path, after, limit) {
        const folder = await this.folder(manifestId, path);
        if (after === undefined) return {
            folder,
            folders: []
        };
        return {
            folder,
            folders: await this.folders.foldersIn(this.transactions.pool, manifestId, folder, after, limit)
        };
    }
    async folder(manifestId, path) {
        const { pool } = this.transactions;
        const found = await this.folders.find(pool, manifestId, path);
        if (found) return found;
        if (path === '' || !await this.folders.find(pool, manifestId, '')) await this.transactions.run((tx)=>this.folders.make(tx, manifestId));
        return await this.folders.find(pool, manifestId, path) ?? fail();
    }
}
FileTreeService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(FoldersStore)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof FoldersStore === "undefined" ? Object : FoldersStore
    ])
], FileTreeService);
function fail() {
    throw new NotFound('folder of these data');
}

//# sourceMappingURL=file-tree.service.js.map
