// Long work is done in turns of a few milliseconds, between which other calls are answered.
const TURN_MS = 5;
export class Turns {
    clock;
    endsAt;
    /** @param clock milliseconds that only grow */ constructor(clock = ()=>performance.now()){
        this.clock = clock;
        this.endsAt = clock() + TURN_MS;
    }
    get isOver() {
        return this.clock() >= this.endsAt;
    }
    /** Lets everything else that is due run first. */ async next() {
        await new Promise((resolve)=>setImmediate(resolve));
        this.endsAt = this.clock() + TURN_MS;
    }
}
const RUN_LENGTH = 512;
/** Sorted, equals in the order in which they came. */ export async function sortedInTurns(items, compare, turns) {
    let runs = [];
    for(let from = 0; from < items.length; from += RUN_LENGTH){
        runs.push(items.slice(from, from + RUN_LENGTH).sort(compare));
        if (turns.isOver) await turns.next();
    }
    while(runs.length > 1){
        const merged = [];
        for(let at = 0; at < runs.length; at += 2)merged.push(await mergedInTurns(runs[at] ?? [], runs[at + 1] ?? [], compare, turns));
        runs = merged;
    }
    return runs[0] ?? [];
}
async function mergedInTurns(left, right, compare, turns) {
    const merged = [];
    let [l, r] = [
        0,
        0
    ];
    while(merged.length < left.length + right.length){
        const isFromLeft = r >= right.length || l < left.length && compare(left[l], right[r]) <= 0;
        merged.push(isFromLeft ? left[l++] : right[r++]);
        if (merged.length % RUN_LENGTH === 0 && turns.isOver) await turns.next();
    }
    return merged;
}

//# sourceMappingURL=turns.js.map
