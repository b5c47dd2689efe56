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
// Records access. Events are only ever added; what they mean for reminders stands on the deliveries.
import { Inject, Injectable } from '@nestjs/common';
import { prepared, preparedRows, row, rows } from '../database/index.js';
import { DeliveriesStore } from '../deliveries/index.js';
import { Ids } from '../ids/index.js';
import { operatorsOf } from '../uploads/index.js';
export class AccessStore {
    ids;
    deliveries;
    constructor(ids, deliveries){
        this.ids = ids;
        this.deliveries = deliveries;
    }
    /**
   * Adds the event. One that counts silences this delivery and every other of the same upload to the same person that
   * was dispatched at or before it, and tells the operator the first time, where the platform wants that.
   */ async record(tx, delivery, access) {
        await this.add(tx, delivery, access);
        if (!access.counts) return;
        // Rows that need no change are not touched, so that many attempts at once do not wait for each other.
        await rows(tx, `update delivery
          set accessed_at = $4::timestamptz
        where id in (
              select id
                from delivery
               where upload_id = $1
                 and person_id = $2
                 and (id = $3 or handed_over_at <= $4::timestamptz)
                 and (accessed_at is null or accessed_at > $4::timestamptz)
               order by id
                 for no key update)`, [
            delivery.uploadId,
            delivery.personId,
            delivery.id,
            access.at
        ]);
        await this.tellOperator(tx, delivery);
    }
    /** Adds an event that does not count, in one statement. */ async add(tx, delivery, access) {
        const id = this.ids.next();
        await preparedRows(tx, INSERT, [
            JSON.stringify([
                rowOf(id, delivery, access)
            ])
        ]);
        if (access.remark) await this.remark(tx, id, access.remark);
    }
    /** Adds events that do not count and have no remark, all in one statement. */ async addAll(tx, events) {
        const made = events.map(({ delivery, access })=>rowOf(this.ids.next(), delivery, access));
        await preparedRows(tx, INSERT, [
            JSON.stringify(made)
        ]);
    }
    async remark(tx, subjectId, remark) {
        await rows(tx, `insert into access_remark (subject_id, remark) values ($1, $2)`, [
            subjectId,
            remark
        ]);
    }
    /** Tells the operator of the first access, where the platform wants that; once. */ async tellOperator(tx, delivery) {
        if (!delivery.notifyOnAccess) return;
        const first = await row(tx, `update delivery set first_access_told_at = now() where id = $1 and first_access_told_at is null returning id`, [
            delivery.id
        ]);
        if (first) await this.deliveries.queueOperatorMails(tx, 'accessed', delivery.id, await operatorsOf(tx, delivery.uploadId));
    }
}
AccessStore = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Ids)),
    _ts_param(1, Inject(DeliveriesStore)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Ids === "undefined" ? Object : Ids,
        typeof DeliveriesStore === "undefined" ? Object : DeliveriesStore
    ])
], AccessStore);
/** Of any number of events, with the facts of their clients where there are any. */ const INSERT = prepared(`with given as materialized (
        select *
          from json_to_recordset($1::json) as given (
               id uuid, delivery_id uuid, platform_id uuid, method text, phase text, counts boolean, at timestamptz,
               details jsonb, program text, address_hash text, agent_hash text, is_head boolean,
               followed_hidden_link boolean)),
        recorded as (
        insert into access_event (id, delivery_id, platform_id, method, phase, counts, at, details)
        select id, delivery_id, platform_id, method, phase, counts, at, details
          from given)
   insert into access_client (event_id, delivery_id, at, program, address_hash, agent_hash, is_head, followed_hidden_link)
   select id, delivery_id, at, program, decode(address_hash, 'hex'), decode(agent_hash, 'hex'), is_head,
          followed_hidden_link
     from given
    where program is not null`);
const rowOf = (id, delivery, { client, ...access })=>({
        id,
        delivery_id: delivery.id,
        platform_id: delivery.platformId,
        method: access.method,
        phase: access.phase,
        counts: access.counts,
        at: access.at,
        details: access.details ?? {},
        ...client ? {
            program: client.program,
            address_hash: client.addressHash.toString('hex'),
            agent_hash: client.agentHash.toString('hex'),
            is_head: client.isHead,
            followed_hidden_link: access.followedHiddenLink ?? false
        } : {}
    });

//# sourceMappingURL=access.store.js.map
