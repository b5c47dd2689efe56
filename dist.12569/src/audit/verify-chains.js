// Verifies chains in one pass with bounded memory: every seal against its entry and the seal before it, the head, and
// entries that no seal covers. What was cut off together with the head shows only against a head kept elsewhere.
import { rows } from '../database/index.js';
import { ADMINISTRATION, fieldsOf } from './chained-kinds.js';
import { ChainsStore } from './chains.store.js';
import { CHAIN_START, sealHash } from './seal-hash.js';
const PAGE = 1_000;
const SHOWN = 100;
const LATE_AFTER = '15 minutes';
/** @param tx a snapshot: seals, heads and entries must be of one moment */ export async function* verifyChains(tx, kinds, options = {}) {
    const uncovered = await uncoveredEntries(tx, kinds, options.chain);
    const chains = await chainsIn(tx, [
        ...uncovered.keys(),
        ...(options.known ?? []).map((head)=>head.chain)
    ]);
    const heads = new Map((await new ChainsStore().heads(tx)).map((head)=>[
            head.chain,
            head
        ]));
    for (const { chain, platform } of chains){
        if (options.chain !== undefined && chain !== options.chain) continue;
        const known = (options.known ?? []).filter((head)=>head.chain === chain);
        const { sealed, problems } = await walk(tx, kinds, chain, heads.get(chain), known);
        yield report({
            chain,
            platform,
            sealed,
            head: heads.get(chain),
            uncovered: uncovered.get(chain),
            problems
        });
    }
}
/** Goes through the seals of one chain. */ async function walk(tx, kinds, chain, head, known) {
    const store = new ChainsStore();
    const problems = new Problems();
    const missing = new Set(known);
    let sealed = 0;
    let last = {
        sequence: 0,
        sha256: CHAIN_START
    };
    for(let page = await store.seals(tx, chain, 0, PAGE); page.length > 0;){
        const fields = await fieldsOf(tx, kinds, page);
        for (const seal of page){
            sealed += 1;
            judge(chain, seal, last, fields.get(seal.entryId), problems);
            for (const outside of missing)if (outside.sequence === seal.sequence && outside.sha256 === seal.sha256) missing.delete(outside);
            last = seal;
        }
        page = page.length < PAGE ? [] : await store.seals(tx, chain, last.sequence, PAGE);
    }
    if (head && head.sequence > last.sequence) problems.add('tail-removed', {
        sequence: last.sequence + 1
    }, head.sequence - last.sequence);
    else if ((head?.sequence ?? 0) !== last.sequence || (head?.sha256 ?? CHAIN_START) !== last.sha256) problems.add('head-differs', {
        sequence: head?.sequence ?? 0
    });
    for (const outside of missing)problems.add('known-head-missing', {
        sequence: outside.sequence
    });
    return {
        sealed,
        problems
    };
}
function report(found) {
    const { chain, platform, sealed, head, uncovered, problems } = found;
    if (uncovered) {
        for (const entryId of uncovered.inserted)problems.add('inserted', {
            entryId
        });
        for (const entryId of uncovered.late)problems.add('unsealed', {
            entryId
        });
        problems.count += uncovered.insertedCount - uncovered.inserted.length + uncovered.lateCount - uncovered.late.length;
    }
    return {
        chain,
        platform,
        ok: problems.count === 0,
        sealed,
        waiting: uncovered?.waiting ?? 0,
        head: head ? {
            sequence: head.sequence,
            sha256: head.sha256,
            sealedAt: head.sealedAt
        } : null,
        problemCount: problems.count,
        problems: problems.first
    };
}
function judge(chain, seal, last, fields, problems) {
    const { sequence, entryId } = seal;
    const gap = sequence - last.sequence - 1;
    if (gap > 0) problems.add('seal-removed', {
        sequence: last.sequence + 1
    }, gap);
    else if (seal.previous !== last.sha256) problems.add('link-broken', {
        sequence,
        entryId
    });
    if (fields === undefined) problems.add('entry-removed', {
        sequence,
        entryId
    });
    else if (sealHash({
        chain,
        ...seal,
        fields
    }) !== seal.sha256) problems.add('changed', {
        sequence,
        entryId
    });
}
let Problems = class Problems {
    count = 0;
    first = [];
    add(problem, where, times = 1) {
        this.count += times;
        if (this.first.length < SHOWN) this.first.push({
            problem,
            ...where
        });
    }
};
/** Entries without a seal, by chain. */ async function uncoveredEntries(tx, kinds, chain) {
    const all = new Map();
    for (const kind of kinds){
        const found = await rows(tx, `select chain, count(*) filter (where is_waiting) as waiting,
              count(*) filter (where is_waiting and is_late) as "lateCount",
              count(*) filter (where not is_waiting) as "insertedCount",
              coalesce((array_agg(id order by id) filter (where is_waiting and is_late))[1:${SHOWN}], '{}') as late,
              coalesce((array_agg(id order by id) filter (where not is_waiting))[1:${SHOWN}], '{}') as inserted
         from (
           select e.id::text as id, ${kind.chain} as chain, u.entry_id is not null as is_waiting,
                  ${kind.recordedAt} < now() - interval '${LATE_AFTER}' as is_late
             from ${kind.table} e
             left join chain_seal s on s.entry_id = e.id
             left join unsealed_entry u on u.entry_id = e.id and u.chain = ${kind.chain}
            where s.entry_id is null
              and ($1::text is null or ${kind.chain} = $1)) uncovered
        group by chain`, [
            chain ?? null
        ]);
        for (const entry of found){
            const former = all.get(entry.chain);
            all.set(entry.chain, {
                waiting: (former?.waiting ?? 0) + entry.waiting,
                lateCount: (former?.lateCount ?? 0) + entry.lateCount,
                insertedCount: (former?.insertedCount ?? 0) + entry.insertedCount,
                late: [
                    ...former?.late ?? [],
                    ...entry.late
                ],
                inserted: [
                    ...former?.inserted ?? [],
                    ...entry.inserted
                ]
            });
        }
    }
    return all;
}
/** Every chain that there is or ought to be, the administration first. */ async function chainsIn(tx, more) {
    return rows(tx, `select c.chain, p.name as platform
       from (select '${ADMINISTRATION}' as chain
              union select chain from chain_head
              union select chain from chain_seal
              union select id::text from platform
              union select unnest($1::text[])) c
       left join platform p on p.id::text = c.chain
      order by (c.chain = '${ADMINISTRATION}') desc, p.name, c.chain`, [
        more
    ]);
}

//# sourceMappingURL=verify-chains.js.map
