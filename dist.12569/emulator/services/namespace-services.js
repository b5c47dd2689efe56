// Namespaces (reference 3.4).
import { governing } from '../access/access-lists.js';
import { dateElement, humanSize, sizeOfText } from '../formats.js';
import { invalidArgument, noNamespace, notAuthorized, ServiceFault } from '../faults.js';
import { STORE } from '../store/contents.js';
import { lastPartOf, normalPath, parentOf } from '../store/paths.js';
import { attributeOf, child, el, exactTextOf, isTrue, textOf } from '../xml/element.js';
import { checkName, removalOf } from './asset-writing.js';
import { makeNamespace } from './namespace-making.js';
import { renderingOf } from './rendering.js';
import { accessIn, neededPath, visibleNamespace, wholeNumber } from './service.js';
export const namespaceServices = {
    'asset.namespace.create': {
        access: 'MODIFY',
        run (call) {
            const path = neededPath(call);
            const given = child(call.args, 'namespace');
            const withParents = given !== undefined && isTrue(attributeOf(given, 'all'));
            const existing = call.world.state.get('namespace', path);
            if (existing && withParents && accessIn(call, path)('namespace:access')) return [];
            makeNamespace(call, path, withParents);
            describeFurther(call, path);
            return [];
        }
    },
    'asset.namespace.exists': {
        access: 'ACCESS',
        run: (call)=>{
            const path = neededPath(call);
            const exists = call.world.state.get('namespace', path) !== undefined && accessIn(call, path)('namespace:access');
            return [
                el('exists', exists, {
                    namespace: path
                })
            ];
        }
    },
    'asset.namespace.describe': {
        access: 'ACCESS',
        run (call) {
            const id = textOf(call.args, 'id');
            if (id === undefined) return [
                describe(call, visibleNamespace(call, neededPath(call)))
            ];
            const namespace = call.world.state.namespaceOfId(Number(id));
            if (!namespace) throw noNamespace(id);
            return [
                describe(call, visibleNamespace(call, namespace.path))
            ];
        }
    },
    'asset.namespace.list': {
        access: 'ACCESS',
        run: list
    },
    'asset.namespace.destroy': {
        access: 'MODIFY',
        run: destroy
    },
    'asset.namespace.hard.destroy': {
        access: 'MODIFY',
        run: destroy
    },
    'asset.namespace.rename': {
        access: 'MODIFY',
        run: rename
    }
};
/** Description and quota, which the same call may bring. A quota is bytes, or a number with a unit (reference 11). */ function describeFurther(call, path) {
    const { state } = call.world;
    const record = state.get('namespace', path);
    const description = textOf(call.args, 'description');
    const allocation = textOf(child(call.args, 'quota') ?? el('quota'), 'allocation');
    if (!record || description === undefined && allocation === undefined) return;
    const quotaBytes = allocation === undefined ? undefined : sizeOfText(allocation);
    if (allocation !== undefined && quotaBytes === undefined) throw invalidArgument('args/quota/allocation', `'${allocation}' is not a size`);
    state.commit([
        'namespace',
        path,
        {
            ...record,
            ...description === undefined ? {} : {
                description
            },
            ...quotaBytes === undefined ? {} : {
                quotaBytes
            }
        }
    ]);
}
/** What the caller may do, by the names of reference 3.4. */ const DESCRIBED = {
    administer: 'namespace:administer',
    'administer-children': 'namespace:administer',
    rename: 'namespace:destroy',
    create: 'namespace:create',
    modify: 'namespace:create',
    access: 'namespace:access',
    destroy: 'namespace:destroy',
    'create-assets': 'asset:create',
    'access-assets': 'asset:access',
    'modify-assets': 'asset:modify',
    'destroy-assets': 'asset:destroy',
    'publish-assets': 'asset:modify',
    'access-asset-content': 'asset-content:access',
    'modify-asset-content': 'asset-content:modify'
};
/**
 * The access list itself is shown as `acl` elements in the form that a grant takes; `inherit-acls` names the rule. The
 * reference records the rule and not the list: the list's form is this emulator's choice.
 */ function describe(call, namespace) {
    const { state } = call.world;
    const may = accessIn(call, namespace.path);
    const assets = state.countBy('namespace', namespace.path);
    const [domain = '', user = ''] = namespace.creator.split(':');
    const showsList = may('namespace:administer') || may('namespace:access');
    return el('namespace', [
        el('path', namespace.path),
        el('name', lastPartOf(namespace.path)),
        dateElement('ctime', namespace.ctime),
        el('creator', [
            el('domain', domain),
            el('user', user)
        ]),
        ...namespace.description === undefined ? [] : [
            el('description', namespace.description)
        ],
        el('store', STORE, {
            inherited: true
        }),
        el('acount', assets),
        ...quotaElements(call, namespace),
        el('inherit-acls', 'only-if-no-acls'),
        ...showsList ? namespace.acl.map(aclElement) : [],
        el('access', Object.entries(DESCRIBED).map(([name, access])=>el(name, may(access))))
    ], {
        id: namespace.id,
        leaf: state.isLeaf(namespace.path),
        'acl-from': governing(state, namespace.path)?.path
    });
}
function quotaElements(call, namespace) {
    const { quotaBytes } = namespace;
    if (quotaBytes === undefined) return [];
    const used = call.world.state.bytesFrom(namespace.path);
    return [
        el('quota', [
            el('allocation', quotaBytes, {
                h: humanSize(quotaBytes)
            }),
            el('on-overflow', 'fail'),
            el('used', used, {
                h: humanSize(used)
            })
        ])
    ];
}
const aclElement = (entry)=>el('acl', [
        el('actor', entry.actorName, {
            type: entry.actorType
        }),
        el('access', entry.access.map((access)=>{
            const [kind = '', word = ''] = access.split(':');
            return el(kind, word);
        }))
    ]);
