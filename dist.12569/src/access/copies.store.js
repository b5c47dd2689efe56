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
// Copies to end users' projects.
import { Injectable } from '@nestjs/common';
import { row, rows } from '../database/index.js';
const LEASE_SECONDS = 15;
export class CopiesStore {
    async insert(tx, copy) {
        await rows(tx, `insert into content_copy (id, delivery_id, state, destination, sealed_credential, credential_id, requested_at, last_progress_at)
       values ($1, $2, 'requested', $3, $4, $5, $6, $6)`, [
            copy.id,
            copy.deliveryId,
            copy.destination,
            copy.sealed,
            copy.credentialId,
            copy.at
        ]);
    }
    find(tx, id, deliveryId) {
        return row(tx, 'select * from content_copy where id = $1 and delivery_id = $2', [
            id,
            deliveryId
        ]);
    }
    claim(tx, id) {
        return row(tx, `update content_copy
          set state = 'copying', lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where id = $1
          and state in ('requested', 'copying')
          and (lease_until is null or lease_until < now())
    returning *`, [
            id
        ]);
    }
    async renew(tx, id) {
        await rows(tx, `update content_copy set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}) where id = $1 and state = 'copying'`, [
            id
        ]);
    }
    async release(tx, id) {
        await rows(tx, `update content_copy set lease_until = null where id = $1 and state = 'copying'`, [
            id
        ]);
    }
    async progress(tx, id, files, bytes, at) {
        await rows(tx, `update content_copy set files = $2, bytes = $3, last_progress_at = $4 where id = $1`, [
            id,
            files,
            bytes,
            at
        ]);
    }
    /** Ends the copy and forgets its secret; false when it had ended. */ async end(tx, id, state, reason, at) {
        const ended = await rows(tx, `update content_copy
          set state = $2, reason = $3, reason_sentence = $5::jsonb, ended_at = $4, sealed_credential = null, lease_until = null
        where id = $1
          and state in ('requested', 'copying')
    returning id`, [
            id,
            state,
            reason?.english ?? null,
            at,
            reason && JSON.stringify(reason.sentence)
        ]);
        return ended.length > 0;
    }
    async unattended(tx) {
        const found = await rows(tx, `select id
         from content_copy
        where state in ('requested', 'copying')
          and (lease_until is null or lease_until < now())
        order by id
        limit 100`);
        return found.map((copy)=>copy.id);
    }
}
CopiesStore = _ts_decorate([
    Injectable()
], CopiesStore);

//# sourceMappingURL=copies.store.js.map
