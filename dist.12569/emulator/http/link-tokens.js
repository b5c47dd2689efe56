// Tokens that come in an address (reference 5.1): which may be used there, and the session that one opens for the request.
import { isTokenAlive } from '../access/actors.js';
import { ServiceFault } from '../faults.js';
import { sha256 } from '../services/session-services.js';
/** The program that a link says it is for: `_tokenapp` at contents, `app` elsewhere; either is taken anywhere. */ export const appOf = (address)=>address.searchParams.get('_tokenapp') ?? address.searchParams.get('app') ?? undefined;
/**
 * @param isBound one that is bound to a call, or one that opens a session: neither stands for the other
 * @returns undefined for one that is unknown, has ended, is another program's, or of the other kind
 */ export function linkToken(world, text, app, isBound) {
    const token = world.state.tokenOf(sha256(text));
    if (!isTokenAlive(token, world.now()) || token.app !== undefined && token.app !== app) return undefined;
    return token.service !== undefined === isBound ? token : undefined;
}
/** Runs `work` with the token's session. Asking only for the head uses none of its uses up. */ export async function withToken(world, token, isHead, work) {
    if (token.usesLeft !== undefined && !isHead) world.state.commit([
        'token',
        String(token.id),
        {
            ...token,
            usesLeft: token.usesLeft - 1
        }
    ]);
    const { identity, owner, id: tokenId, app } = token;
    const session = world.sessions.open({
        type: 'identity',
        name: String(identity),
        id: identity,
        owner,
        tokenId
    }, app);
    try {
        return await work(session);
    } finally{
        world.sessions.close(session);
    }
}
/** Runs `work` with the session of the `_token` or `_skey` of an address. @throws SessionInvalid, ServiceFault */ export async function withAddress(world, address, isHead, work) {
    const text = address.searchParams.get('_token');
    if (text === null) return work(world.sessions.findUsable(address.searchParams.get('_skey') ?? undefined));
    const token = linkToken(world, text, appOf(address), false);
    if (!token) throw new ServiceFault('Authentication failure');
    return withToken(world, token, isHead, work);
}

//# sourceMappingURL=link-tokens.js.map
