// Collection assets: their list, quotas and accumulators (reference 3.1 and 3.2).
import { sizeOfText } from '../formats.js';
import { invalidArgument } from '../faults.js';
import { lastPartOf } from '../store/paths.js';
import { child, childrenOf, el, exactTextOf, textOf } from '../xml/element.js';
import { mustHave, readableAsset } from './asset-access.js';
import { accessIn, neededPath, visibleNamespace } from './service.js';
/** Kinds that the reference shows values of. */ const ACCUMULATORS = [
    'collection.asset.count',
    'content.all.size'
];
export const collectionServices = {
    'asset.collection.list': {
        access: 'ACCESS',
        run: listCollections
    },
    'asset.collection.quota.set': {
        access: 'MODIFY',
        run (call) {
            const collection = ownCollection(call);
            const quota = quotaOf(call);
            if (!quota) throw invalidArgument('args/quota/allocation', 'missing value');
            call.world.state.commit([
                'asset',
                String(collection.id),
                {
                    ...collection,
                    quota
                }
            ]);
            return [];
        }
    },
    'asset.collection.accumulator.add': {
        access: 'MODIFY',
        run (call) {
            const collection = ownCollection(call);
            const { state } = call.world;
            const added = childrenOf(call.args, 'accumulator').map((given)=>{
                const type = textOf(given, 'type') ?? '';
                if (!ACCUMULATORS.includes(type)) throw invalidArgument('args/accumulator/type', `'${type}' is none of ${ACCUMULATORS.join(', ')}`);
                return {
                    id: state.nextNumber(),
                    type,
                    name: textOf(given, 'name') ?? type,
                    stime: state.nextNumber()
                };
            });
            const accumulators = [
                ...collection.accumulators ?? [],
                ...added
            ];
            state.commit([
                'asset',
                String(collection.id),
                {
                    ...collection,
                    accumulators
                }
            ]);
            return [
                el('added', added.length, {
                    id: collection.id
                })
            ];
        }
    }
};
/** What `quota<allocation,description>` asks for; a size is bytes, or a number with a unit (reference 11). */ export function quotaOf(call) {
    const given = child(call.args, 'quota');
    const allocation = given && textOf(given, 'allocation');
    if (!given || allocation === undefined) return undefined;
    const bytes = sizeOfText(allocation);
    if (bytes === undefined) throw invalidArgument('args/quota/allocation', `'${allocation}' is not a size`);
    return {
        bytes,
        description: textOf(given, 'description') ?? '',
        mtime: call.world.now()
    };
}
function ownCollection(call) {
    const asset = readableAsset(call, exactTextOf(call.args, 'id') ?? '');
    if (!asset.isCollection) throw invalidArgument('args/id', 'the asset is not a collection');
    mustHave(call, asset, 'asset:modify');
    return asset;
}
/** Namespaces and collection assets in a namespace (recorded reply of reference 3.2). */ function listCollections(call) {
    const path = exactTextOf(call.args, 'namespace') === undefined ? '/' : neededPath(call);
    visibleNamespace(call, path);
    const { state } = call.world;
    const namespaces = state.childNamespaces(path).filter((below)=>accessIn(call, below.path)('namespace:access')).map((below)=>el('collection', lastPartOf(below.path), {
            type: 'namespace',
            id: below.id,
            leaf: state.isLeaf(below.path),
            acl: below.acl.length > 0
        }));
    const mayRead = accessIn(call, path)('asset:access');
    const assets = [
        ...state.assetsDirectlyIn(path)
    ].filter((asset)=>mayRead && asset.isCollection === true && asset.parent === undefined).map((asset)=>el('collection', '', {
            type: 'asset',
            id: asset.id,
            leaf: ![
                ...state.members(asset.id)
            ].some((member)=>member.isCollection),
            acl: false,
            name: asset.name ?? undefined,
            'unique-name-index': true
        }));
    return [
        el('collection', [
            ...namespaces,
            ...assets
        ], {
            type: 'namespace',
            path
        })
    ];
}

//# sourceMappingURL=collection-services.js.map
