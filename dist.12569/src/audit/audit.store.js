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
// Who changed what: one row for each change, written in the transaction that makes it and never changed afterwards.
// Rows carry ids, never an address, a token or a password.
import { Inject, Injectable } from '@nestjs/common';
import { rows } from '../database/index.js';
import { pageOf, decodeCursor } from '../http/index.js';
import { Ids } from '../ids/index.js';
export class AuditStore {
    ids;
    constructor(ids){
        this.ids = ids;
    }
    async record(tx, change) {
        await rows(tx, `insert into audit_entry (id, actor, action, subject_kind, subject_id, before, after)
       values ($1, $2, $3, $4, $5, $6, $7)`, [
            this.ids.next(),
            change.actor,
            change.action,
            change.subjectKind,
            change.subjectId,
            change.before ? JSON.stringify(change.before) : null,
            change.after ? JSON.stringify(change.after) : null
        ]);
    }
    /** Newest first; of one subject, if `subjectId` is given. */ async list(tx, query) {
        const after = decodeCursor(query.cursor, [
            'id'
        ]);
        const found = await rows(tx, `select id, at, actor, action, subject_kind, subject_id, before, after
         from audit_entry
        where ($1::uuid is null or subject_id = $1::uuid)
          and ($2::uuid is null or id < $2::uuid)
        order by id desc
        limit $3::int`, [
            query.subject ?? null,
            after?.[0] ?? null,
            query.limit + 1
        ]);
        return pageOf(found, query.limit, auditItem, (entry)=>[
                entry.id
            ]);
    }
}
AuditStore = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Ids)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Ids === "undefined" ? Object : Ids
    ])
], AuditStore);
const auditItem = (entry)=>({
        id: entry.id,
        at: entry.at.toISOString(),
        actor: entry.actor,
        action: entry.action,
        subject: {
            kind: entry.subject_kind,
            id: entry.subject_id
        },
        before: entry.before,
        after: entry.after
    });

//# sourceMappingURL=audit.store.js.map
