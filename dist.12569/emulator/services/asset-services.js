// Assets: made, changed, read and destroyed (reference 3.1 and 3.2).
import { invalidArgument, noAsset, ServiceFault } from '../faults.js';
import { normalPath } from '../store/paths.js';
import { attributeOf, child, childrenOf, el, exactTextOf, isTrue, textOf } from '../xml/element.js';
import { assetOf, contentOutput, fullAsset, mustHave, readableAsset, reducedAsset, versionOf, visibleAsset } from './asset-access.js';
import { makeAsset, removalOf, setAsset } from './asset-writing.js';
import { makeNamespace } from './namespace-making.js';
import { accessIn, wholeNumber } from './service.js';
export const assetServices = {
    'asset.create': {
        access: 'MODIFY',
        run: (call)=>[
                el('id', makeAsset(call, homeOf(call), exactTextOf(call.args, 'name') ?? null).id)
            ]
    },
    'asset.set': {
        access: 'MODIFY',
        run: setAsset
    },
    'asset.get': {
        access: 'ACCESS',
        run: getAssets
    },
    'asset.exists': {
        access: 'ACCESS',
        run: (call)=>childrenOf(call.args, 'id').map((id)=>el('exists', visibleAsset(call, id.text) !== undefined, {
                    id: id.text
                }))
    },
    'asset.destroy': {
        access: 'MODIFY',
        run: destroyAssets
    },
    'asset.hard.destroy': {
        access: 'MODIFY',
        run: destroyAssets
    },
    'asset.soft.destroy': {
        access: 'MODIFY',
        run: destroyAssets
    },
    'asset.content.get': {
        access: 'ACCESS',
        run (call) {
            const asset = readableAsset(call, exactTextOf(call.args, 'id') ?? '');
            mustHave(call, asset, 'asset-content:access');
            if (!asset.content) throw noAsset(`content of ${asset.id}`);
            const offset = wholeNumber(call, 'offset', 0);
            const length = wholeNumber(call, 'length', Infinity);
            call.outputs.push(contentOutput(call, asset, asset.content, offset, length));
            return [];
        }
    }
};
/** A namespace, made if asked, or a collection by `pid`, whose namespace the new asset shares. */ function homeOf(call) {
    const pid = exactTextOf(call.args, 'pid');
    const collection = pid === undefined ? undefined : readableAsset(call, pid);
    if (collection && !collection.isCollection) throw invalidArgument('args/pid', 'the asset is not a collection');
    if (collection) mustHave(call, collection, 'asset:create');
    if (!child(call.args, 'namespace') && collection) return {
        namespace: collection.namespace,
        collection
    };
    // Left out, it is the root: one client's own tests make assets so.
    const namespace = normalPath(exactTextOf(call.args, 'namespace') ?? '/');
    const given = child(call.args, 'namespace');
    if (given && isTrue(attributeOf(given, 'create')) && !call.world.state.get('namespace', namespace)) {
        makeNamespace(call, namespace, true);
    }
    return {
        namespace,
        ...collection ? {
            collection
        } : {}
    };
}
function getAssets(call) {
    const xpaths = childrenOf(call.args, 'xpath');
    const version = textOf(call.args, 'version');
    return childrenOf(call.args, 'id').flatMap((id)=>{
        if (isTrue(attributeOf(id, 'only-if-exists')) && !assetOf(call, id.text)) return [];
        const asset = versionOf(call, readableAsset(call, id.text), version);
        if (asset.content && accessIn(call, asset.namespace)('asset-content:access')) {
            call.outputs.push(contentOutput(call, asset, asset.content));
        }
        return [
            xpaths.length > 0 ? reducedAsset(call, asset, xpaths) : fullAsset(call, asset)
        ];
    });
}
const hasMembers = (call, asset)=>call.world.state.members(asset.id).next().done === false;
async function destroyAssets(call) {
    const doomed = childrenOf(call.args, 'id').map((id)=>{
        const asset = readableAsset(call, id.text);
        if (textOf(call.args, 'members')?.toLowerCase() === 'false' && hasMembers(call, asset)) throw new ServiceFault(`The collection ${asset.id} has members, which are not to be destroyed with it`);
        return asset;
    });
    const { changes, files } = removalOf(call, doomed);
    call.world.state.commitAll(changes);
    for (const file of files)await call.world.contents.remove(file);
    return [];
}

//# sourceMappingURL=asset-services.js.map
