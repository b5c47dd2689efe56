// Roles, what they may call, and secure identity tokens. Reference 2.4 and 2.5.

import {
  childNamed,
  childrenNamed,
  isMediafluxError,
  MediafluxError,
  textAt,
  xml,
  type XmlElement,
} from '../protocol/index.js';
import type { MediafluxSession } from '../session/index.js';

/** `authorization.role.namespace.create`: `<namespace>ns</namespace><ifexists>ignore</ifexists>`; the reply is empty. */
export async function createRoleNamespace(session: MediafluxSession, namespace: string): Promise<void> {
  await session.call('authorization.role.namespace.create', [xml('namespace', namespace), xml('ifexists', 'ignore')], {
    repeatable: true,
  });
}

/** `authorization.role.create`: `<role>ns:r</role><ifexists>ignore</ifexists><description/>`; the reply is empty. */
export async function createRole(session: MediafluxSession, role: string, description: string): Promise<void> {
  const args = [xml('role', role), xml('ifexists', 'ignore'), xml('description', description)];
  await session.call('authorization.role.create', args, { repeatable: true });
}

/** `authorization.role.destroy`: `<role>ns:r</role>`; the reply is empty. One that is gone is no error. */
export async function destroyRole(session: MediafluxSession, role: string): Promise<void> {
  try {
    await session.call('authorization.role.destroy', [xml('role', role)], { repeatable: true });
  } catch (error) {
    if (!isMediafluxError(error, 'not-found')) throw error;
  }
}

/**
 * `actor.grant` of service permissions to a role; the reply is empty.
 *
 * Arguments  `<type>role</type><name>ns:r</name>
 *            <perm><access>ACCESS</access><resource type="service">asset.get</resource></perm>…`
 * @param permissions service to access word
 */
export async function grantServices(
  session: MediafluxSession,
  role: string,
  permissions: Record<string, 'ACCESS' | 'MODIFY'>,
): Promise<void> {
  const granted = Object.entries(permissions).map(([service, access]) =>
    xml('perm', [xml('access', access), xml('resource', service, { type: 'service' })]),
  );
  await session.call('actor.grant', [xml('type', 'role'), xml('name', role), ...granted], { repeatable: true });
}

export interface NewToken {
  roles: readonly { type: 'role' | 'user'; name: string }[];
  /** A date argument in the server's zone. */
  to: string;
  useCount?: number;
  tag?: string;
  /** Bound to this one call. */
  service?: { name: string; args: readonly XmlElement[] };
}

export interface CreatedToken {
  id: string;
  token: string;
}

/** Lengths of 16 and 20 are attested; longer ones are harder to guess. */
const TOKEN_LENGTH = 32;

/**
 * `secure.identity.token.create`. Never repeated: each call makes one.
 *
 * Arguments  `<role type="role">ns:r</role>…<to>01-Feb-2026 00:00:00</to><use-count>5</use-count>
 *            <min-token-length>32</min-token-length><max-token-length>32</max-token-length><tag/>
 *            <service name="asset.archive.create">…its arguments…</service>`
 * Reply      `<token id="2" actor-type="identity" actor-name="24">TOKEN</token>`
 */
export async function createToken(session: MediafluxSession, wanted: NewToken): Promise<CreatedToken> {
  const args = [
    ...wanted.roles.map((role) => xml('role', role.name, { type: role.type })),
    xml('to', wanted.to),
    ...(wanted.useCount === undefined ? [] : [xml('use-count', wanted.useCount)]),
    xml('min-token-length', TOKEN_LENGTH),
    xml('max-token-length', TOKEN_LENGTH),
    ...(wanted.tag === undefined ? [] : [xml('tag', wanted.tag)]),
    ...(wanted.service ? [xml('service', wanted.service.args, { name: wanted.service.name })] : []),
  ];
  const token = childNamed(await session.call('secure.identity.token.create', args), 'token');
  const id = token?.attributes['id'];
  if (!token || id === undefined || token.text.trim() === '') {
    throw new MediafluxError('malformed-reply', 'Mediaflux made a token and did not tell which.', {
      service: 'secure.identity.token.create',
    });
  }
  return { id, token: token.text.trim() };
}

/** `secure.identity.token.destroy`: `<id>2</id>`; the reply is empty. One that is gone is no error. */
export async function destroyToken(session: MediafluxSession, id: string): Promise<void> {
  try {
    await session.call('secure.identity.token.destroy', [xml('id', id)], { repeatable: true });
  } catch (error) {
    if (!isMediafluxError(error, 'not-found')) throw error;
  }
}

/**
 * `secure.identity.token.describe` without arguments: the account's own tokens that have a tag. None where a server does
 * not tell them.
 *
 * Reply  `<identity id="12"><actor>24</actor><tag>a tag</tag><validity>…</validity></identity>…`
 * @see docs/reference/mediaflux-protocol.md 2.4
 */
export async function ownTokens(session: MediafluxSession): Promise<{ id: string; tag: string }[]> {
  try {
    const result = await session.call('secure.identity.token.describe', [], { repeatable: true });
    return childrenNamed(result, 'identity').flatMap((token) => {
      const [id, tag] = [token.attributes['id'], textAt(token, 'tag')];
      return id === undefined || tag === undefined ? [] : [{ id, tag }];
    });
  } catch (error) {
    if (isMediafluxError(error, 'not-permitted', 'not-found', 'invalid-arguments', 'service-error')) return [];
    throw error;
  }
}

/**
 * `actor.self.describe`: who the session is. `name` is `domain:user` for a user, a number for a token.
 *
 * Reply  `<actor type="user" name="d:u" id="4"><role type="role">user</role>…</actor>`
 */
export async function describeSelf(session: MediafluxSession): Promise<{ type: string; name: string }> {
  const actor = childNamed(await session.call('actor.self.describe', [], { repeatable: true }), 'actor');
  return { type: actor?.attributes['type'] ?? '', name: actor?.attributes['name'] ?? '' };
}
