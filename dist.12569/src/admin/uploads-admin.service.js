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
// Uploads as administrators see them.
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Transactions } from '../database/index.js';
import { DeliveryReader } from '../deliveries/index.js';
import { decodeCursor, NotFound, pageOf, pageQuery, typedText } from '../http/index.js';
import { isId } from '../ids/index.js';
import { zonedIso } from '../time/index.js';
import { UploadSearchStore } from './upload-search.store.js';
const moment = z.union([
    z.iso.datetime({
        offset: true
    }),
    z.iso.date()
], 'must be a date or a time, such as 2026-03-01');
export const uploadQuery = pageQuery.extend({
    platform: z.uuid('must be the id of a platform').optional(),
    state: z.enum([
        'open',
        'verifying',
        'mismatch',
        'complete',
        'abandoned'
    ]).optional(),
    from: moment.optional(),
    to: moment.optional(),
    text: typedText().max(200).optional(),
    keyword: typedText().max(100).optional(),
    recipient: typedText().max(254).optional()
});
export class UploadsAdminService {
    transactions;
    uploads;
    deliveries;
    constructor(transactions, uploads, deliveries){
        this.transactions = transactions;
        this.uploads = uploads;
        this.deliveries = deliveries;
    }
    async list(query) {
        const before = decodeCursor(query.cursor, [
            'id'
        ])?.[0];
        const found = await this.uploads.search(this.transactions.pool, query, before, query.limit + 1);
        return pageOf(found, query.limit, uploadItem, (upload)=>[
                upload.id
            ]);
    }
    async get(id) {
        return {
            ...uploadItem(await this.found(id)),
            deliveries: await this.deliveries.ofUpload(id)
        };
    }
    async files(id, query) {
        await this.found(id);
        const after = Number(decodeCursor(query.cursor, [
            'number'
        ])?.[0] ?? 0);
        const found = await this.uploads.files(this.transactions.pool, id, after, query.limit + 1);
        return pageOf(found, query.limit, ({ path, type, size, crc32 })=>({
                path,
                type,
                size,
                crc32
            }), ({ line })=>[
                line
            ]);
    }
    async timeline(id) {
        const upload = await this.found(id);
        const happened = await this.uploads.timeline(this.transactions.pool, id);
        return {
            items: happened.map((event)=>({
                    ...event,
                    at: zonedIso(event.at, upload.time_zone)
                })),
            nextCursor: null
        };
    }
    async found(id) {
        const upload = isId(id) ? await this.uploads.find(this.transactions.pool, id) : undefined;
        if (!upload) throw new NotFound('upload');
        return upload;
    }
}
UploadsAdminService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(UploadSearchStore)),
    _ts_param(2, Inject(DeliveryReader)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof UploadSearchStore === "undefined" ? Object : UploadSearchStore,
        typeof DeliveryReader === "undefined" ? Object : DeliveryReader
    ])
], UploadsAdminService);
const uploadItem = (upload)=>({
        id: upload.id,
        folder: upload.folder,
        state: upload.state,
        platform: {
            id: upload.platform_id,
            name: upload.platform
        },
        files: upload.files,
        bytes: upload.bytes,
        keywords: upload.keywords,
        note: upload.note,
        operator: upload.operator_name,
        namespace: upload.data_namespace,
        createdAt: zonedIso(upload.created_at, upload.time_zone),
        completedAt: upload.completed_at && zonedIso(upload.completed_at, upload.time_zone)
    });

//# sourceMappingURL=uploads-admin.service.js.map
