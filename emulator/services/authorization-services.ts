// Roles and grants (reference 2.3 and 2.5). Who makes a role administers it: that is how an account that is no
// administrator can make roles for its shares. The reference does not know; it is this emulator's choice.

import { principalsOfNamed, ADMINISTRATOR_ROLE } from '../access/actors.js';
import { notAuthorized, ServiceFault } from '../faults.js';
import type { GrantRecord } from '../store/records.js';
import { attributeOf, childrenOf, el, type Element, textOf } from '../xml/element.js';
import { type Call, needed, principals, type ServiceTable } from './service.js';

const NO_GRANT: GrantRecord = { roles: [], permissions: {} };
const isIgnored = (call: Call): boolean => textOf(call.args, 'ifexists') === 'ignore';

export function mayAdministerRole(call: Call, role: string): boolean {
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
  'actor.describe': { access: 'ADMINISTER', run: (call) => [describeActor(call)] },
  'actor.have': {
    access: 'ADMINISTER',
    run: (call) => {
      const held = principalsOfNamed(call.world.state, needed(call, 'type'), needed(call, 'name'));
      return [el('actor', rolesHeld(call, held), { type: textOf(call.args, 'type'), name: textOf(call.args, 'name') })];
    },
  },
};

/** One `role` for each that is asked for, `true` or `false` (reference 2.3). */
export const rolesHeld = (call: Call, held: ReadonlySet<string>): Element[] =>
  childrenOf(call.args, 'role').map((role) =>
    el('role', held.has(`role:${role.text.trim()}`), {
      type: attributeOf(role, 'type') ?? 'role',
      name: role.text.trim(),
    }),
  );

function describeActor(call: Call): Element {
  const { state } = call.world;
  const type = needed(call, 'type');
  const name = needed(call, 'name');
  const isKnown = type === 'role' ? state.get('role', name) : type === 'user' ? state.get('user', name) : true;
  if (!isKnown) throw new ServiceFault(`The ${type} '${name}' does not exist`);
  const roles = [...principalsOfNamed(state, type, name)].filter((key) => key.startsWith('role:')).sort();
  const permissions = Object.entries(state.get('grant', `${type}:${name}`)?.permissions ?? {});
  return el(
    'actor',
    [
      ...roles.map((key) => el('role', key.slice(5), { type: 'role' })),
      ...permissions.map(([service, access]) =>
        el('perm', [el('access', access), el('resource', service, { type: 'service' })]),
      ),
    ],
    { type, name },
  );
}

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
    if (isGrant) permissions[resource] = textOf(permission, 'access')?.toUpperCase() ?? 'ACCESS';
    else delete permissions[resource];
  }
  state.commit(['grant', key, { roles: [...roles], permissions }]);
  return [];
}
