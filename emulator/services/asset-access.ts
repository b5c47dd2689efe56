// Finding assets by what callers give for them, and what the caller may do with them.

import { noAsset, notAuthorized } from '../faults.js';
import type { AssetRecord, ContentRecord } from '../store/records.js';
import { normalPath, pathOfReference } from '../store/paths.js';
import { assetDocument, valuesAt } from '../query/asset-document.js';
import { attributeOf, el, type Element } from '../xml/element.js';
import type { Output } from './output.js';
import { accessIn, type Call } from './service.js';

/** The asset of an id or `path=…`, whoever asks. */
export function assetOf(call: Call, reference: string): AssetRecord | undefined {
  const { state } = call.world;
  const path = pathOfReference(reference);
  if (path === undefined) return state.get('asset', reference.trim());
  // A name may end in a space; a client may have put one there.
  const bare = path.trimEnd();
  return state.assetAt(normalPath(path)) ?? (bare === path ? undefined : state.assetAt(normalPath(bare)));
}

/** An asset that the caller may know of, or undefined. */
export function visibleAsset(call: Call, reference: string): AssetRecord | undefined {
  const asset = assetOf(call, reference);
  return asset && accessIn(call, asset.namespace)('asset:access') ? asset : undefined;
}

/** An asset that the caller may read. @throws ServiceFault missing, or shut */
export function readableAsset(call: Call, reference: string): AssetRecord {
  const asset = assetOf(call, reference);
  if (!asset) throw noAsset(reference);
  if (!accessIn(call, asset.namespace)('asset:access'))
    throw notAuthorized(`No permission to access metadata for asset (id) ${asset.id}`);
  return asset;
}

/** @throws ServiceFault the caller lacks the right in the asset's namespace */
export function mustHave(call: Call, asset: AssetRecord, access: string): void {
  if (!accessIn(call, asset.namespace)(access)) {
    throw notAuthorized(
      `user '${call.actor.owner}' not granted ${access.replace(':', ' ').toUpperCase()} to asset (id) ${asset.id}`,
    );
  }
}

/**
 * The asset as it was in an earlier version, at the place where it is now, whose rights hold; 0 or nothing is the present
 * one. @throws ServiceFault no such version
 */
export function versionOf(call: Call, asset: AssetRecord, version: string | undefined): AssetRecord {
  if (version === undefined || version === '' || version === '0' || version === String(asset.version)) return asset;
  const former = call.world.state.get('version', `${asset.id}:${version}`);
  if (!former) throw noAsset(`version ${version} of ${asset.id}`);
  const { namespace, name, parent } = asset;
  return { ...former, namespace, name, ...(parent === undefined ? {} : { parent }) };
}

/** The content of an asset, or `length` bytes of it from `offset` on. */
export function contentOutput(call: Call, asset: AssetRecord, content: ContentRecord, offset = 0, length = Infinity) {
  const { world } = call;
  const size = Math.max(0, Math.min(length, content.size - offset));
  const output: Output = {
    type: content.type,
    size,
    ...(asset.name === null ? {} : { name: asset.name }),
    mayBeRead() {
      const present = world.state.get('asset', asset.id);
      return present !== undefined && accessIn(call, present.namespace)('asset-content:access');
    },
    open: () => world.contents.read(content.file, offset, size === 0 ? offset : offset + size - 1),
  };
  return output;
}

/**
 * One element for each value at each path, named by `ename`, or `value` without (reference 3.1). A path without a value
 * has an empty element: one client of listings asks for the element and looks whether it has a text.
 */
export const reducedAsset = (call: Call, asset: AssetRecord, xpaths: readonly Element[]): Element =>
  el(
    'asset',
    xpaths.flatMap((xpath) => {
      const values = valuesAt(call.world.state, asset, xpath.text.trim());
      return (values.length === 0 ? [''] : values).map((value) => el(attributeOf(xpath, 'ename') ?? 'value', value));
    }),
    { id: asset.id, version: asset.version },
  );

export function fullAsset(call: Call, asset: AssetRecord): Element {
  const may = accessIn(call, asset.namespace);
  const [reads, changes] = [may('asset:access'), may('asset:modify')];
  const [readsContent, changesContent] = [may('asset-content:access'), may('asset-content:modify')];
  return assetDocument(call.world.state, asset, {
    administer: may('namespace:administer'),
    access: reads,
    rename: changes,
    modify: changes,
    destroy: may('asset:destroy'),
    'access-content': readsContent,
    'modify-content': changesContent,
    ...(asset.isCollection
      ? {
          add: may('asset:create'),
          'add-member': may('asset:create'),
          'remove-member': changes,
          'create-collections': may('asset:create'),
          'modify-collections': changes,
          'destroy-collections': may('asset:destroy'),
          'create-assets': may('asset:create'),
          'access-assets': reads,
          'modify-assets': changes,
          'destroy-assets': may('asset:destroy'),
          'access-asset-content': readsContent,
          'modify-asset-content': changesContent,
        }
      : {}),
  });
}
