// How an action of a query shows an asset (reference 6).
import { invalidArgument } from '../faults.js';
import { childrenOf, el } from '../xml/element.js';
import { fullAsset, reducedAsset } from './asset-access.js';
/** @throws ServiceFault an action that is not known */ export function renderingOf(call, action) {
    const xpaths = childrenOf(call.args, 'xpath');
    const mark = (asset)=>({
            id: asset.id,
            version: asset.version
        });
    switch(action){
        case 'get-id':
            return (_, asset)=>el('id', asset.id, {
                    version: asset.version
                });
        case 'get-name':
            return (_, asset)=>el('name', asset.name ?? '', {
                    ...mark(asset),
                    collection: asset.isCollection ? true : undefined
                });
        case 'get-path':
            return (current, asset)=>el('path', current.world.state.pathOf(asset), mark(asset));
        case 'get-value':
        case 'get-values':
            return (current, asset)=>reducedAsset(current, asset, xpaths);
        case 'get-meta':
            return fullAsset;
        case 'get-cid':
        case 'get-template-meta':
            // Clients send them; nobody has recorded what a server answers.
            throw invalidArgument('args/action', `'${action}' is not supported here`);
        default:
            throw invalidArgument('args/action', `'${action}' is not known`);
    }
}

//# sourceMappingURL=rendering.js.map
