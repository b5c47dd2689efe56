// Namespaces and their access lists. Reference 2.5 and 3.4.

import {
  childNamed,
  childrenNamed,
  descendant,
  isMediafluxError,
  type ServerZone,
  textAt,
  xml,
  type XmlElement,
  zoneOf,
} from '../protocol/index.js';
import type { CallOptions, MediafluxSession } from '../session/index.js';

/** One entry of an access list. Words of reference 2.5, as in `namespace:create` or `asset-content:access`. */
export interface AclEntry {
  actorType: string;
  actorName: string;
  access: string[];
}

export interface NamespaceDescription {
  path: string;
  /** The caller's rights by the names of reference 3.4, as in `create-assets`. */
  access: ReadonlySet<string>;
  /** Entries of its own; none: the nearest namespace above that has some decides. */
  acl: AclEntry[];
  /** The server's, where it told. */
  zone: ServerZone | undefined;
}

/**
 * `asset.namespace.create`: `<namespace all="true">/a/b</namespace>`; parents too. The reply is not read. It being there
 * already is fine.
 */
export async function createNamespace(
  session: MediafluxSession,
  path: string,
  options: CallOptions = {},
): Promise<void> {
  const args = [xml('namespace', path, { all: true })];
  try {
    await session.call('asset.namespace.create', args, { ...options, repeatable: true });
  } catch (error) {
    if (!isMediafluxError(error, 'already-exists')) throw error;
  }
}

/** `asset.namespace.destroy`: `<namespace>/a</namespace>`, with all in it; the reply is empty. One that is gone is no error. */
export async function destroyNamespace(session: MediafluxSession, path: string): Promise<void> {
  try {
    await session.call('asset.namespace.destroy', [xml('namespace', path)], { repeatable: true });
  } catch (error) {
    if (!isMediafluxError(error, 'not-found')) throw error;
  }
}

/**
 * `asset.namespace.create` without its parents: `<namespace>/a/b</namespace><description/>`. It being there already is
 * fine.
 * @throws MediafluxError its parent is missing
 */
export async function createNamespaceOnly(
  session: MediafluxSession,
  path: string,
  description?: string,
): Promise<void> {
  const told = description === undefined ? [] : [xml('description', description)];
  try {
    await session.call('asset.namespace.create', [xml('namespace', path), ...told], { repeatable: true });
  } catch (error) {
    if (!isMediafluxError(error, 'already-exists')) throw error;
  }
}

/**
 * `asset.namespace.exists`: `<namespace>/a</namespace>`. One that the caller may not see does not exist.
 *
 * Reply  `<exists>true</exists>`
 */
export async function namespaceExists(session: MediafluxSession, path: string): Promise<boolean> {
  const result = await session.call('asset.namespace.exists', [xml('namespace', path)], { repeatable: true });
  return textAt(result, 'exists')?.trim().toLowerCase() === 'true';
}

/**
 * `asset.namespace.describe`: `<namespace>/a</namespace>`. Undefined: missing or not accessible, which a server does not
 * tell apart.
 *
 * Reply  `<namespace id="4"><path>/a</path><ctime tz="Australia/Melbourne" gmt-offset="11.0">…</ctime>
 *        <access><create>true</create>…</access><acl>…</acl>…</namespace>`; the `acl` in the form of a grant is assumed
 */
export async function describeNamespace(
  session: MediafluxSession,
  path: string,
): Promise<NamespaceDescription | undefined> {
  try {
    const result = await session.call('asset.namespace.describe', [xml('namespace', path)], { repeatable: true });
    const namespace = childNamed(result, 'namespace');
    if (!namespace) return undefined;
    return {
      path: textAt(namespace, 'path') ?? path,
      access: new Set(
        childNamed(namespace, 'access')
          ?.children.filter((right) => right.text.trim() === 'true')
          .map((right) => right.name),
      ),
      acl: childrenNamed(namespace, 'acl').flatMap(aclEntry),
      zone: zoneOf(childNamed(namespace, 'ctime')),
    };
  } catch (error) {
    if (isMediafluxError(error, 'not-found')) return undefined;
    throw error;
  }
}

/**
 * Names of the namespaces directly in `path`, of which there may be a million: the answer is read as it comes, and only the
 * names are kept.
 *
 * Arguments  `asset.namespace.list` `<namespace>/a</namespace>`
 * Reply      `<namespace path="/a"><namespace id="1116" leaf="true" acl="false">name</namespace>…</namespace>`
 */
export const listNamespaces = (session: MediafluxSession, path: string, signal?: AbortSignal): Promise<string[]> =>
  session.gather(
    'asset.namespace.list',
    [xml('namespace', path)],
    'response/reply/result/namespace',
    (below) => (below.name === 'namespace' ? [ownCopy(below.text)] : []),
    { repeatable: true, signal },
  );

/** A text that was read may be a part of the whole chunk that it came in, and would keep it all in memory. */
const ownCopy = (text: string): string => Buffer.from(text).toString();

/**
 * `asset.namespace.acl.grant`: adds to the list, or to the actor's entry in it. The reply is empty.
 *
 * Arguments  `<namespace>/a</namespace><acl><actor type="role">ns:r</actor><access><namespace>access</namespace>
 *            <asset>create</asset>…</access></acl>…`
 */
export async function grantAccess(
  session: MediafluxSession,
  path: string,
  entries: readonly AclEntry[],
): Promise<void> {
  await session.call('asset.namespace.acl.grant', [xml('namespace', path), ...entries.map(aclElement)], {
    repeatable: true,
  });
}

/**
 * `asset.namespace.acl.revoke`: takes the actors' entries out. The reply is empty.
 *
 * Arguments  `<namespace>/a</namespace><acl><actor type="role">ns:r</actor></acl>…`; by analogy with a grant
 */
export async function revokeAccess(
  session: MediafluxSession,
  path: string,
  entries: readonly AclEntry[],
): Promise<void> {
  const actors = entries.map((entry) => xml('acl', [xml('actor', entry.actorName, { type: entry.actorType })]));
  await session.call('asset.namespace.acl.revoke', [xml('namespace', path), ...actors], { repeatable: true });
}

const aclElement = (entry: AclEntry): XmlElement =>
  xml('acl', [
    xml('actor', entry.actorName, { type: entry.actorType }),
    xml(
      'access',
      entry.access.map((access) => {
        const [kind = '', word = ''] = access.split(':');
        return xml(kind, word);
      }),
    ),
  ]);

function aclEntry(acl: XmlElement): AclEntry[] {
  const actor = childNamed(acl, 'actor');
  if (!actor) return [];
  const access = descendant(acl, 'access')?.children.map((word) => `${word.name}:${word.text.trim()}`) ?? [];
  return [{ actorType: actor.attributes['type'] ?? 'user', actorName: actor.text.trim(), access }];
}
