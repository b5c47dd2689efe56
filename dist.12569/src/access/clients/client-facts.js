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
// Coarse facts about the client of an event: the kind of program, and keyed hashes of its address and of what it calls
// itself, which tell whether two requests came from one client and nothing else. They stand apart from what is chained
// and are removed after a set time.
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SecretKeys } from '../../auth/index.js';
import { prepared, preparedRows, rows, Transactions } from '../../database/index.js';
import { Sweeps } from '../../queue/index.js';
import { Clock } from '../../time/index.js';
import { REMEMBERED_MS, TOGETHER_MS } from '../access.rules.js';
import { programOf } from './client-programs.rules.js';
/** How long client facts are kept. */ export class ClientFactsRetention {
    keptMs;
    constructor(keptMs){
        this.keptMs = keptMs;
    }
}
const HOLD = prepared('select pg_advisory_xact_lock($1::bigint)');
const HISTORY = prepared(`select (select handed_over_at from delivery where id = $3) as handed_over_at,
          max(at) filter (where followed_hidden_link and delivery_id = $3) as here,
          max(at) filter (where followed_hidden_link and delivery_id <> $3) as elsewhere,
          max(at) filter (where is_head and delivery_id = $3) as head,
          count(distinct delivery_id) filter (where at > $5 and delivery_id <> $3) as links
     from access_client
    where address_hash = $1
      and agent_hash = $2
      and at > $4`);
const REMOVED_AT_ONCE = 5_000;
export class ClientFactsStore {
    retention;
    transactions;
    sweeps;
    clock;
    key;
    constructor(keys, retention, transactions, sweeps, clock){
        this.retention = retention;
        this.transactions = transactions;
        this.sweeps = sweeps;
        this.clock = clock;
        this.key = Buffer.from(hkdfSync('sha256', keys.current.bytes, '', 'client facts', 32));
    }
    onModuleInit() {
        this.sweeps.register({
            name: 'client-facts',
            everyMs: 60_000,
            isUpkeep: true,
            run: (signal)=>this.removeOld(signal)
        });
    }
    factsOf(client) {
        return {
            program: programOf(client.userAgent),
            addressHash: this.hash(`address:${client.address}`),
            agentHash: this.hash(`agent:${client.userAgent ?? ''}`),
            isHead: client.isHead
        };
    }
    /**
   * Until the transaction ends, no other one judges this client on this delivery or marks it: a scanner sends its POST
   * and follows the hidden link at the same moment, and one of the two must see the other.
   */ async hold(tx, deliveryId, client) {
        const about = createHash('sha256').update(deliveryId).update(client.addressHash).update(client.agentHash).digest();
        await preparedRows(tx, HOLD, [
            about.readBigInt64BE(0).toString()
        ]);
    }
    /** What the same client (address and program's own words) did before `now`. */ async history(tx, deliveryId, client, now) {
        const [found] = await preparedRows(tx, HISTORY, [
            client.addressHash,
            client.agentHash,
            deliveryId,
            before(now, REMEMBERED_MS),
            before(now, TOGETHER_MS)
        ]);
        return {
            program: client.program,
            hiddenLinkFollowedAt: found?.here ?? null,
            hiddenLinkFollowedElsewhereAt: found?.elsewhere ?? null,
            headAt: found?.head ?? null,
            linksTogether: 1 + (found?.links ?? 0),
            handedOverAt: found?.handed_over_at ?? null
        };
    }
    /** Events of this delivery by the same client since `since`, oldest first. */ async eventsSince(tx, deliveryId, client, since) {
        return rows(tx, `select e.id, e.method, e.phase, e.at
         from access_client c
         join access_event e on e.id = c.event_id
        where c.address_hash = $1
          and c.agent_hash = $2
          and c.delivery_id = $3
          and c.at >= $4
        order by e.at, e.id
        limit 1000`, [
            client.addressHash,
            client.agentHash,
            deliveryId,
            since
        ]);
    }
    hash(text) {
        return createHmac('sha256', this.key).update(text).digest().subarray(0, 16);
    }
    async removeOld(signal) {
        for(let removed = REMOVED_AT_ONCE; removed === REMOVED_AT_ONCE && !signal.aborted;){
            const gone = await rows(this.transactions.pool, `delete from access_client
          where event_id in (select event_id from access_client where at < $1 order by at limit $2::int)
      returning 1`, [
                before(this.clock.now(), this.retention.keptMs),
                REMOVED_AT_ONCE
            ]);
            removed = gone.length;
        }
    }
}
ClientFactsStore = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(SecretKeys)),
    _ts_param(1, Inject(ClientFactsRetention)),
    _ts_param(2, Inject(Transactions)),
    _ts_param(3, Inject(Sweeps)),
    _ts_param(4, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SecretKeys === "undefined" ? Object : SecretKeys,
        typeof ClientFactsRetention === "undefined" ? Object : ClientFactsRetention,
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof Sweeps === "undefined" ? Object : Sweeps,
        typeof Clock === "undefined" ? Object : Clock
    ])
], ClientFactsStore);
const before = (now, ms)=>new Date(now.getTime() - ms);

//# sourceMappingURL=client-facts.js.map
