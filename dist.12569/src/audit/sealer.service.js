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
// Seals what was committed. Ids are no order of commits: an entry is sealed after those that were visible before it,
// and within one batch in the order of ids. No request waits for it, and two processes never fork a chain: the head's
// row is held while a batch is sealed, and (chain, sequence) is unique.
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { Sweeps } from '../queue/index.js';
import { Clock } from '../time/index.js';
import { ChainedKinds, fieldsOf } from './chained-kinds.js';
import { ChainsStore } from './chains.store.js';
import { sealHash } from './seal-hash.js';
const BATCH = 1_000;
const EVERY_MS = 2_000;
/** A chain's head is logged at most so often: enough for a copy outside the database. */ const TELL_EVERY_MS = 3_600_000;
export class SealerService {
    transactions;
    chains;
    kinds;
    sweeps;
    clock;
    logger = new Logger('audit');
    toldAt = new Map();
    constructor(transactions, chains, kinds, sweeps, clock){
        this.transactions = transactions;
        this.chains = chains;
        this.kinds = kinds;
        this.sweeps = sweeps;
        this.clock = clock;
    }
    onModuleInit() {
        this.sweeps.register({
            name: 'chains',
            everyMs: EVERY_MS,
            isUpkeep: true,
            run: (signal)=>this.run(signal)
        });
    }
    /** One pass over all chains; one that fails is left for the next pass, and the others go on. */ async run(signal) {
        for (const chain of (await this.chains.withUnsealed(this.transactions.pool))){
            try {
                while(!signal.aborted && await this.sealBatch(chain) === BATCH);
            } catch (error) {
                this.logger.error({
                    chain,
                    err: error
                }, 'Entries of a chain could not be sealed; they are tried again.');
            }
            if (signal.aborted) return;
        }
    }
    /** How many were sealed: 0 while another process seals this chain. */ async sealBatch(chain) {
        const seals = await this.transactions.run(async (tx)=>{
            const head = await this.chains.hold(tx, chain);
            if (!head) return [];
            const { entries, sealedAt } = await this.chains.take(tx, chain, this.kinds.names, BATCH);
            const fields = await fieldsOf(tx, this.kinds.all, entries);
            const made = [];
            let { sequence, sha256: previous } = head;
            for (const { kind, entryId } of entries){
                sequence += 1;
                const content = {
                    chain,
                    sequence,
                    kind,
                    entryId,
                    previous,
                    sealedAt,
                    fields: fields.get(entryId)
                };
                if (content.fields === undefined) this.logger.error({
                    chain,
                    kind,
                    entryId
                }, 'An entry vanished before it was sealed; its absence is sealed.');
                const sha256 = sealHash(content);
                made.push({
                    sequence,
                    kind,
                    entryId,
                    previous,
                    sha256,
                    sealedAt
                });
                previous = sha256;
            }
            await this.chains.append(tx, chain, made);
            return made;
        });
        this.tell(chain, seals.at(-1));
        return seals.length;
    }
    tell(chain, last) {
        const now = this.clock.now().getTime();
        if (!last || now - (this.toldAt.get(chain) ?? -Infinity) < TELL_EVERY_MS) return;
        this.toldAt.set(chain, now);
        this.logger.log({
            chain,
            sequence: last.sequence,
            sha256: last.sha256
        }, 'Head of an event chain; kept outside the database, it shows later whether the chain was cut or written anew.');
    }
}
SealerService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(ChainsStore)),
    _ts_param(2, Inject(ChainedKinds)),
    _ts_param(3, Inject(Sweeps)),
    _ts_param(4, Inject(Clock)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof ChainsStore === "undefined" ? Object : ChainsStore,
        typeof ChainedKinds === "undefined" ? Object : ChainedKinds,
        typeof Sweeps === "undefined" ? Object : Sweeps,
        typeof Clock === "undefined" ? Object : Clock
    ])
], SealerService);

//# sourceMappingURL=sealer.service.js.map
