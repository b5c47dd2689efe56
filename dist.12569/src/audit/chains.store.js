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
// Seals and heads of chains. A head's row is the lease: who holds it seals, and it ends with the connection.
import { Injectable } from '@nestjs/common';
import { row, rows } from '../database/index.js';
import { sealedInstant } from './chained-kinds.js';
const HEAD = `chain, sequence, encode(sha256, 'hex') as sha256, ${sealedInstant('sealed_at')} as "sealedAt"`;
export class ChainsStore {
    async withUnsealed(tx) {
        const found = await rows(tx, 'select distinct chain from unsealed_entry order by chain');
        return found.map(({ chain })=>chain);
    }
    /** The head, held until the transaction ends; undefined while another process holds it. */ async hold(tx, chain) {
        await rows(tx, 'insert into chain_head (chain) values ($1) on conflict do nothing', [
            chain
        ]);
        return row(tx, `select ${HEAD} from chain_head where chain = $1 for update skip locked`, [
            chain
        ]);
    }
    /**
   * Takes up to `limit` entries that are committed and not sealed yet, in the order of their ids, and the moment. Kinds
   * that only a newer version knows are left to it.
   */ async take(tx, chain, kinds, limit) {
        const entries = await rows(tx, `with taken as (
         delete from unsealed_entry
          where chain = $1
            and entry_id in (
                  select entry_id
                    from unsealed_entry
                   where chain = $1
                     and kind = any($2::text[])
                   order by entry_id
                   limit $3::int)
      returning kind, entry_id)
       select kind, entry_id as "entryId" from taken order by entry_id`, [
            chain,
            kinds,
            limit
        ]);
        const now = await row(tx, `select ${sealedInstant('clock_timestamp()')} as at`);
        return {
            entries,
            sealedAt: now?.at ?? ''
        };
    }
    async append(tx, chain, seals) {
        const last = seals.at(-1);
        if (!last) return;
        await rows(tx, `insert into chain_seal (chain, sequence, kind, entry_id, previous_sha256, sha256, sealed_at)
       select $1, s.sequence, s.kind, s.entry_id, decode(s.previous, 'hex'), decode(s.sha256, 'hex'), s.sealed_at
         from unnest($2::bigint[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[])
              as s (sequence, kind, entry_id, previous, sha256, sealed_at)`, [
            chain,
            seals.map((seal)=>seal.sequence),
            seals.map((seal)=>seal.kind),
            seals.map((seal)=>seal.entryId),
            seals.map((seal)=>seal.previous),
            seals.map((seal)=>seal.sha256),
            seals.map((seal)=>seal.sealedAt)
        ]);
        await rows(tx, `update chain_head set sequence = $2, sha256 = decode($3, 'hex'), sealed_at = $4::timestamptz where chain = $1`, [
            chain,
            last.sequence,
            last.sha256,
            last.sealedAt
        ]);
    }
    heads(tx) {
        return rows(tx, `select ${HEAD} from chain_head order by chain`);
    }
    /** Seals after `after` in their order. */ seals(tx, chain, after, limit) {
        return rows(tx, `select sequence, kind, entry_id as "entryId", encode(previous_sha256, 'hex') as previous,
              encode(sha256, 'hex') as sha256, ${sealedInstant('sealed_at')} as "sealedAt"
         from chain_seal
        where chain = $1
          and sequence > $2::bigint
        order by sequence
        limit $3::int`, [
            chain,
            after,
            limit
        ]);
    }
}
ChainsStore = _ts_decorate([
    Injectable()
], ChainsStore);

//# sourceMappingURL=chains.store.js.map
