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
// What is chained. Each feature registers its append-only tables; which columns are sealed, and in which order, is
// fixed for good: seals that were made with them must go on to verify.
import { Injectable } from '@nestjs/common';
import { rows } from '../database/index.js';
/** The chain of what belongs to no platform. */ export const ADMINISTRATION = 'administration';
/** SQL of an instant as seals hold it. */ export const sealedInstant = (column)=>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
export const auditEntries = {
    kind: 'audit-entry',
    table: 'audit_entry',
    chain: `'${ADMINISTRATION}'`,
    recordedAt: 'e.at',
    fields: [
        'e.id::text',
        sealedInstant('e.at'),
        'e.actor',
        'e.action',
        'e.subject_kind',
        'e.subject_id::text',
        'e.before::text',
        'e.after::text'
    ]
};
export class ChainedKinds {
    all = [
        auditEntries
    ];
    get names() {
        return this.all.map(({ kind })=>kind);
    }
    register(...kinds) {
        this.all.push(...kinds);
    }
}
ChainedKinds = _ts_decorate([
    Injectable()
], ChainedKinds);
/** The sealed columns of entries, by id; an entry that is not there has none. Instants are told in UTC. */ export async function fieldsOf(tx, kinds, entries) {
    const found = new Map();
    for (const kind of kinds){
        const ids = entries.filter((entry)=>entry.kind === kind.kind).map((entry)=>entry.entryId);
        if (ids.length === 0) continue;
        const held = await rows(tx, `select e.id, array[${kind.fields.join(', ')}]::text[] as fields from ${kind.table} e where e.id = any($1::uuid[])`, [
            ids
        ]);
        for (const { id, fields } of held)found.set(id, fields);
    }
    return found;
}

//# sourceMappingURL=chained-kinds.js.map
