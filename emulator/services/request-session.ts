// The session that a request is made in.

import { ADMINISTRATOR_ROLE } from '../access/actors.js';
import type { Session } from '../access/sessions.js';
import { ServiceFault } from '../faults.js';
import { attributeOf, child, el, type Element, textOf } from '../xml/element.js';
import { failed } from './call-frames.js';
import type { World } from './service.js';
import { sessionForToken } from './session-services.js';

/** The session of a call that is judged now, for one that is run later: with all rights, and no token that could end. */
export function admittedSession(world: World, service: Element): Session | undefined {
  const session = world.sessions.standing(attributeOf(service, 'session') ?? '');
  if (!session || !world.sessions.isActorAlive(session.actor)) return undefined;
  const { tokenId: _, ...actor } = session.actor;
  return { ...session, actor: { ...actor, heldLast: new Set([ADMINISTRATOR_ROLE]) } };
}

/**
 * The session of a request: its key, or a token given with the call, which opens one to be closed after it.
 * @throws SessionInvalid, ServiceFault
 */
export function sessionOf(world: World, service: Element): { session: Session; isForThisCall: boolean } {
  const key = attributeOf(service, 'session') ?? '';
  const token = attributeOf(service, 'token') ?? '';
  const withCall = textOf(child(service, 'args') ?? el('args'), 'token') ?? '';
  if (token === '' && (withCall === '' || key !== '' || attributeOf(service, 'name') !== 'service.execute'))
    return { session: world.sessions.find(key), isForThisCall: false };
  // A client that logged on with a token sends both: the session is the one that has its iterators.
  const standing = key === '' ? undefined : world.sessions.standing(key);
  if (standing) return { session: standing, isForThisCall: false };
  try {
    const session = sessionForToken(world, token === '' ? withCall : token, attributeOf(service, 'app'));
    return { session, isForThisCall: true };
  } catch (error) {
    if (error instanceof ServiceFault)
      throw new ServiceFault(failed(attributeOf(service, 'name') ?? '', error.message), error.cause_);
    throw error;
  }
}
