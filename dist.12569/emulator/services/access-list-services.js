// Access lists of namespaces (reference 2.5).
import { sameActor } from '../access/access-lists.js';
import { invalidArgument, notAuthorized, ServiceFault } from '../faults.js';
import { attributeOf, child, childrenOf } from '../xml/element.js';
import { accessIn, neededPath, visibleNamespace } from './service.js';
export const accessListServices = {
    'asset.namespace.acl.grant': {
        access: 'MODIFY',
        run: (call)=>changeAcl(call, grantEntries)
    },
    'asset.namespace.acl.set': {
        access: 'MODIFY',
        run: (call)=>changeAcl(call, (_, given)=>given.filter((entry)=>entry.access.length > 0))
    },
    'asset.namespace.acl.revoke': {
        access: 'MODIFY',
        run: (call)=>changeAcl(call, (former, given)=>former.filter((entry)=>!given.some((gone)=>sameActor(entry, gone))))
    }
};
function changeAcl(call, change) {
    const path = neededPath(call);
    const namespace = visibleNamespace(call, path);
    if (!accessIn(call, path)('namespace:administer')) {
        throw notAuthorized(`user '${call.actor.owner}' not granted ADMINISTER to namespace '${path}'`);
    }
    const given = childrenOf(call.args, 'acl').map((acl)=>entryOf(call, acl));
    call.world.state.commit([
        'namespace',
        path,
        {
            ...namespace,
            acl: change(namespace.acl, given)
        }
    ]);
    return [];
}
function entryOf(call, acl) {
    const actor = child(acl, 'actor');
    if (!actor || actor.text.trim() === '') throw invalidArgument('args/acl/actor', 'missing value');
    const actorType = attributeOf(actor, 'type') ?? 'user';
    const actorName = actor.text.trim();
    if (actorType === 'role' && !call.world.state.get('role', actorName)) throw new ServiceFault(`The role '${actorName}' does not exist`);
    const words = child(acl, 'access')?.children ?? [];
    const access = words.map((word)=>`${word.name}:${word.text.trim()}`);
    for (const one of access)if (!ACCESS_WORDS.has(one)) throw invalidArgument('args/acl/access', `'${one}' is not known`);
    return {
        actorType,
        actorName,
        access
    };
}
const ACCESS_WORDS = new Set([
    ...[
        'access',
        'create',
        'administer',
        'destroy'
    ].map((word)=>`namespace:${word}`),
    ...[
        'access',
        'create',
        'modify',
        'destroy'
    ].map((word)=>`asset:${word}`),
    ...[
        'access',
        'modify'
    ].map((word)=>`asset-content:${word}`)
]);
function grantEntries(former, given) {
    const entries = former.map((entry)=>({
            ...entry
        }));
    for (const grant of given){
        const standing = entries.find((entry)=>sameActor(entry, grant));
        if (standing) standing.access = [
            ...new Set([
                ...standing.access,
                ...grant.access
            ])
        ];
        else entries.push(grant);
    }
    return entries;
}

//# sourceMappingURL=access-list-services.js.map
