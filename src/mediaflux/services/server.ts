// What a server tells of itself.

import { textAt } from '../protocol/index.js';
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
