// Access lists of namespaces, with `inherit-acls: only-if-no-acls` as recorded (reference 3.4): the nearest namespace
// upwards with entries of its own decides alone, so that a first entry on a child shuts inherited rights out. Assets
// are governed by the namespace they lie in.

import type { AclEntry, NamespaceRecord } from '../store/records.js';
import { parentOf } from '../store/paths.js';
import type { State } from '../store/state.js';
import { ADMINISTRATOR_ROLE } from './actors.js';

/** The namespace whose list holds for `path`; undefined when there is none up to the root. */
export function governing(state: State, path: string): NamespaceRecord | undefined {
  for (let at = path; ; at = parentOf(at)) {
    const namespace = state.get('namespace', at);
    if (namespace && namespace.acl.length > 0) return namespace;
    if (at === '/') return undefined;
  }
}

/** Everything that `principals` may do in `path`, as in `namespace:create`. */
export function accessTo(state: State, principals: ReadonlySet<string>, path: string): (access: string) => boolean {
  if (principals.has(ADMINISTRATOR_ROLE)) return () => true;
  const allowed = new Set<string>();
  for (const entry of governing(state, path)?.acl ?? []) {
    if (principals.has(`${entry.actorType}:${entry.actorName}`)) for (const access of entry.access) allowed.add(access);
  }
  return (access) => allowed.has(access);
}

export const sameActor = (left: AclEntry, right: AclEntry): boolean =>
  left.actorType === right.actorType && left.actorName === right.actorName;
