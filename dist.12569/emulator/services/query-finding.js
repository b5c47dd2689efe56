// What a query of a call finds, as far as the caller may see it. It is kept for the caller's next page of the same query,
// which then costs that page alone; any change to assets, access lists, roles or tokens ends that.
import { accessTo } from '../access/access-lists.js';
import { parseQuery } from '../query/aql.js';
import { evaluate, sortIds } from '../query/evaluation.js';
import { summarize } from '../query/summary.js';
import { Turns } from '../query/turns.js';
import { normalPath } from '../store/paths.js';
import { attributeOf, child, childrenOf, el, exactTextOf } from '../xml/element.js';
import { visibleAsset } from './asset-access.js';
import { principals } from './service.js';
/** What the arguments `where`, `namespace` and `collection` ask for, all of it. @throws ServiceFault a syntax error */ export function conditionsOf(call) {
    const conditions = childrenOf(call.args, 'where').filter((where)=>where.text.trim() !== '').map((where)=>parseQuery(where.text, call.world.now()));
    const namespace = exactTextOf(call.args, 'namespace');
    if (namespace !== undefined) conditions.unshift({
        kind: 'namespace',
        operator: '>=',
        path: normalPath(namespace)
    });
    const collection = exactTextOf(call.args, 'collection');
    if (collection !== undefined) conditions.push({
        kind: 'collection',
        of: collection,
        deep: true
    });
    return conditions;
}
/** What the caller may see at this moment. */ export class Sight {
    call;
    revision = -1;
    held = new Set();
    readable = new Map();
    constructor(call){
        this.call = call;
    }
    mayRead(namespace) {
        const { state } = this.call.world;
        if (this.revision !== state.revision) {
            this.revision = state.revision;
            this.held = principals(this.call);
            this.readable.clear();
        }
        let answer = this.readable.get(namespace);
        if (answer === undefined) {
            answer = accessTo(state, this.held, namespace)('asset:access');
            this.readable.set(namespace, answer);
        }
        return answer;
    }
    /** The asset, if it still is and may be seen. */ asset(id) {
        const asset = this.call.world.state.get('asset', id);
        return asset && this.mayRead(asset.namespace) ? asset : undefined;
    }
}
/** Everything that the query finds, one after another, each looked at when its turn comes. */ export async function* found(call) {
    const ids = await foundIds(call);
    const [sight, turns] = [
        new Sight(call),
        new Turns()
    ];
    for (const id of ids){
        if (turns.isOver) await turns.next();
        const asset = sight.asset(id);
        if (asset) yield asset;
    }
}
/** Ids of everything that the query finds, in the order that it asks for, which without a `sort` is that of the ids. */ export async function foundIds(call) {
    const { state } = call.world;
    const conditions = conditionsOf(call);
    const keys = sortKeysOf(call);
    const { type, name, owner, tokenId } = call.actor;
    const key = JSON.stringify([
        type,
        name,
        owner,
        tokenId,
        conditions,
        keys
    ]);
    const kept = keptOf(state).find(key);
    if (kept) return kept;
    const { revision } = state;
    const sight = new Sight(call);
    const turns = new Turns();
    const asker = {
        state,
        caller: owner,
        assetOf: (reference)=>visibleAsset(call, reference)
    };
    const ids = await evaluate(asker, conditions, (namespace)=>sight.mayRead(namespace), turns);
    const sorted = keys.length === 0 ? ids : await sortIds(asker, ids, keys, turns);
    if (state.revision === revision) keptOf(state).keep(key, sorted);
    return sorted;
}
/** What the query finds, in sum; undefined for one whose every asset has to be looked at. */ export function foundInSum(call) {
    const sight = new Sight(call);
    return summarize(call.world, conditionsOf(call), (namespace)=>sight.mayRead(namespace), new Turns());
}
export const foundCount = async (call)=>(await foundInSum(call))?.count ?? (await foundIds(call)).length;
const sortKeysOf = (call)=>childrenOf(child(call.args, 'sort') ?? el('sort'), 'key').map((key)=>({
            path: key.text.trim(),
            isDescending: attributeOf(key, 'order')?.toLowerCase() === 'desc'
        }));
/** Ids, and characters of the queries that found them. */ const MOST_KEPT = 4_000_000;
/** Results that hold as long as nothing has changed; those not asked for longest give way. */ let KeptResults = class KeptResults {
    state;
    results = new Map();
    revision = -1;
    size = 0;
    constructor(state){
        this.state = state;
    }
    find(key) {
        this.forgetWhatHasChanged();
        const ids = this.results.get(key);
        if (!ids) return undefined;
        this.results.delete(key);
        this.results.set(key, ids);
        return ids;
    }
    keep(key, ids) {
        this.forgetWhatHasChanged();
        this.remove(key);
        this.results.set(key, ids);
        this.size += key.length + ids.length;
        for (const oldest of this.results.keys()){
            if (this.size <= MOST_KEPT) break;
            this.remove(oldest);
        }
    }
    remove(key) {
        const ids = this.results.get(key);
        if (ids) this.size -= key.length + ids.length;
        this.results.delete(key);
    }
    forgetWhatHasChanged() {
        if (this.revision === this.state.revision) return;
        this.revision = this.state.revision;
        this.results.clear();
        this.size = 0;
    }
};
const keptByState = new WeakMap();
function keptOf(state) {
    let kept = keptByState.get(state);
    if (!kept) keptByState.set(state, kept = new KeptResults(state));
    return kept;
}

//# sourceMappingURL=query-finding.js.map
