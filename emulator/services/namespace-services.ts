// Namespaces and their access lists (reference 2.5 and 3.4).

import { governing, sameActor } from '../access/access-lists.js';
import { dateElement } from '../dates.js';
import { invalidArgument, noNamespace, notAuthorized, ServiceFault } from '../faults.js';
import type { AclEntry, NamespaceRecord } from '../store/records.js';
import type { Change } from '../store/journal.js';
import { lastPartOf, normalPath, parentOf } from '../store/state.js';
import { child, childrenOf, el, type Element, exactTextOf, isTrue, textOf } from '../xml/element.js';
import { accessIn, type Call, neededPath, type ServiceTable, visibleNamespace } from './service.js';

/** Makes the namespace and, if asked, its parents. @throws ServiceFault it exists, or the caller may not */
export function createNamespace(call: Call, path: string, withParents: boolean): void {
  const { state } = call.world;
  const missing: string[] = [];
  let at = path;
  for (; !state.get('namespace', at); at = parentOf(at)) missing.unshift(at);
  if (missing.length === 0) throw new ServiceFault(`The namespace '${path}' already exists`);
  if (missing.length > 1 && !withParents) throw noNamespace(parentOf(path));
  if (!accessIn(call, at)('namespace:create')) throw noNamespace(at);
  state.commit(
    ...missing.map((made): Change => {
      // eslint-disable-next-line no-control-regex -- these cannot stand in a path
      if (/[\u0000-\u001f\u007f]/.test(made))
        throw invalidArgument('args/namespace', 'control characters cannot stand in a path');
      const record: NamespaceRecord = {
        id: state.nextNumber(),
        path: made,
        ctime: call.world.now(),
        creator: call.actor.owner,
        acl: [],
      };
      return ['namespace', made, record];
    }),
  );
}

export const namespaceServices: ServiceTable = {
  'asset.namespace.create': {
    access: 'MODIFY',
    run(call) {
      const path = neededPath(call);
      const withParents = isTrue(child(call.args, 'namespace')?.attributes['all']);
      const existing = call.world.state.get('namespace', path);
      if (existing && withParents && accessIn(call, path)('namespace:access')) return [];
      createNamespace(call, path, withParents);
      return [];
    },
  },
  'asset.namespace.exists': {
    access: 'ACCESS',
    run: (call) => {
      const path = neededPath(call);
      const exists = call.world.state.get('namespace', path) !== undefined && accessIn(call, path)('namespace:access');
      return [el('exists', exists, { namespace: path })];
    },
  },
  'asset.namespace.describe': {
    access: 'ACCESS',
    run(call) {
      const id = textOf(call.args, 'id');
      const byId =
        id === undefined ? undefined : [...call.world.state.all('namespace')].find((one) => String(one.id) === id);
      return [describe(call, visibleNamespace(call, byId?.path ?? neededPath(call)))];
    },
  },
  'asset.namespace.list': { access: 'ACCESS', run: list },
  'asset.namespace.destroy': { access: 'MODIFY', run: destroy },
  'asset.namespace.hard.destroy': { access: 'MODIFY', run: destroy },
  'asset.namespace.rename': { access: 'MODIFY', run: rename },
  'asset.namespace.acl.grant': { access: 'MODIFY', run: (call) => changeAcl(call, grantEntries) },
  'asset.namespace.acl.set': {
    access: 'MODIFY',
    run: (call) => changeAcl(call, (_, given) => given.filter((entry) => entry.access.length > 0)),
  },
  'asset.namespace.acl.revoke': {
    access: 'MODIFY',
    run: (call) =>
      changeAcl(call, (former, given) => former.filter((entry) => !given.some((gone) => sameActor(entry, gone)))),
  },
};

/** What the caller may do, by the names of reference 3.4. */
const DESCRIBED: Record<string, string> = {
  administer: 'namespace:administer',
  'administer-children': 'namespace:administer',
  rename: 'namespace:administer',
  create: 'namespace:create',
  modify: 'namespace:create',
  access: 'namespace:access',
  destroy: 'namespace:destroy',
  'create-assets': 'asset:create',
  'access-assets': 'asset:access',
  'modify-assets': 'asset:modify',
  'destroy-assets': 'asset:destroy',
  'publish-assets': 'asset:modify',
  'access-asset-content': 'asset-content:access',
  'modify-asset-content': 'asset-content:modify',
};

/**
 * The access list itself is shown as `acl` elements in the form that a grant takes; `inherit-acls` names the rule. The
 * reference records the rule and not the list: the list's form is this emulator's choice.
 */
function describe(call: Call, namespace: NamespaceRecord): Element {
  const { state } = call.world;
  const may = accessIn(call, namespace.path);
  const assets = [...state.assetsDirectlyIn(namespace.path)].length;
  const [domain = '', user = ''] = namespace.creator.split(':');
  const showsList = may('namespace:administer') || may('namespace:access');
  return el(
    'namespace',
    [
      el('path', namespace.path),
      el('name', lastPartOf(namespace.path)),
      dateElement('ctime', namespace.ctime),
      el('creator', [el('domain', domain), el('user', user)]),
      ...(namespace.description === undefined ? [] : [el('description', namespace.description)]),
      el('store', 'db', { inherited: true }),
      el('acount', assets),
      el('inherit-acls', 'only-if-no-acls'),
      ...(showsList ? namespace.acl.map(aclElement) : []),
      el(
        'access',
        Object.entries(DESCRIBED).map(([name, access]) => el(name, may(access))),
      ),
    ],
    {
      id: namespace.id,
      leaf: state.childNamespaces(namespace.path).length === 0,
      'acl-from': governing(state, namespace.path)?.path,
    },
  );
}

