// What a server tells of itself.

import { childNamed, childrenNamed, descendant, instantOf, isMediafluxError, textAt, xml } from '../protocol/index.js';
import type { MediafluxSession } from '../session/index.js';

/**
 * `server.version`: which software answers.
 *
 * Reply  `<version>4.16.082</version>` among others. @see docs/reference/mediaflux-protocol.md 2.2
 */
export async function serverVersion(session: MediafluxSession, signal?: AbortSignal): Promise<string> {
  const result = await session.call('server.version', [], { repeatable: true, signal });
  return textAt(result, 'version') ?? '';
}

/**
 * When the secure identity token that opened the session ends. Undefined where the session was opened by a password, the
 * token has no end, or the server does not tell.
 *
 * Arguments  `system.session.self.describe`, none
 * Reply      `<session><secure-token>12</secure-token>…</session>`
 * Arguments  `secure.identity.token.describe` `<id>12</id>`
 * Reply      `<identity id="12"><actor>24</actor><validity><to millisec="1767225600000">…</to></validity></identity>`
 * @see docs/reference/mediaflux-protocol.md 2.3 and 2.4
 */
export async function ownTokenEnd(session: MediafluxSession, signal?: AbortSignal): Promise<Date | undefined> {
  try {
    const options = { repeatable: true, signal };
    const own = childNamed(await session.call('system.session.self.describe', [], options), 'session');
    const id = own && textAt(own, 'secure-token')?.trim();
    if (id === undefined || id === '') return undefined;
    const result = await session.call('secure.identity.token.describe', [xml('id', id)], options);
    const [token] = childrenNamed(result, 'identity');
    return token && instantOf(descendant(token, 'validity/to'));
  } catch (error) {
    if (isMediafluxError(error, 'not-permitted', 'not-found', 'invalid-arguments', 'service-error')) return undefined;
    throw error;
  }
}
