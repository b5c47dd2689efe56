// Finds what a query asks for, in turns, in the order of ids or of the values that it is to be sorted by.
import { candidates } from './narrowing.js';
import { predicateOf } from './predicates.js';
import { sortedInTurns } from './turns.js';
import { readerOf } from './values.js';
/**
 * Ids of all that the caller may see and that meets every condition. What changes meanwhile may be found as it was or
 * as it is: whoever shows an asset looks at it again.
 */ export async function evaluate(asker, conditions, mayRead, turns) {
    const holds = predicateOf({
        kind: 'and',
        of: [
            ...conditions
        ]
    }, asker);
    const found = [];
    let isInOrder = true;
    for (const asset of candidates(asker, conditions)){
        if (turns.isOver) await turns.next();
        if (!mayRead(asset.namespace) || !holds(asset)) continue;
        isInOrder &&= asset.id > (found.at(-1) ?? -1);
        found.push(asset.id);
    }
    const ids = new Float64Array(found);
    return isInOrder ? ids : withoutRepeats(ids.sort());
}
const withoutRepeats = (sorted)=>sorted.filter((id, index)=>index === 0 || id !== sorted[index - 1]);
/** Numbers come in the order of numbers; equals in that of ids. */ export async function sortIds({ state }, ids, keys, turns) {
    const reads = keys.map((key)=>readerOf(key.path));
    const valued = [];
    for (const id of ids){
        if (turns.isOver) await turns.next();
        const asset = state.get('asset', id);
        if (asset) valued.push({
            id,
            values: reads.map((read)=>sortValue(read(state, asset)[0] ?? ''))
        });
    }
    const sorted = await sortedInTurns(valued, (left, right)=>{
        for (const [index, key] of keys.entries()){
            const order = compareValues(left.values[index] ?? NOTHING, right.values[index] ?? NOTHING);
            if (order !== 0) return key.isDescending ? -order : order;
        }
        return left.id - right.id;
    }, turns);
    return new Float64Array(sorted.map(({ id })=>id));
}
const sortValue = (text)=>({
        text,
        number: text === '' ? Number.NaN : Number(text)
    });
const NOTHING = sortValue('');
function compareValues(left, right) {
    if (!Number.isNaN(left.number) && !Number.isNaN(right.number)) return left.number - right.number;
    return left.text < right.text ? -1 : left.text > right.text ? 1 : 0;
}

//# sourceMappingURL=evaluation.js.map
