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
// What a link's holder may know: the delivery, its files, how far each method has come.
import { Inject, Injectable } from '@nestjs/common';
import { Batches, rows, Transactions } from '../database/index.js';
import { findDelivery, furthestPhases } from '../deliveries/index.js';
import { decodeCursor, NotFound, pageOf } from '../http/index.js';
import { Clock, zonedIso } from '../time/index.js';
import { MethodNotOffered } from './access.errors.js';
import { AccessStore } from './access.store.js';
import { ClientFactsStore } from './clients/client-facts.js';
export class SharedDataService {
    transactions;
    access;
    clients;
    clock;
    /** Links are opened many at once, by scanners above all. */ views = new Batches((events)=>this.access.addAll(this.transactions.pool, events));
    constructor(transactions, access, clients, clock){
        this.transactions = transactions;
        this.access = access;
        this.clients = clients;
        this.clock = clock;
    }
    async facts(link) {
        const facts = await findDelivery(this.transactions.pool, link.deliveryId);
        if (!facts) throw new NotFound('delivery');
        return facts;
    }
    /** @throws MethodNotOffered */ async factsFor(link, method) {
        const facts = await this.facts(link);
        if (!facts.methods.includes(method)) throw new MethodNotOffered(`${facts.contactName} (${facts.contactEmail})`);
        return facts;
    }
    phases(facts) {
        return furthestPhases(this.transactions.pool, facts);
    }
    async describe(link) {
        const facts = await this.facts(link);
        const phases = await this.phases(facts);
        const at = (moment)=>moment && zonedIso(moment, facts.timeZone);
        return {
            folder: facts.folder,
            platform: {
                name: facts.platform
            },
            sender: {
                platform: facts.platform,
                operator: facts.operatorName
            },
            files: facts.files,
            bytes: facts.bytes,
            keywords: facts.keywords,
            note: facts.note,
            uploadedAt: at(facts.uploadedAt),
            expiresAt: at(facts.expiresAt),
            doneAt: at(facts.doneAt),
            contact: {
                name: facts.contactName,
                email: facts.contactEmail
            },
            methods: Object.fromEntries(facts.methods.map((method)=>[
                    method,
                    phases[method]
                ]))
        };
    }
    async files(link, query) {
        const facts = await this.facts(link);
        const after = Number(decodeCursor(query.cursor, [
            'number'
        ])?.[0] ?? 0);
        const found = await rows(this.transactions.pool, `select line, path, type, size, crc32, modified_at
         from manifest_entry
        where manifest_id = $1
          and line > $2::bigint
        order by line
        limit $3::int`, [
            facts.manifestId,
            after,
            query.limit + 1
        ]);
        return pageOf(found, query.limit, ({ path, type, size, crc32, modified_at: modifiedAt })=>({
                path,
                type,
                size,
                crc32,
                mtime: modifiedAt?.toISOString() ?? null
            }), ({ line })=>[
                line
            ]);
    }
    /** Opening the page counts as nothing: mail scanners do it too. */ async viewed(facts, requesting) {
        await this.views.add({
            delivery: facts,
            access: {
                method: 'page',
                phase: 'viewed',
                counts: false,
                at: this.clock.now(),
                details: {
                    ...requesting.isHead ? {
                        head: true
                    } : {},
                    ...requesting.isPrefetch ? {
                        prefetch: true
                    } : {}
                },
                client: this.clients.factsOf(requesting)
            }
        });
    }
}
SharedDataService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(AccessStore)),
    _ts_param(2, Inject(ClientFactsStore)),
    _ts_param(3, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof AccessStore === "undefined" ? Object : AccessStore,
        typeof ClientFactsStore === "undefined" ? Object : ClientFactsStore,
        typeof Clock === "undefined" ? Object : Clock
    ])
], SharedDataService);

//# sourceMappingURL=shared-data.service.js.map
