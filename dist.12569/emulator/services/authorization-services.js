// Roles and grants (reference 2.3 and 2.5). Who makes a role administers it: that is how an account that is no
// administrator can make roles for its shares. The reference does not know; it is this emulator's choice.
import { mayCall, principalsOfNamed, ADMINISTRATOR_ROLE } from '../access/actors.js';
import { notAuthorized, ServiceFault } from '../faults.js';
import { attributeOf, childrenOf, el, textOf } from '../xml/element.js';
import { needed, principals } from './service.js';
const NO_GRANT = {
    roles: [],
    permissions: {}
};
const isIgnored = (call)=>textOf(call.args, 'ifexists') === 'ignore';
export function mayAdministerRole(call, role) {
    const held = principals(call);
    return held.has(ADMINISTRATOR_ROLE) || call.world.state.get('role', role)?.creator === call.actor.owner;
}
/** Nobody gives more than they hold, or than a role that they made themselves. @throws ServiceFault */ export function mustHold(call, type, name) {
    const held = principals(call);
    const isAllowed = held.has(`${type}:${name}`) || held.has(ADMINISTRATOR_ROLE) || type === 'role' && mayAdministerRole(call, name);
    if (!isAllowed) throw notAuthorized(`user '${call.actor.owner}' does not hold the ${type} '${name}'`);
}
/** @throws ServiceFault the caller may not do it either */ export function mustBeAbleToCall(call, service, access) {
    if (!mayCall(call.world.state, call.actor, principals(call), service, access)) throw notAuthorized(`user '${call.actor.owner}' not granted ${access} to service '${service}'`);
}
export const authorizationServices = {
    'authorization.role.namespace.create': {
        access: 'ADMINISTER',
        run (call) {
            const name = needed(call, 'namespace');
            if (call.world.state.get('roleNamespace', name)) {
                if (!isIgnored(call)) throw new ServiceFault(`The role namespace '${name}' already exists`);
            } else call.world.state.commit([
                'roleNamespace',
                name,
                {
                    name
                }
            ]);
            return [];
        }
    },
    'authorization.role.create': {
        access: 'ADMINISTER',
        run (call) {
            const role = needed(call, 'role');
            const { state } = call.world;
            const namespace = /^([^:]+):/.exec(role)?.[1];
            if (namespace !== undefined && !state.get('roleNamespace', namespace)) {
                throw new ServiceFault(`The role namespace '${namespace}' does not exist`);
            }
            if (state.get('role', role)) {
                if (!isIgnored(call)) throw new ServiceFault(`The role '${role}' already exists`);
            } else state.commit([
                'role',
                role,
                {
                    name: role,
                    creator: call.actor.owner
                }
            ]);
            return [];
        }
    },
    'authorization.role.exists': {
        access: 'ACCESS',
        run: (call)=>[
                el('exists', call.world.state.get('role', needed(call, 'role')) !== undefined)
            ]
    },
    'authorization.role.destroy': {
        access: 'ADMINISTER',
        run (call) {
            const role = needed(call, 'role');
            const { state } = call.world;
            if (!state.get('role', role)) throw new ServiceFault(`The role '${role}' does not exist`);
            if (!mayAdministerRole(call, role)) throw notAuthorized(`user '${call.actor.owner}' not granted ADMINISTER to role '${role}'`);
            state.commitAll([
                [
                    'role',
                    role,
                    null
                ],
                ...withoutRole(state, role)
            ]);
            return [];
        }
    },
    'actor.grant': {
        access: 'ADMINISTER',
        run: (call)=>changeGrant(call, true)
    },
    'actor.revoke': {
        access: 'ADMINISTER',
        run: (call)=>changeGrant(call, false)
    },
    'actor.describe': {
        access: 'ADMINISTER',
        run: (call)=>[
                describeActor(call)
            ]
    },
    'actor.have': {
        access: 'ADMINISTER',
        run: (call)=>{
            const held = principalsOfNamed(call.world.state, needed(call, 'type'), needed(call, 'name'));
            return [
                el('actor', rolesHeld(call, held), {
                    type: textOf(call.args, 'type'),
                    name: textOf(call.args, 'name')
                })
            ];
        }
    }
};
/** One `role` for each that is asked for, `true` or `false` (reference 2.3). */ export const rolesHeld = (call, held)=>childrenOf(call.args, 'role').map((role)=>el('role', held.has(`role:${role.text.trim()}`), {
            type: attributeOf(role, 'type') ?? 'role',
            name: role.text.trim()
        }));
