// Who calls, and what they hold: a user, or the identity of a token, which has what the token was given and nothing of
// its owner (reference 2.4).

import type { State } from '../store/state.js';
import type { TokenRecord } from '../store/records.js';

export interface Actor {
  type: 'user' | 'identity';
  /** `domain:user`, or the number of the identity. */
  name: string;
  id: number;
  /** The user whose name stands on what is made: the user itself, or the owner of the token. */
  owner: string;
  /** Set for a session that a token opened. */
  tokenId?: number;
  /** What it held when its token was destroyed by the very call that it makes. */
  heldLast?: ReadonlySet<string>;
}

/** What an actor is and holds at this moment, as `type:name` keys; grants are followed through roles. */
export function principalsOf(state: State, actor: Actor): ReadonlySet<string> {
  if (actor.heldLast) return actor.heldLast;
  const token = actor.tokenId === undefined ? undefined : state.get('token', actor.tokenId);
  return held(state, [actor, ...(token?.roles ?? [])]);
}

export const principalsOfNamed = (state: State, type: string, name: string): Set<string> =>
  held(state, [{ type, name }]);

function held(state: State, actors: readonly { type: string; name: string }[]): Set<string> {
  const found = new Set<string>();
  const add = (key: string) => {
    // A role that was destroyed opens nothing any more, whoever still names it.
    if (found.has(key) || (key.startsWith('role:') && !state.get('role', key.slice(5)))) return;
    found.add(key);
    for (const role of state.get('grant', key)?.roles ?? []) add(`role:${role}`);
  };
  for (const actor of actors) addActor(add, actor.type, actor.name);
  return found;
}

/** A user is also whatever their domain is granted. */
function addActor(add: (key: string) => void, type: string, name: string): void {
  add(`${type}:${name}`);
  if (type === 'user') add(`domain:${name.slice(0, name.indexOf(':'))}`);
}

export const ADMINISTRATOR_ROLE = 'role:system-administrator';

const RANK: Record<string, number> = { ACCESS: 1, MODIFY: 2, ADMINISTER: 3 };

/** May the actor call a service that needs `access` (ACCESS, MODIFY or ADMINISTER)? */
export function mayCall(
  state: State,
  actor: Actor,
  principals: ReadonlySet<string>,
  service: string,
  access: string,
): boolean {
  if (principals.has(ADMINISTRATOR_ROLE)) return true;
  const needed = RANK[access] ?? 3;
  const patterns = [service, ...patternsOf(service)];
  const holds = (permissions: Record<string, string> | undefined) =>
    permissions !== undefined && patterns.some((pattern) => (RANK[permissions[pattern] ?? ''] ?? 0) >= needed);
  if (actor.tokenId !== undefined && holds(state.get('token', actor.tokenId)?.permissions)) return true;
  for (const key of principals) if (holds(state.get('grant', key)?.permissions)) return true;
  return false;
}

/** `asset.namespace.*`, `asset.*` and `*` for `asset.namespace.list`. */
function patternsOf(service: string): string[] {
  const parts = service.split('.');
  return parts.map((_, index) => [...parts.slice(0, parts.length - 1 - index), '*'].join('.'));
}

/** Is the token usable at `now`? What it may do is another question. */
export function isTokenAlive(token: TokenRecord | undefined, now: number): token is TokenRecord {
  if (!token) return false;
  if (token.from !== undefined && now < token.from) return false;
  if (token.to !== undefined && now >= token.to) return false;
  return token.usesLeft === undefined || token.usesLeft > 0;
}
