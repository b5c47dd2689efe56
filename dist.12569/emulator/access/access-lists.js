// Access lists of namespaces, with `inherit-acls: only-if-no-acls` as recorded (reference 3.4): the nearest namespace
// upwards with entries of its own decides alone, so that a first entry on a child shuts inherited rights out. Assets
// are governed by the namespace they lie in.
import { parentOf } from '../store/paths.js';
import { ADMINISTRATOR_ROLE } from './actors.js';
/** The namespace whose list holds for `path`; undefined when there is none up to the root. */ export function governing(state, path) {
    for(let at = path;; at = parentOf(at)){
        const namespace = state.get('namespace', at);
        if (namespace && namespace.acl.length > 0) return namespace;
        if (at === '/') return undefined;
    }
}
/** Everything that `principals` may do in `path`, as in `namespace:create`. */ export function accessTo(state, principals, path) {
    if (principals.has(ADMINISTRATOR_ROLE)) return ()=>true;
    const allowed = new Set();
    for (const entry of governing(state, path)?.acl ?? []){
        if (principals.has(`${entry.actorType}:${entry.actorName}`)) for (const access of entry.access)allowed.add(access);
    }
    return (access)=>allowed.has(access);
}
export const sameActor = (left, right)=>left.actorType === right.actorType && left.actorName === right.actorName;

//# sourceMappingURL=access-lists.js.map
