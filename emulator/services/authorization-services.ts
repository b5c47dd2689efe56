// Roles, grants and secure identity tokens (reference 2.3 to 2.5). Who makes a role administers it: that is how an
// account that is no administrator can make roles for its shares. The reference does not know; it is this emulator's
// choice.

import { principalsOf, ADMINISTRATOR_ROLE } from '../access/actors.js';
import { lettersAndDigits } from '../access/sessions.js';
import { dateText, parseDate } from '../dates.js';
import { invalidArgument, notAuthorized, ServiceFault } from '../faults.js';
import type { GrantRecord, TokenRecord } from '../store/records.js';
import { child, childrenOf, el, type Element, textOf } from '../xml/element.js';
import { type Call, needed, principals, type ServiceTable } from './service.js';
import { sha256 } from './session-services.js';

const NO_GRANT: GrantRecord = { roles: [], permissions: {} };
const isIgnored = (call: Call): boolean => textOf(call.args, 'ifexists') === 'ignore';

function mayAdministerRole(call: Call, role: string): boolean {
  const held = principals(call);
  return held.has(ADMINISTRATOR_ROLE) || call.world.state.get('role', role)?.creator === call.actor.owner;
}

export const authorizationServices: ServiceTable = {
  'authorization.role.namespace.create': {
    access: 'ADMINISTER',
    run(call) {
      const name = needed(call, 'namespace');
      if (call.world.state.get('roleNamespace', name)) {
        if (!isIgnored(call)) throw new ServiceFault(`The role namespace '${name}' already exists`);
      } else call.world.state.commit(['roleNamespace', name, { name }]);
      return [];
    },
  },
  'authorization.role.create': {
    access: 'ADMINISTER',
    run(call) {
      const role = needed(call, 'role');
      const { state } = call.world;
      const namespace = /^([^:]+):/.exec(role)?.[1];
      if (namespace !== undefined && !state.get('roleNamespace', namespace)) {
        throw new ServiceFault(`The role namespace '${namespace}' does not exist`);
      }
      if (state.get('role', role)) {
        if (!isIgnored(call)) throw new ServiceFault(`The role '${role}' already exists`);
      } else state.commit(['role', role, { name: role, creator: call.actor.owner }]);
      return [];
    },
  },
  'authorization.role.exists': {
    access: 'ACCESS',
    run: (call) => [el('exists', call.world.state.get('role', needed(call, 'role')) !== undefined)],
  },
  'authorization.role.destroy': {
    access: 'ADMINISTER',
    run(call) {
      const role = needed(call, 'role');
      const { state } = call.world;
      if (!state.get('role', role)) throw new ServiceFault(`The role '${role}' does not exist`);
      if (!mayAdministerRole(call, role))
        throw notAuthorized(`user '${call.actor.owner}' not granted ADMINISTER to role '${role}'`);
      state.commit(['role', role, null], ['grant', `role:${role}`, null]);
      return [];
    },
  },
  'actor.grant': { access: 'ADMINISTER', run: (call) => changeGrant(call, true) },
  'actor.revoke': { access: 'ADMINISTER', run: (call) => changeGrant(call, false) },
  'secure.identity.token.create': { access: 'MODIFY', run: createToken },
  'secure.identity.token.destroy': {
    access: 'MODIFY',
    run(call) {
      const { state } = call.world;
      const text = textOf(call.args, 'token');
      const token = text === undefined ? state.get('token', needed(call, 'id')) : state.tokenOf(sha256(text));
      if (!token) throw new ServiceFault('The secure identity token does not exist');
      mustOwn(call, token);
      state.commit(['token', String(token.id), null]);
      return [];
    },
  },
  'secure.identity.token.all.destroy': {
    access: 'MODIFY',
    run(call) {
      const own = [...call.world.state.all('token')].filter((token) => token.owner === call.actor.owner);
      call.world.state.commit(...own.map((token) => ['token', String(token.id), null] as ['token', string, null]));
      return [];
    },
  },
  'secure.identity.token.describe': {
    access: 'ACCESS',
    run(call) {
      const id = textOf(call.args, 'id');
      const tokens = [...call.world.state.all('token')].filter(
        (token) => (id === undefined || String(token.id) === id) && isOwn(call, token),
      );
      return tokens.map(describeToken);
    },
  },
};

