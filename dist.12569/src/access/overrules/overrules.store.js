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
// Overrules: the last one on an event says whether it counts. They are only ever added, as events are.
import { Inject, Injectable } from '@nestjs/common';
import { row, rows } from '../../database/index.js';
import { Ids } from '../../ids/index.js';
export class OverrulesStore {
    ids;
    constructor(ids){
        this.ids = ids;
    }
    /** Holds every delivery of the same upload to the same person until the transaction ends. */ async hold(tx, delivery) {
        await rows(tx, `select id from delivery where upload_id = $1 and person_id = $2 order by id for no key update`, [
            delivery.uploadId,
            delivery.personId
        ]);
    }
    event(tx, deliveryId, eventId) {
        return row(tx, 'select id, method, phase, counts from judged_access where id = $1 and delivery_id = $2', [
            eventId,
            deliveryId
        ]);
    }
    async add(tx, delivery, overrule) {
        const id = this.ids.next();
        await rows(tx, `insert into access_overrule (id, event_id, delivery_id, platform_id, counts, actor, at)
       values ($1, $2, $3, $4, $5, $6, $7)`, [
            id,
            overrule.eventId,
            delivery.id,
            delivery.platformId,
            overrule.counts,
            overrule.actor,
            overrule.at
        ]);
        return id;
    }
    /**
   * What the recipient says of the direct downloads of one delivery: none of those that count worked, or those that they
   * said so of did. What an administrator, or the hidden link, said last stays.
   *
   * @param saidAt only those that were said so of at that moment
   */ async overruleDirect(tx, delivery, { counts, at }, saidAt) {
        const said = await rows(tx, `select id
         from judged_access
        where delivery_id = $1
          and method = 'direct'
          and case when $2::boolean then not counts and overruled_by = 'recipient' else counts end
          and ($3::timestamptz is null or overruled_at = $3)
        order by at, id`, [
            delivery.id,
            counts,
            saidAt ?? null
        ]);
        for (const { id: eventId } of said)await this.add(tx, delivery, {
            eventId,
            counts,
            actor: 'recipient',
            at
        });
    }
    /**
   * When each delivery of the upload to the person was first accessed, from all events anew: its own that count, and
   * those of the others from its dispatch on. Product rule "Reminders" 2. The deliveries are held already.
   */ async recount(tx, delivery) {
        await rows(tx, `update delivery d
          set accessed_at = (
              select min(e.at)
                from delivery o
                join judged_access e on e.delivery_id = o.id
               where o.upload_id = d.upload_id
                 and o.person_id = d.person_id
                 and e.counts
                 and (o.id = d.id or d.handed_over_at <= e.at))
        where d.upload_id = $1
          and d.person_id = $2`, [
            delivery.uploadId,
            delivery.personId
        ]);
    }
}
OverrulesStore = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Ids)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Ids === "undefined" ? Object : Ids
    ])
], OverrulesStore);

//# sourceMappingURL=overrules.store.js.map
