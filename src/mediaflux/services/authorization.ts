// Roles, what they may call, and secure identity tokens. Reference 2.4 and 2.5.

import { childNamed, isMediafluxError, MediafluxError, xml, type XmlElement } from '../protocol/index.js';
import type { MediafluxSession } from '../session/index.js';

/** `authorization.role.namespace.create` with `ifexists=ignore`. */
export async function createRoleNamespace(session: MediafluxSession, namespace: string): Promise<void> {
  await session.call('authorization.role.namespace.create', [xml('namespace', namespace), xml('ifexists', 'ignore')], {
    repeatable: true,
  });
}

/** `authorization.role.create` with `ifexists=ignore`. */
export async function createRole(session: MediafluxSession, role: string, description: string): Promise<void> {
  const args = [xml('role', role), xml('ifexists', 'ignore'), xml('description', description)];
  await session.call('authorization.role.create', args, { repeatable: true });
}

/** `authorization.role.destroy`. One that is gone is no error. */
export async function destroyRole(session: MediafluxSession, role: string): Promise<void> {
  try {
    await session.call('authorization.role.destroy', [xml('role', role)], { repeatable: true });
  } catch (error) {
    if (!isMediafluxError(error, 'not-found')) throw error;
  }
}

/** `actor.grant` of service permissions to a role: service to `ACCESS` or `MODIFY`. */
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

const TOKEN_LENGTH = 32;

/** `secure.identity.token.create`. Reply `<token id="2" actor-type="identity" actor-name="24">TOKEN</token>`. Never repeated: each call makes one. */
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

/** `secure.identity.token.destroy` by id. One that is gone is no error. */
export async function destroyToken(session: MediafluxSession, id: string): Promise<void> {
  try {
    await session.call('secure.identity.token.destroy', [xml('id', id)], { repeatable: true });
  } catch (error) {
    if (!isMediafluxError(error, 'not-found')) throw error;
  }
}

/** `actor.self.describe`: who the session is. `name` is `domain:user` for a user. */
export async function describeSelf(session: MediafluxSession): Promise<{ type: string; name: string }> {
  const actor = childNamed(await session.call('actor.self.describe', [], { repeatable: true }), 'actor');
  return { type: actor?.attributes['type'] ?? '', name: actor?.attributes['name'] ?? '' };
}