function changeGrant(call: Call, isGrant: boolean): Element[] {
  const { state } = call.world;
  const type = needed(call, 'type');
  const name = needed(call, 'name');
  if (type === 'role' && !state.get('role', name)) throw new ServiceFault(`The role '${name}' does not exist`);
  const isAdministrator = principals(call).has(ADMINISTRATOR_ROLE);
  if (!isAdministrator && !(type === 'role' && mayAdministerRole(call, name))) {
    throw notAuthorized(`user '${call.actor.owner}' not granted ADMINISTER to ${type} '${name}'`);
  }
  const key = `${type}:${name}`;
  const former = state.get('grant', key) ?? NO_GRANT;
  const roles = new Set(former.roles);
  const permissions = { ...former.permissions };
  for (const role of childrenOf(call.args, 'role')) {
    if (isGrant) roles.add(role.text.trim());
    else roles.delete(role.text.trim());
  }
  for (const permission of childrenOf(call.args, 'perm')) {
    const resource = textOf(permission, 'resource') ?? '';
    if (isGrant) permissions[resource] = textOf(permission, 'access') ?? 'ACCESS';
    else delete permissions[resource];
  }
  state.commit(['grant', key, { roles: [...roles], permissions }]);
  return [];
}

function createToken(call: Call): Element[] {
  const { state } = call.world;
  const now = call.world.now();
  const roles = childrenOf(call.args, 'role').map((role) => ({
    type: role.attributes['type'] ?? 'role',
    name: role.text.trim(),
  }));
  for (const role of roles) mustHold(call, role.type, role.name);
  const id = state.nextNumber();
  const identity = state.nextNumber();
  const text = lettersAndDigits(tokenLength(call));
  const uses = textOf(call.args, 'use-count');
  const service = child(call.args, 'service');
  const token: TokenRecord = {
    id,
    identity,
    tokenHash: sha256(text),
    owner: call.actor.owner,
    roles,
    permissions: permissionsOf(call),
    from: dateArgument(call, 'from', now),
    to: dateArgument(call, 'to', now),
    usesLeft: uses === undefined ? undefined : Number(uses),
    app: textOf(call.args, 'app'),
    tag: textOf(call.args, 'tag'),
    ...(service ? { service } : {}),
  };
  state.commit(['token', String(id), token]);
  return [el('token', text, { id, 'actor-type': 'identity', 'actor-name': identity })];
}

function permissionsOf(call: Call): Record<string, string> {
  const permissions: Record<string, string> = {};
  for (const permission of childrenOf(call.args, 'perm')) {
    permissions[textOf(permission, 'resource') ?? ''] = textOf(permission, 'access') ?? 'ACCESS';
  }
  return permissions;
}

/** Nobody gives a token more than they hold, or than a role that they made themselves. */
function mustHold(call: Call, type: string, name: string): void {
  const held = principalsOf(call.world.state, call.actor);
  const isAllowed =
    held.has(`${type}:${name}`) || held.has(ADMINISTRATOR_ROLE) || (type === 'role' && mayAdministerRole(call, name));
  if (!isAllowed) throw notAuthorized(`user '${call.actor.owner}' does not hold the ${type} '${name}'`);
}

function tokenLength(call: Call): number {
  const least = Number(textOf(call.args, 'min-token-length') ?? 20);
  const most = Number(textOf(call.args, 'max-token-length') ?? Math.max(least, 20));
  if (!Number.isInteger(least) || !Number.isInteger(most) || least < 1 || most < least || most > 1_000) {
    throw invalidArgument('args/min-token-length');
  }
  return most;
}

function dateArgument(call: Call, name: string, now: number): number | undefined {
  const text = textOf(call.args, name);
  if (text === undefined) return undefined;
  const time = parseDate(text, now);
  if (time === undefined) throw invalidArgument(`args/${name}`, `'${text}' is not a date`);
  return time;
}

const isOwn = (call: Call, token: TokenRecord): boolean =>
  token.owner === call.actor.owner || principals(call).has(ADMINISTRATOR_ROLE);

function mustOwn(call: Call, token: TokenRecord): void {
  if (!isOwn(call, token))
    throw notAuthorized(`user '${call.actor.owner}' does not own the secure identity token ${token.id}`);
}

const describeToken = (token: TokenRecord): Element =>
  el(
    'identity',
    [
      el('actor', String(token.identity), { type: 'identity' }),
      ...(token.tag === undefined ? [] : [el('tag', token.tag)]),
      el('validity', token.to === undefined ? [] : [el('to', dateText(token.to))]),
    ],
    { id: token.id },
  );