/**
 * Nobody holds the role any more, also when another of its name is made. Its entries in access lists stay, with no
 * rights: taking them off could let inherited rights in again.
 */ function withoutRole(state, role) {
    const key = `role:${role}`;
    const changes = [
        [
            'grant',
            key,
            null
        ]
    ];
    for (const holder of [
        ...state.all('role')
    ].map(({ name })=>`role:${name}`).concat(userKeys(state))){
        const grant = state.get('grant', holder);
        if (grant?.roles.includes(role)) changes.push([
            'grant',
            holder,
            {
                ...grant,
                roles: grant.roles.filter((held)=>held !== role)
            }
        ]);
    }
    for (const token of state.all('token')){
        const roles = token.roles.filter((held)=>held.type !== 'role' || held.name !== role);
        if (roles.length < token.roles.length) changes.push([
            'token',
            String(token.id),
            {
                ...token,
                roles
            }
        ]);
    }
    for (const namespace of state.all('namespace')){
        if (!namespace.acl.some((entry)=>entry.actorType === 'role' && entry.actorName === role)) continue;
        const acl = namespace.acl.map((entry)=>entry.actorType === 'role' && entry.actorName === role ? {
                ...entry,
                access: []
            } : entry);
        changes.push([
            'namespace',
            namespace.path,
            {
                ...namespace,
                acl
            }
        ]);
    }
    return changes;
}
const userKeys = (state)=>[
        ...state.all('user')
    ].map(({ domain, user })=>`user:${domain}:${user}`);
function describeActor(call) {
    const { state } = call.world;
    const type = needed(call, 'type');
    const name = needed(call, 'name');
    const isKnown = type === 'role' ? state.get('role', name) : type === 'user' ? state.get('user', name) : true;
    if (!isKnown) throw new ServiceFault(`The ${type} '${name}' does not exist`);
    const roles = [
        ...principalsOfNamed(state, type, name)
    ].filter((key)=>key.startsWith('role:')).sort();
    const permissions = Object.entries(state.get('grant', `${type}:${name}`)?.permissions ?? {});
    return el('actor', [
        ...roles.map((key)=>el('role', key.slice(5), {
                type: 'role'
            })),
        ...permissions.map(([service, access])=>el('perm', [
                el('access', access),
                el('resource', service, {
                    type: 'service'
                })
            ]))
    ], {
        type,
        name
    });
}
function changeGrant(call, isGrant) {
    const { state } = call.world;
    const type = needed(call, 'type');
    const name = needed(call, 'name');
    if (type === 'role' && !state.get('role', name)) throw new ServiceFault(`The role '${name}' does not exist`);
    const isAdministrator = principals(call).has(ADMINISTRATOR_ROLE);
    if (!isAdministrator && !(type === 'role' && mayAdministerRole(call, name))) {
        throw notAuthorized(`user '${call.actor.owner}' not granted ADMINISTER to ${type} '${name}'`);
    }
    const key = `${type}:${name}`;
    const former = state.get('grant', key) ?? NO_GRANT;
    const roles = new Set(former.roles);
    const permissions = {
        ...former.permissions
    };
    for (const role of childrenOf(call.args, 'role').map(({ text })=>text.trim())){
        if (isGrant) mustHold(call, 'role', role);
        if (isGrant) roles.add(role);
        else roles.delete(role);
    }
    for (const permission of childrenOf(call.args, 'perm')){
        const resource = textOf(permission, 'resource') ?? '';
        const access = textOf(permission, 'access')?.toUpperCase() ?? 'ACCESS';
        if (isGrant) mustBeAbleToCall(call, resource, access);
        if (isGrant) permissions[resource] = access;
        else delete permissions[resource];
    }
    state.commit([
        'grant',
        key,
        {
            roles: [
                ...roles
            ],
            permissions
        }
    ]);
    return [];
}

//# sourceMappingURL=authorization-services.js.map
