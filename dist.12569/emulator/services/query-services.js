// `asset.query` with its actions, pages and iterators (reference 6).
import { invalidArgument, ServiceFault } from '../faults.js';
import { Turns } from '../query/turns.js';
import { readerOf } from '../query/values.js';
import { attributeOf, child, el, isTrue, textOf } from '../xml/element.js';
import { found, foundCount, foundIds, foundInSum, Sight } from './query-finding.js';
import { renderingOf } from './rendering.js';
import { needed, wholeNumber } from './service.js';
const USUAL_PAGE = 100;
export const queryServices = {
    'asset.query': {
        access: 'ACCESS',
        run: query
    },
    'asset.count': {
        access: 'ACCESS',
        run: async (call)=>[
                el('total', await foundCount(call))
            ]
    },
    'asset.query.iterate': {
        access: 'ACCESS',
        run: iterate
    },
    'asset.query.iterator.destroy': {
        access: 'ACCESS',
        run (call) {
            const id = Number(needed(call, 'id'));
            const isThere = call.session.iterators.delete(id);
            if (!isThere && !isTrue(textOf(call.args, 'ignore-missing'))) throw noIterator(id);
            return [];
        }
    }
};
async function query(call) {
    const action = textOf(call.args, 'action')?.toLowerCase() ?? 'get-id';
    if (action === 'count') return [
        el('value', await foundCount(call))
    ];
    if (action === 'sum' || action === 'range') return [
        await aggregate(call, action)
    ];
    if (action === 'pipe') return pipe(call);
    const render = renderingOf(call, action);
    if (textOf(call.args, 'as')?.toLowerCase() === 'iterator') return [
        openIterator(call, await foundIds(call), render)
    ];
    const size = pageSize(call);
    const from = wholeNumber(call, 'idx', 1, 1);
    const ids = await foundIds(call);
    const page = new Results(ids.subarray(from - 1, from - 1 + size), render);
    const items = await page.next(call, size);
    return [
        ...items,
        cursor(call, from, page.position, size, ids.length)
    ];
}
/** Runs a service on each result, with the `id` added to its arguments. */ async function pipe(call) {
    const service = child(call.args, 'service');
    const name = service && attributeOf(service, 'name');
    if (!service || name === undefined) throw invalidArgument('args/service', 'missing value');
    const isCounted = isTrue(textOf(call.args, 'count'));
    const replies = [];
    let count = 0;
    for await (const asset of found(call)){
        const result = await call.run(name, {
            ...service,
            children: [
                el('id', asset.id),
                ...service.children
            ]
        });
        count += 1;
        if (!isCounted) for (const reply of result)replies.push(reply);
    }
    return isCounted ? [
        el('count', count)
    ] : replies;
}
async function aggregate(call, action) {
    const xpath = child(call.args, 'xpath')?.text.trim();
    if (xpath === undefined) throw invalidArgument('args/xpath', 'missing value');
    const inSum = action === 'range' && xpath === 'stime' ? await foundInSum(call) : undefined;
    if (inSum) return rangeElement(inSum.stimes?.least, inSum.stimes?.most, inSum.count);
    const read = readerOf(xpath);
    const ids = await foundIds(call);
    const [sight, turns] = [
        new Sight(call),
        new Turns()
    ];
    let count = 0;
    let sum = 0n;
    let least;
    let most;
    for (const id of ids){
        if (turns.isOver) await turns.next();
        const asset = sight.asset(id);
        for (const text of asset ? read(call.world.state, asset) : []){
            if (!/^-?\d+$/.test(text)) throw invalidArgument('args/xpath', `'${text}' is not a whole number`);
            const value = BigInt(text);
            count += 1;
            sum += value;
            if (least === undefined || value < least) least = value;
            if (most === undefined || value > most) most = value;
        }
    }
    if (action === 'sum') return el('value', count === 0 ? '' : sum, {
        nbe: count
    });
    return rangeElement(least, most, count);
}
function rangeElement(least, most, count) {
    return el('value', least === undefined || most === undefined ? [] : [
        el('min', least),
        el('max', most)
    ], {
        nbe: count
    });
}
const pageSize = (call)=>textOf(call.args, 'size')?.toLowerCase() === 'infinity' ? Infinity : wholeNumber(call, 'size', USUAL_PAGE, 1);
/** `remaining` is sent as 0 on the last page when totals are asked for: one client's loop needs it (reference 6). */ function cursor(call, from, count, size, total) {
    const withTotals = isTrue(textOf(call.args, 'count'));
    const to = from + count - 1;
    const remaining = Math.max(0, total - to);
    const isComplete = withTotals || remaining === 0;
    return el('cursor', [
        el('count', count),
        el('from', from),
        el('to', to),
        ...from > 1 ? [
            el('prev', Math.max(1, from - (Number.isFinite(size) ? size : from)))
        ] : [],
        el('next', to + 1),
        el('total', isComplete ? total : to, {
            complete: isComplete
        }),
        ...withTotals || remaining > 0 ? [
            el('remaining', remaining)
        ] : []
    ]);
}
/** What was found, shown piece by piece; what is gone by then, or may no longer be seen, is passed over. */ let Results = class Results {
    ids;
    render;
    position = 0;
    constructor(ids, render){
        this.ids = ids;
        this.render = render;
    }
    get isComplete() {
        return this.position >= this.ids.length;
    }
    async next(call, size) {
        const [sight, turns] = [
            new Sight(call),
            new Turns()
        ];
        const items = [];
        while(items.length < size && !this.isComplete){
            const id = this.ids[this.position++];
            const asset = id === undefined ? undefined : sight.asset(id);
            if (asset) items.push(this.render(call, asset));
            if (turns.isOver) await turns.next();
        }
        return items;
    }
};
function openIterator(call, ids, render) {
    const id = call.session.iteratorCount.last += 1;
    call.session.iterators.set(id, new Results(ids, render));
    return el('iterator', id);
}
async function iterate(call) {
    const id = Number(needed(call, 'id'));
    const iterator = call.session.iterators.get(id);
    if (!iterator) throw noIterator(id);
    const items = await iterator.next(call, pageSize(call));
    if (iterator.isComplete) call.session.iterators.delete(id);
    return [
        ...items,
        el('iterated', items.length, {
            complete: iterator.isComplete
        })
    ];
}
const noIterator = (id)=>new ServiceFault(`The session does not have an iterator (id): ${id}`);

//# sourceMappingURL=query-services.js.map
