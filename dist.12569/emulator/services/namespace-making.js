// Making namespaces: by a call of its own, or on the way to an asset.
import { invalidArgument, noNamespace, ServiceFault } from '../faults.js';
import { parentOf } from '../store/paths.js';
import { accessIn } from './service.js';
/** Makes the namespace and, if asked, its parents. @throws ServiceFault it exists, or the caller may not */ export function makeNamespace(call, path, withParents) {
    const { state } = call.world;
    const missing = [];
    let at = path;
    for(; !state.get('namespace', at); at = parentOf(at))missing.unshift(at);
    if (missing.length === 0) {
        // One that the caller may not see is told as one that is missing (reference 1.5).
        if (!accessIn(call, path)('namespace:access')) throw noNamespace(path);
        throw new ServiceFault(`The namespace '${path}' already exists`);
    }
    if (missing.length > 1 && !withParents) throw noNamespace(parentOf(path));
    if (!accessIn(call, at)('namespace:create')) throw noNamespace(at);
    state.commit(...missing.map((made)=>{
        // eslint-disable-next-line no-control-regex -- these cannot stand in a path
        if (/[\u0000-\u001f\u007f]|\/\.{1,2}$/.test(made)) throw invalidArgument('args/namespace', `'${made}' cannot be a path`);
        const record = {
            id: state.nextNumber(),
            path: made,
            ctime: call.world.now(),
            creator: call.actor.owner,
            acl: []
        };
        return [
            'namespace',
            made,
            record
        ];
    }));
}

//# sourceMappingURL=namespace-making.js.map
