// An asset as `asset.get` shows it (reference 3.1).
import { el } from '../xml/element.js';
import { PARTS, rootAttributes } from './asset-parts.js';
export { valuesAt } from './values.js';
/** @param access the caller's rights, by the names of reference 3.1 */ export const assetDocument = (state, asset, access)=>el('asset', Object.values(PARTS).flatMap((part)=>part(state, asset, access)), rootAttributes(asset));

//# sourceMappingURL=asset-document.js.map
