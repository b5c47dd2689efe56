// What clients ask of assets beyond reading and writing: labels, moves, where a content lies, stores, collections
// (reference 3.2). Every content here lies on the emulator's own disk, so it is always online.
import { invalidArgument, nameExists, noNamespace, notAuthorized, ServiceFault } from '../faults.js';
import { STORE } from '../store/contents.js';
import { normalPath } from '../store/paths.js';
import { childrenOf, el, exactTextOf, textOf } from '../xml/element.js';
import { mustHave, readableAsset } from './asset-access.js';
import { checkName, checkQuota, makeAsset } from './asset-writing.js';
import { accessIn, needed, wholeNumber } from './service.js';
const assetsOf = (call)=>childrenOf(call.args, 'id').map((id)=>readableAsset(call, id.text));
export const assetUpkeepServices = {
    'asset.label.add': {
        access: 'MODIFY',
        run: (call)=>changeLabels(call, (labels, label)=>[
                    ...new Set([
                        ...labels,
                        label
                    ])
                ])
    },
    'asset.label.remove': {
        access: 'MODIFY',
        run: (call)=>changeLabels(call, (labels, label)=>labels.filter((one)=>one !== label))
    },
    'asset.label.exists': {
        access: 'ACCESS',
        run: (call)=>assetsOf(call).map((asset)=>el('exists', asset.labels?.includes(needed(call, 'label')) === true))
    },
    'asset.content.status': {
        access: 'ACCESS',
        run: (call)=>assetsOf(call).map((asset)=>el('asset', asset.content ? [
                    el('state', 'online')
                ] : [], {
                    id: asset.id
                }))
    },
    'asset.content.migrate': {
        access: 'MODIFY',
        run (call) {
            if (needed(call, 'destination') !== 'online') throw invalidArgument('args/destination');
            assetsOf(call);
            return [];
        }
    },
    'asset.move': {
        access: 'MODIFY',
        run: move
    },
    'asset.store.list': {
        access: 'ACCESS',
        run: ()=>[
                el('store', [
                    el('type', 'file-system'),
                    el('name', STORE)
                ], {
                    id: 1
                })
            ]
    },
    'asset.store.describe': {
        access: 'ACCESS',
        async run (call) {
            const name = textOf(call.args, 'name') ?? STORE;
            if (name !== STORE) throw new ServiceFault(`The store '${name}' does not exist`);
            const { free, total } = await call.world.contents.space();
            return [
                el('store', [
                    el('type', 'file-system'),
                    el('name', STORE),
                    el('mount', [
                        el('free', free),
                        el('total', total)
                    ])
                ], {
                    id: 1
                })
            ];
        }
    },
    'asset.content.hexdump': {
        access: 'ACCESS',
        run (call) {
            for (const asset of assetsOf(call))mustHave(call, asset, 'asset-content:access');
            return [];
        }
    },
    'asset.preparation.request.create': {
        access: 'MODIFY',
        run (call) {
            assetsOf(call);
            return [
                el('id', call.world.state.nextNumber())
            ];
        }
    },
    // Finished at once, since everything is online; a request that is finished is not described (reference 3.2).
    'asset.preparation.request.describe': {
        access: 'ACCESS',
        run (call) {
            throw new ServiceFault(`The preparation request ${needed(call, 'id')} does not exist`);
        }
    },
    'asset.test.create': {
        access: 'MODIFY',
        run (call) {
            const collection = readableAsset(call, exactTextOf(call.args, 'pid') ?? '');
            const base = textOf(call.args, 'base-name');
            const wanted = wholeNumber(call, 'nb', 1, 1);
            const made = Array.from({
                length: wanted
            }, (_, index)=>makeAsset(call, {
                    namespace: collection.namespace,
                    ...collection.isCollection ? {
                        collection
                    } : {}
                }, base === undefined ? null : `${base}-${index + 1}`));
            return wanted === 1 ? made.map((asset)=>el('id', asset.id)) : [];
        }
    }
};
function changeLabels(call, change) {
    const label = needed(call, 'label');
    const assets = assetsOf(call);
    for (const asset of assets)mustHave(call, asset, 'asset:modify');
    call.world.state.commit(...assets.map((asset)=>[
            'asset',
            String(asset.id),
            {
                ...asset,
                labels: change(asset.labels ?? [], label)
            }
        ]));
    return [];
}
/** To another namespace, under another name, or both; the members of a collection that lie where it lies go along. */ function move(call) {
    const { state } = call.world;
    const [asset] = assetsOf(call);
    if (!asset) throw invalidArgument('args/id', 'missing value');
    mustHave(call, asset, 'asset:modify');
    const given = exactTextOf(call.args, 'namespace');
    const namespace = given === undefined ? asset.namespace : normalPath(given);
    const name = exactTextOf(call.args, 'name') ?? asset.name;
    if (name !== null) checkName(name);
    const target = state.get('namespace', namespace);
    if (!target || !accessIn(call, namespace)('namespace:access')) throw noNamespace(namespace);
    const home = given === undefined ? asset.parent ?? namespace : namespace;
    const standing = name === null ? undefined : state.assetNamed(home, name);
    if (name !== null && standing && standing.id !== asset.id) throw nameExists(asset.parent ?? target.id, name);
    const { parent: _, ...free } = asset;
    const along = namespace === asset.namespace ? [] : membersAlong(state, asset);
    if (namespace !== asset.namespace) checkMove(call, [
        asset,
        ...along
    ], namespace);
    const [mtime, stime] = [
        call.world.now(),
        state.nextNumber()
    ];
    const moved = {
        ...given === undefined ? asset : free,
        namespace,
        name,
        stime,
        mtime
    };
    state.commitAll([
        moved,
        ...along.map((member)=>({
                ...member,
                namespace,
                stime
            }))
    ].map((one)=>[
            'asset',
            String(one.id),
            one
        ]));
    return [];
}
function membersAlong(state, collection) {
    return [
        ...state.members(collection.id)
    ].filter((member)=>member.namespace === collection.namespace).flatMap((member)=>[
            member,
            ...membersAlong(state, member)
        ]);
}
/** @throws ServiceFault one may not leave where it is, none may be made where they go, or a quota is used up there */ function checkMove(call, assets, namespace) {
    for (const asset of assets)mustHave(call, asset, 'asset:destroy');
    if (!accessIn(call, namespace)('asset:create')) throw notAuthorized(`user '${call.actor.owner}' not granted CREATE-ASSETS to namespace '${namespace}'`);
    checkQuota(call, namespace, assets.reduce((bytes, asset)=>bytes + (asset.content?.size ?? 0), 0));
}

//# sourceMappingURL=asset-upkeep.js.map
