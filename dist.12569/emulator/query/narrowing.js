// Which assets a query needs to look at: those of the condition, among all that must hold, that an index narrows most.
import { isPattern } from './glob.js';
import { documentTypeIn } from './values.js';
/**
 * All assets that may match, in no particular order; one that moves meanwhile may come twice. Where the conditions leave
 * half of all assets or more, it is all, which mostly come in the order of their ids.
 */ export function candidates(asker, conditions) {
    let best;
    let least = asker.state.assetCount / 2;
    for (const source of conditions.flatMap((condition)=>sourcesOf(asker, condition))){
        const count = source.count(least);
        if (count < least) [best, least] = [
            source,
            count
        ];
    }
    return best ? best.assets() : asker.state.all('asset');
}
/** The namespace that all matches lie in, or below, as the query itself says. */ export const limitOf = (conditions)=>conditions.map(namespaceLimit).find((found)=>found !== undefined);
function namespaceLimit(condition) {
    if (condition.kind === 'namespace' && condition.operator !== '!=') return {
        path: condition.path,
        below: condition.operator !== '='
    };
    return condition.kind === 'and' ? limitOf(condition.of) : undefined;
}
/** Each of them alone gives every match. */ function sourcesOf(asker, condition) {
    switch(condition.kind){
        case 'and':
            return condition.of.flatMap((part)=>sourcesOf(asker, part));
        case 'or':
            return eitherOf(condition.of.map((part)=>sourcesOf(asker, part)[0]));
        case 'always':
            return condition.answer ? [] : [
                {
                    count: ()=>0,
                    assets: ()=>[]
                }
            ];
        case 'ids':
            return [
                byIds(asker, condition.values)
            ];
        case 'number':
            return condition.field === 'id' && condition.operator === '=' ? [
                byIds(asker, [
                    condition.value
                ])
            ] : [];
        case 'namespace':
            if (condition.operator === '!=') return [];
            return condition.operator === '=' ? [
                byKey(asker, 'namespace', condition.path)
            ] : [
                byTree(asker, condition.path)
            ];
        case 'field':
            {
                const { operator, value, ignoreCase } = condition.test;
                const isExact = condition.field === 'name' && operator === '=' && !ignoreCase && !isPattern(value);
                return isExact ? [
                    byKey(asker, 'name', value)
                ] : [];
            }
        case 'collection':
            return byCollection(asker, condition);
        case 'values':
        case 'has-value':
            {
                const type = documentTypeIn(condition.path);
                return type === undefined ? [] : [
                    byKey(asker, 'document', type)
                ];
            }
        default:
            return [];
    }
}
function eitherOf(parts) {
    if (!parts.every((part)=>part !== undefined)) return [];
    return [
        {
            count: (limit)=>parts.reduce((sum, part)=>sum > limit ? sum : sum + part.count(limit), 0),
            *assets () {
                for (const part of parts)yield* part.assets();
            }
        }
    ];
}
const byIds = ({ state }, ids)=>({
        count: ()=>ids.length,
        assets: ()=>ids.flatMap((id)=>state.get('asset', id) ?? [])
    });
const byKey = ({ state }, by, key)=>({
        count: ()=>state.countBy(by, key),
        *assets () {
            // A copy: an asset that is changed while others are looked at goes to the end of its set.
            for (const id of [
                ...state.assetIds(by, key)
            ]){
                const asset = state.get('asset', id);
                if (asset) yield asset;
            }
        }
    });
/** The namespace and all below it. */ const byTree = (asker, path)=>({
        count (limit) {
            let count = 0;
            for (const below of pathsFrom(asker.state, path)){
                count += 1 + asker.state.countBy('namespace', below);
                if (count > limit) break;
            }
            return count;
        },
        *assets () {
            for (const below of pathsFrom(asker.state, path))yield* byKey(asker, 'namespace', below).assets();
        }
    });
/** The path and those of all namespaces below it. */ export function* pathsFrom(state, path) {
    yield path;
    for (const below of [
        ...state.childPaths(path)
    ])yield* pathsFrom(state, below);
}
function byCollection(asker, { of, deep }) {
    const collection = asker.assetOf(of);
    if (!collection) return [
        byIds(asker, [])
    ];
    return deep ? [
        byMembers(asker, collection.id)
    ] : [
        byKey(asker, 'collection', String(collection.id))
    ];
}
/** Members, members of members, and so on. */ const byMembers = (asker, collection)=>({
        count (limit) {
            let count = 0;
            for (const _ of this.assets()){
                count += 1;
                if (count > limit) break;
            }
            return count;
        },
        *assets () {
            for (const member of byKey(asker, 'collection', String(collection)).assets()){
                yield member;
                if (member.isCollection) yield* byMembers(asker, member.id).assets();
            }
        }
    });

//# sourceMappingURL=narrowing.js.map
