// Logon, logoff and what a session tells of itself (reference 2.1 to 2.3).
import { createHash, timingSafeEqual } from 'node:crypto';
import { isTokenAlive, mayCall } from '../access/actors.js';
import { SESSION_TIMEOUT_SECONDS } from '../access/sessions.js';
import { ServiceFault } from '../faults.js';
import { child, childrenOf, el, textOf } from '../xml/element.js';
import { rolesHeld } from './authorization-services.js';
import { principals } from './service.js';
export const sha256 = (text)=>createHash('sha256').update(text).digest('hex');
const refused = ()=>new ServiceFault('Authentication failure');
/** `system.logon` comes without a session. @throws ServiceFault one text for every reason */ export function logon(world, args) {
    const again = textOf(args, 'sid');
    if (again !== undefined && again !== '') return logonReply(world.sessions.findUsable(again));
    const app = textOf(args, 'app');
    const tokenText = textOf(args, 'token') ?? (textOf(args, 'domain') === 'token' ? textOf(args, 'password') : undefined);
    const actor = tokenText === undefined ? userByPassword(world, args) : actorOfToken(world, tokenText, app);
    return logonReply(world.sessions.open(actor, app));
}
function logonReply(session) {
    const { owner } = session.actor;
    const name = owner.slice(owner.indexOf(':') + 1);
    return [
        el('session', session.key, {
            id: session.id,
            timeout: SESSION_TIMEOUT_SECONDS,
            wallet: true
        }),
        el('locale', 'en-US'),
        el('user', [
            el('name', '')
        ], {
            username: name
        })
    ];
}
function userByPassword(world, args) {
    const name = `${textOf(args, 'domain') ?? ''}:${textOf(args, 'user') ?? ''}`;
    const user = world.state.get('user', name);
    const given = Buffer.from(sha256(`${user?.salt ?? ''}${child(args, 'password')?.text ?? ''}`), 'hex');
    if (!user || !timingSafeEqual(given, Buffer.from(user.passwordHash, 'hex'))) throw refused();
    return {
        type: 'user',
        name,
        id: user.id,
        owner: name
    };
}
/** A token that opens sessions. @throws ServiceFault it has ended, is another program's, or bound to one call */ function usableToken(world, text, app) {
    const token = world.state.tokenOf(sha256(text));
    if (!isTokenAlive(token, world.now()) || token.app !== undefined && token.app !== app || token.service) throw refused();
    return token;
}
/** Who stands behind a request, without using a token up; undefined for nobody. */ export function ownerBehind(world, key, token, app) {
    const actor = world.sessions.standing(key)?.actor;
    if (actor) return world.sessions.isActorAlive(actor) ? actor.owner : undefined;
    try {
        return token === '' ? undefined : usableToken(world, token, app).owner;
    } catch (error) {
        if (error instanceof ServiceFault) return undefined;
        throw error;
    }
}
/** The actor of a secure identity token; one use of a limited one is used up. @throws ServiceFault */ export function actorOfToken(world, text, app) {
    const token = usableToken(world, text, app);
    if (token.usesLeft !== undefined) {
        world.state.commit([
            'token',
            String(token.id),
            {
                ...token,
                usesLeft: token.usesLeft - 1
            }
        ]);
    }
    return {
        type: 'identity',
        name: String(token.identity),
        id: token.identity,
        owner: token.owner,
        tokenId: token.id
    };
}
export const sessionServices = {
    'system.logoff': {
        access: null,
        run (call) {
            call.world.sessions.close(call.session);
            return [];
        }
    },
    'server.ping': {
        access: null,
        run: ()=>[]
    },
    'system.session.self.describe': {
        access: null,
        run: (call)=>[
                el('session', [
                    el('host', '127.0.0.1'),
                    el('federate', false),
                    ...call.actor.tokenId === undefined ? [] : [
                        el('secure-token', call.actor.tokenId)
                    ],
                    el('actor', call.actor.name, {
                        type: call.actor.type
                    })
                ], {
                    id: call.session.id
                })
            ]
    },
    'actor.self.describe': {
        access: null,
        run: (call)=>[
                describeSelf(call)
            ]
    },
    'user.self.describe': {
        access: null,
        run: (call)=>{
            const [domain = '', user = ''] = call.actor.owner.split(':');
            return [
                el('user', [
                    el('name', '')
                ], {
                    id: call.world.state.get('user', call.actor.owner)?.id,
                    domain,
                    user
                })
            ];
        }
    },
    'user.self.settings.get': {
        access: null,
        run: ()=>[]
    },
    'actor.self.have': {
        access: null,
        run: (call)=>[
                ...rolesHeld(call, principals(call)),
                ...childrenOf(call.args, 'perm').map((permission)=>{
                    const resource = textOf(permission, 'resource') ?? '';
                    const access = textOf(permission, 'access')?.toUpperCase() ?? 'ACCESS';
                    return el('perm', mayCall(call.world.state, call.actor, principals(call), resource, access), {
                        access,
                        resource
                    });
                })
            ]
    }
};
function describeSelf(call) {
    const roles = [
        ...principals(call)
    ].filter((key)=>key.startsWith('role:')).sort();
    return el('actor', roles.map((key)=>el('role', key.slice(5), {
            type: 'role'
        })), {
        type: call.actor.type,
        name: call.actor.name,
        id: call.actor.id,
        destroyed: call.world.sessions.isActorAlive(call.actor) ? undefined : true
    });
}
/** A session that lasts for one call, for `service/@token` and `service.execute/token`. */ export function sessionForToken(world, text, app) {
    return Object.assign(world.sessions.open(actorOfToken(world, text, app), app), {
        isOpenedFor: text
    });
}

//# sourceMappingURL=session-services.js.map