/** With `assets`, the assets too, shown as `action` says, `size` of them from number `idx` on. */ function list(call) {
    const path = normalPath(exactTextOf(call.args, 'namespace') ?? '/');
    visibleNamespace(call, path);
    const { state } = call.world;
    const children = state.childNamespaces(path).filter((below)=>accessIn(call, below.path)('namespace:access')).map((below)=>el('namespace', lastPartOf(below.path), {
            id: below.id,
            leaf: state.isLeaf(below.path),
            acl: below.acl.length > 0
        }));
    return [
        el('namespace', [
            ...children,
            ...listedAssets(call, path)
        ], {
            path
        })
    ];
}
function listedAssets(call, path) {
    if (!isTrue(textOf(call.args, 'assets')) || !accessIn(call, path)('asset:access')) return [];
    const { state } = call.world;
    const ids = Float64Array.from([
        ...state.assetIds('namespace', path)
    ], Number).sort();
    const from = wholeNumber(call, 'idx', 1, 1) - 1;
    const size = textOf(call.args, 'size') === 'infinity' ? Infinity : wholeNumber(call, 'size', Infinity, 1);
    const action = textOf(call.args, 'action');
    const render = action === undefined ? undefined : renderingOf(call, action);
    return [
        ...ids.subarray(from, from + size)
    ].flatMap((id)=>state.get('asset', id) ?? []).map((asset)=>render ? render(call, asset) : el('asset', asset.name ?? `__asset_id__${asset.id}`, {
            id: asset.id,
            version: asset.version
        }));
}
async function destroy(call) {
    const path = neededPath(call);
    visibleNamespace(call, path);
    const { state, contents } = call.world;
    const doomed = [
        ...state.namespacesFrom(path)
    ];
    for (const namespace of doomed){
        const may = accessIn(call, namespace.path);
        if (!may('namespace:destroy')) throw notAuthorized(`user '${call.actor.owner}' not granted DESTROY to namespace '${namespace.path}'`);
    }
    const { changes, files } = removalOf(call, state.assetsFrom(path));
    const folders = doomed.reverse().map((namespace)=>[
            'namespace',
            namespace.path,
            null
        ]);
    state.commitAll(changes.concat(folders));
    for (const file of files)await contents.remove(file);
    return [];
}
function rename(call) {
    const path = neededPath(call);
    const namespace = visibleNamespace(call, path);
    const name = exactTextOf(call.args, 'name') ?? '';
    checkName(name);
    if (!accessIn(call, path)('namespace:destroy') || !accessIn(call, parentOf(path))('namespace:create')) throw notAuthorized(`user '${call.actor.owner}' not granted RENAME to namespace '${path}'`);
    const target = normalPath(`${parentOf(path)}/${name}`);
    const { state } = call.world;
    if (state.get('namespace', target)) throw new ServiceFault(`The namespace '${target}' already exists`);
    const moved = (old)=>target + old.slice(namespace.path.length);
    const assets = [
        ...state.assetsFrom(path)
    ];
    const namespaces = [
        ...state.namespacesFrom(path)
    ];
    const changes = namespaces.map((below)=>[
            'namespace',
            below.path,
            null
        ]);
    for (const below of namespaces)changes.push([
        'namespace',
        moved(below.path),
        {
            ...below,
            path: moved(below.path)
        }
    ]);
    for (const asset of assets)changes.push([
        'asset',
        String(asset.id),
        {
            ...asset,
            namespace: moved(asset.namespace)
        }
    ]);
    state.commitAll(changes);
    return [];
}

//# sourceMappingURL=namespace-services.js.map