const aclElement = (entry: AclEntry): Element =>
  el('acl', [
    el('actor', entry.actorName, { type: entry.actorType }),
    el(
      'access',
      entry.access.map((access) => {
        const [kind = '', word = ''] = access.split(':');
        return el(kind, word);
      }),
    ),
  ]);

function list(call: Call): Element[] {
  const path = normalPath(exactTextOf(call.args, 'namespace') ?? '/');
  visibleNamespace(call, path);
  const { state } = call.world;
  const children = state
    .childNamespaces(path)
    .filter((below) => accessIn(call, below.path)('namespace:access'))
    .map((below) =>
      el('namespace', lastPartOf(below.path), {
        id: below.id,
        leaf: state.childNamespaces(below.path).length === 0,
        acl: below.acl.length > 0,
      }),
    );
  const assets =
    isTrue(textOf(call.args, 'assets')) && accessIn(call, path)('asset:access')
      ? [...state.assetsDirectlyIn(path)].map((asset) =>
          el('asset', asset.name ?? '', { id: asset.id, version: asset.version }),
        )
      : [];
  return [el('namespace', [...children, ...assets], { path })];
}

async function destroy(call: Call): Promise<Element[]> {
  const path = neededPath(call);
  visibleNamespace(call, path);
  const { state, contents } = call.world;
  const doomed = [...state.namespacesFrom(path)];
  for (const namespace of doomed) {
    const may = accessIn(call, namespace.path);
    if (!may('namespace:destroy'))
      throw notAuthorized(`user '${call.actor.owner}' not granted DESTROY to namespace '${namespace.path}'`);
  }
  const assets = [...state.assetsFrom(path)];
  state.commit(
    ...assets.map((asset): Change => ['asset', String(asset.id), null]),
    ...doomed.reverse().map((namespace): Change => ['namespace', namespace.path, null]),
  );
  for (const asset of assets) if (asset.content) await contents.remove(asset.content.file);
  return [];
}

function rename(call: Call): Element[] {
  const path = neededPath(call);
  const namespace = visibleNamespace(call, path);
  const name = exactTextOf(call.args, 'name') ?? '';
  if (name === '' || name.includes('/')) throw invalidArgument('args/name');
  if (!accessIn(call, path)('namespace:administer'))
    throw notAuthorized(`user '${call.actor.owner}' not granted RENAME to namespace '${path}'`);
  const target = normalPath(`${parentOf(path)}/${name}`);
  const { state } = call.world;
  if (state.get('namespace', target)) throw new ServiceFault(`The namespace '${target}' already exists`);
  const moved = (old: string): string => target + old.slice(namespace.path.length);
  const assets = [...state.assetsFrom(path)];
  const namespaces = [...state.namespacesFrom(path)];
  state.commit(
    ...namespaces.map((below): Change => ['namespace', below.path, null]),
    ...namespaces.map((below): Change => ['namespace', moved(below.path), { ...below, path: moved(below.path) }]),
    ...assets.map((asset): Change => ['asset', String(asset.id), { ...asset, namespace: moved(asset.namespace) }]),
  );
  return [];
}

function changeAcl(call: Call, change: (former: AclEntry[], given: AclEntry[]) => AclEntry[]): Element[] {
  const path = neededPath(call);
  const namespace = visibleNamespace(call, path);
  if (!accessIn(call, path)('namespace:administer')) {
    throw notAuthorized(`user '${call.actor.owner}' not granted ADMINISTER to namespace '${path}'`);
  }
  const given = childrenOf(call.args, 'acl').map((acl) => entryOf(call, acl));
  call.world.state.commit(['namespace', path, { ...namespace, acl: change(namespace.acl, given) }]);
  return [];
}

function entryOf(call: Call, acl: Element): AclEntry {
  const actor = child(acl, 'actor');
  if (!actor || actor.text.trim() === '') throw invalidArgument('args/acl/actor', 'missing value');
  const actorType = actor.attributes['type'] ?? 'user';
  const actorName = actor.text.trim();
  if (actorType === 'role' && !call.world.state.get('role', actorName))
    throw new ServiceFault(`The role '${actorName}' does not exist`);
  const words = child(acl, 'access')?.children ?? [];
  const access = words.map((word) => `${word.name}:${word.text.trim()}`);
  for (const one of access)
    if (!ACCESS_WORDS.has(one)) throw invalidArgument('args/acl/access', `'${one}' is not known`);
  return { actorType, actorName, access };
}

const ACCESS_WORDS = new Set([
  ...['access', 'create', 'administer', 'destroy'].map((word) => `namespace:${word}`),
  ...['access', 'create', 'modify', 'destroy'].map((word) => `asset:${word}`),
  ...['access', 'modify'].map((word) => `asset-content:${word}`),
]);

function grantEntries(former: AclEntry[], given: AclEntry[]): AclEntry[] {
  const entries = former.map((entry) => ({ ...entry }));
  for (const grant of given) {
    const standing = entries.find((entry) => sameActor(entry, grant));
    if (standing) standing.access = [...new Set([...standing.access, ...grant.access])];
    else entries.push(grant);
  }
  return entries;
}
