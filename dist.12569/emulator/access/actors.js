// Who calls, and what they hold: a user, or the identity of a token, which has what the token was given and nothing of
// its owner (reference 2.4).
/** What an actor is and holds at this moment, as `type:name` keys; grants are followed through roles. */ export function principalsOf(state, actor) {
    if (actor.heldLast) return actor.heldLast;
    const token = actor.tokenId === undefined ? undefined : state.get('token', actor.tokenId);
    return held(state, [
        actor,
        ...token?.roles ?? []
    ]);
}
export const principalsOfNamed = (state, type, name)=>held(state, [
        {
            type,
            name
        }
    ]);
function held(state, actors) {
    const found = new Set();
    const add = (key)=>{
        // A role that was destroyed opens nothing any more, whoever still names it.
        if (found.has(key) || key.startsWith('role:') && !state.get('role', key.slice(5))) return;
        found.add(key);
        for (const role of state.get('grant', key)?.roles ?? [])add(`role:${role}`);
    };
    for (const actor of actors)addActor(add, actor.type, actor.name);
    return found;
}
/** A user is also whatever their domain is granted. */ function addActor(add, type, name) {
    add(`${type}:${name}`);
    if (type === 'user') add(`domain:${name.slice(0, name.indexOf(':'))}`);
}
export const ADMINISTRATOR_ROLE = 'role:system-administrator';
const RANK = {
    ACCESS: 1,
    MODIFY: 2,
    ADMINISTER: 3
};
/** May the actor call a service that needs `access` (ACCESS, MODIFY or ADMINISTER)? */ export function mayCall(state, actor, principals, service, access) {
    if (principals.has(ADMINISTRATOR_ROLE)) return true;
    const needed = RANK[access] ?? 3;
    const patterns = [
        service,
        ...patternsOf(service)
    ];
    const holds = (permissions)=>permissions !== undefined && patterns.some((pattern)=>(RANK[permissions[pattern] ?? ''] ?? 0) >= needed);
    if (actor.tokenId !== undefined && holds(state.get('token', actor.tokenId)?.permissions)) return true;
    for (const key of principals)if (holds(state.get('grant', key)?.permissions)) return true;
    return false;
}
/** `asset.namespace.*`, `asset.*` and `*` for `asset.namespace.list`. */ function patternsOf(service) {
    const parts = service.split('.');
    return parts.map((_, index)=>[
            ...parts.slice(0, parts.length - 1 - index),
            '*'
        ].join('.'));
}
/** Is the token usable at `now`? What it may do is another question. */ export function isTokenAlive(token, now) {
    if (!token) return false;
    if (token.from !== undefined && now < token.from) return false;
    if (token.to !== undefined && now >= token.to) return false;
    return token.usesLeft === undefined || token.usesLeft > 0;
}

//# sourceMappingURL=actors.js.map
