// Secure identity tokens (reference 2.4). A token holds what it was given and nothing of its owner; nobody gives more
// than they hold themselves.
import { ADMINISTRATOR_ROLE } from '../access/actors.js';
import { lettersAndDigits } from '../access/sessions.js';
import { invalidArgument, notAuthorized, ServiceFault } from '../faults.js';
import { dateElement, parseDate } from '../formats.js';
import { attributeOf, child, childrenOf, el, isTrue, textOf } from '../xml/element.js';
import { mustBeAbleToCall, mustHold } from './authorization-services.js';
import { needed, principals, wholeNumber } from './service.js';
import { sha256 } from './session-services.js';
export const tokenServices = {
    'secure.identity.token.create': {
        access: 'MODIFY',
        run: createToken
    },
    'secure.identity.token.destroy': {
        access: 'MODIFY',
        run (call) {
            const { state } = call.world;
            const text = textOf(call.args, 'token');
            const token = text === undefined ? state.get('token', needed(call, 'id')) : state.tokenOf(sha256(text));
            if (!token) throw new ServiceFault('The secure identity token does not exist');
            mustOwn(call, token);
            state.commit([
                'token',
                String(token.id),
                null
            ]);
            return [];
        }
    },
    'secure.identity.token.all.destroy': {
        access: 'MODIFY',
        run (call) {
            const own = [
                ...call.world.state.all('token')
            ].filter((token)=>token.owner === call.actor.owner);
            call.world.state.commit(...own.map((token)=>[
                    'token',
                    String(token.id),
                    null
                ]));
            return [];
        }
    },
    'secure.identity.token.describe': {
        access: 'ACCESS',
        run (call) {
            const id = textOf(call.args, 'id');
            const tokens = [
                ...call.world.state.all('token')
            ].filter((token)=>(id === undefined ? token.owner === call.actor.owner : String(token.id) === id) && isOwn(call, token));
            return tokens.map(describeToken);
        }
    }
};
function createToken(call) {
    const { state } = call.world;
    const now = call.world.now();
    const roles = [
        ...childrenOf(call.args, 'role').map(heldBy),
        ...rolesOfIdentity(call)
    ];
    for (const role of roles)mustHold(call, role.type, role.name);
    if (isTrue(textOf(call.args, 'grant-caller-transient-roles'))) {
        for (const key of principals(call))if (key.startsWith('role:')) roles.push({
            type: 'role',
            name: key.slice(5)
        });
    }
    const id = state.nextNumber();
    const identity = state.nextNumber();
    const text = lettersAndDigits(tokenLength(call));
    const service = child(call.args, 'service');
    const token = {
        id,
        identity,
        tokenHash: sha256(text),
        owner: call.actor.owner,
        roles,
        permissions: permissionsOf(call),
        from: dateArgument(call, 'from', now),
        to: lastOf(call, dateArgument(call, 'to', now)),
        usesLeft: textOf(call.args, 'use-count') === undefined ? undefined : wholeNumber(call, 'use-count', 0),
        app: textOf(call.args, 'app'),
        tag: textOf(call.args, 'tag'),
        description: textOf(call.args, 'description'),
        destroyOnCall: textOf(call.args, 'destroy-on-service-call'),
        ...service ? {
            service
        } : {}
    };
    state.commit([
        'token',
        String(id),
        token
    ]);
    return [
        el('token', text, {
            id,
            'actor-type': 'identity',
            'actor-name': identity
        })
    ];
}
const heldBy = (role)=>({
        type: attributeOf(role, 'type') ?? 'role',
        name: role.text.trim()
    });
/** `identity`: the user the token stands for, whose permissions it has only when that is asked for. */ function rolesOfIdentity(call) {
    const identity = child(call.args, 'identity');
    if (!identity || !isTrue(textOf(identity, 'grant-user-roles'))) return [];
    return [
        {
            type: 'user',
            name: `${textOf(identity, 'domain') ?? ''}:${textOf(identity, 'user') ?? ''}`
        }
    ];
}
function permissionsOf(call) {
    const permissions = {};
    for (const permission of childrenOf(call.args, 'perm')){
        const service = textOf(permission, 'resource') ?? '';
        const access = textOf(permission, 'access')?.toUpperCase() ?? 'ACCESS';
        mustBeAbleToCall(call, service, access);
        permissions[service] = access;
    }
    return permissions;
}
/** A token that a token makes lives no longer than that one. */ function lastOf(call, to) {
    const own = call.actor.tokenId === undefined ? undefined : call.world.state.get('token', call.actor.tokenId)?.to;
    return own === undefined ? to : Math.min(own, to ?? own);
}
const USUAL_LENGTH = 20;
function tokenLength(call) {
    const [leastText, mostText] = [
        textOf(call.args, 'min-token-length'),
        textOf(call.args, 'max-token-length')
    ];
    const most = Number(mostText ?? Math.max(Number(leastText ?? 0), USUAL_LENGTH));
    const least = Number(leastText ?? Math.min(most, USUAL_LENGTH));
    if (!Number.isInteger(least) || !Number.isInteger(most) || least < 1 || most < least || most > 1_000) {
        throw invalidArgument('args/min-token-length');
    }
    return most;
}
function dateArgument(call, name, now) {
    const text = textOf(call.args, name);
    if (text === undefined) return undefined;
    const time = parseDate(text, now);
    if (time === undefined) throw invalidArgument(`args/${name}`, `'${text}' is not a date`);
    return time;
}
const isOwn = (call, token)=>token.owner === call.actor.owner || principals(call).has(ADMINISTRATOR_ROLE);
function mustOwn(call, token) {
    if (!isOwn(call, token)) throw notAuthorized(`user '${call.actor.owner}' does not own the secure identity token ${token.id}`);
}
const describeToken = (token)=>el('identity', [
        el('actor', String(token.identity), {
            type: 'identity'
        }),
        ...token.roles.map((role)=>el('role', role.name, {
                type: role.type
            })),
        ...token.app === undefined ? [] : [
            el('app', token.app)
        ],
        ...token.tag === undefined ? [] : [
            el('tag', token.tag)
        ],
        ...token.description === undefined ? [] : [
            el('description', token.description)
        ],
        ...token.usesLeft === undefined ? [] : [
            el('use-count', token.usesLeft)
        ],
        el('validity', [
            ...token.from === undefined ? [] : [
                dateElement('from', token.from)
            ],
            ...token.to === undefined ? [] : [
                dateElement('to', token.to)
            ]
        ])
    ], {
        id: token.id
    });

//# sourceMappingURL=token-services.js.map
