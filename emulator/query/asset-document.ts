// An asset as `asset.get` shows it (reference 3.1).

import type { AssetRecord } from '../store/records.js';
import type { State } from '../store/state.js';
import { el, type Element } from '../xml/element.js';
import { PARTS, rootAttributes } from './asset-parts.js';

export { valuesAt } from './values.js';

/** @param access the caller's rights, by the names of reference 3.1 */
export const assetDocument = (state: State, asset: AssetRecord, access: Record<string, boolean>): Element =>
  el(
    'asset',
    Object.values(PARTS).flatMap((part) => part(state, asset, access)),
    rootAttributes(asset),
  );
