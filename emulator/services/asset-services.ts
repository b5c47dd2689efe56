// Assets: made, changed, read and destroyed (reference 3.1 and 3.2).

import { invalidArgument, nameExists, noAsset, noNamespace, notAuthorized } from '../faults.js';
import type { StoredContent } from '../store/contents.js';
import type { AssetRecord, ContentRecord } from '../store/records.js';
import { lastPartOf, normalPath, parentOf } from '../store/state.js';
import { assetDocument, valuesAt } from '../query/asset-document.js';
import { child, childrenOf, el, type Element, exactTextOf, isTrue, textOf } from '../xml/element.js';
import { checkDocuments, mergeDocuments } from './documents.js';
import { createNamespace } from './namespace-services.js';
import { accessIn, type Call, neededPath, type ServiceTable } from './service.js';

/** The asset of an id or `path=…`, whoever asks. */
export function assetOf(call: Call, reference: string): AssetRecord | undefined {
  const { state } = call.world;
  const path = /^\s*path=(.*)$/s.exec(reference)?.[1];
  if (path === undefined) return state.get('asset', reference.trim());
  const normal = normalPath(path);
  const byName = state.assetAt(parentOf(normal), lastPartOf(normal));
  const unnamed = /^__asset_id__(\d+)$/.exec(lastPartOf(normal))?.[1];
  return byName ?? (unnamed === undefined ? undefined : state.get('asset', unnamed));
}

/** An asset that the caller may read. @throws ServiceFault missing, or shut */
export function readableAsset(call: Call, reference: string): AssetRecord {
  const asset = assetOf(call, reference);
  if (!asset) throw noAsset(reference);
  if (!accessIn(call, asset.namespace)('asset:access'))
    throw notAuthorized(`No permission to access metadata for asset (id) ${asset.id}`);
  return asset;
}

function mustHave(call: Call, asset: AssetRecord, access: string): void {
  if (!accessIn(call, asset.namespace)(access)) {
    throw notAuthorized(
      `user '${call.actor.owner}' not granted ${access.replace(':', ' ').toUpperCase()} to asset (id) ${asset.id}`,
    );
  }
}

function contentFrom(call: Call, input: StoredContent): ContentRecord {
  const { state } = call.world;
  const type = textOf(call.args, 'type') ?? 'content/unknown';
  return {
    id: state.nextNumber(),
    file: input.file,
    size: input.size,
    crc: input.crc,
    ctime: call.world.now(),
    stime: state.nextNumber(),
    type,
  };
}

function makeAsset(call: Call, namespace: string, name: string | null): AssetRecord {
  const { state } = call.world;
  const home = state.get('namespace', namespace);
  const may = accessIn(call, namespace);
  if (!home || !may('namespace:access')) throw noNamespace(namespace);
  if (!may('asset:create'))
    throw notAuthorized(`user '${call.actor.owner}' not granted CREATE-ASSETS to namespace '${namespace}'`);
  if (name !== null && state.assetAt(namespace, name)) throw nameExists(home.id, name);
  // eslint-disable-next-line no-control-regex -- these cannot stand in a name
  if (name !== null && (name === '' || /[\x00-\x1f\x7f/]/.test(name))) throw invalidArgument('args/name');
  const now = call.world.now();
  const id = state.nextNumber();
  const input = call.inputs.shift();
  const documents = child(call.args, 'meta')?.children ?? [];
  checkDocuments(state, documents);
  const asset: AssetRecord = {
    id,
    version: 1,
    vid: state.nextNumber(),
    namespace,
    name,
    type: textOf(call.args, 'type') ?? 'content/unknown',
    description: textOf(call.args, 'description'),
    ctime: now,
    mtime: now,
    stime: state.nextNumber(),
    creator: call.actor.owner,
    ...(input ? { content: contentFrom(call, input) } : {}),
    documents: documents.map((element) => ({ id: state.nextNumber(), element })),
  };
  state.commit(['asset', String(id), asset]);
  return asset;
}

export const assetServices: ServiceTable = {
  'asset.create': {
    access: 'MODIFY',
    run(call) {
      const namespace = neededPath(call);
      if (
        isTrue(child(call.args, 'namespace')?.attributes['create']) &&
        !call.world.state.get('namespace', namespace)
      ) {
        createNamespace(call, namespace, true);
      }
      return [el('id', makeAsset(call, namespace, exactTextOf(call.args, 'name') ?? null).id)];
    },
  },
  'asset.set': { access: 'MODIFY', run: setAsset },
  'asset.get': { access: 'ACCESS', run: getAssets },
  'asset.exists': {
    access: 'ACCESS',
    run: (call) =>
      childrenOf(call.args, 'id').map((id) => {
        const asset = assetOf(call, id.text);
        return el('exists', asset !== undefined && accessIn(call, asset.namespace)('asset:access'));
      }),
  },
  'asset.destroy': { access: 'MODIFY', run: destroyAssets },
  'asset.hard.destroy': { access: 'MODIFY', run: destroyAssets },
  'asset.soft.destroy': { access: 'MODIFY', run: destroyAssets },
  'asset.content.get': {
    access: 'ACCESS',
    run(call) {
      const asset = readableAsset(call, textOf(call.args, 'id') ?? '');
      mustHave(call, asset, 'asset-content:access');
      if (!asset.content) throw noAsset(`content of ${asset.id}`);
      const offset = Number(textOf(call.args, 'offset') ?? 0);
      const length = Number(textOf(call.args, 'length') ?? asset.content.size - offset);
      const size = Math.max(0, Math.min(length, asset.content.size - offset));
      call.outputs.push({ file: asset.content.file, size, type: asset.content.type, offset });
      return [];
    },
  },
};

async function setAsset(call: Call): Promise<Element[]> {
  const { state, contents } = call.world;
  const reference = exactTextOf(call.args, 'id') ?? '';
  const asset = assetOf(call, reference);
  if (!asset || !accessIn(call, asset.namespace)('asset:access')) {
    const path = /^\s*path=(.*)$/s.exec(reference)?.[1];
    if (!isTrue(textOf(call.args, 'create')) || path === undefined || asset) throw noAsset(reference);
    const normal = normalPath(path);
    return [el('id', makeAsset(call, parentOf(normal), lastPartOf(normal)).id)];
  }
  mustHave(call, asset, 'asset:modify');
  if (call.inputs.length > 0) mustHave(call, asset, 'asset-content:modify');
  const input = call.inputs.shift();
  const meta = child(call.args, 'meta');
  if (meta) checkDocuments(state, meta.children);
  const name = exactTextOf(call.args, 'name');
  if (name !== undefined && name !== asset.name && state.assetAt(asset.namespace, name)) {
    throw nameExists(state.get('namespace', asset.namespace)?.id ?? 0, name);
  }
  const stime = state.nextNumber();
  const changed: AssetRecord = {
    ...asset,
    version: asset.version + 1,
    vid: state.nextNumber(),
    mtime: call.world.now(),
    stime,
    ...(name === undefined ? {} : { name }),
    type: textOf(call.args, 'type') ?? asset.type,
    description: textOf(call.args, 'description') ?? asset.description,
    ...(input ? { content: contentFrom(call, input) } : {}),
    ...(meta ? { documents: mergeDocuments(state, asset.documents, meta) } : {}),
  };
  state.commit(['asset', String(asset.id), changed]);
  if (input && asset.content) await contents.remove(asset.content.file);
  return [el('version', changed.version, { id: asset.id, stime, 'changed-or-created': true })];
}

function getAssets(call: Call): Element[] {
  const xpaths = childrenOf(call.args, 'xpath');
  return childrenOf(call.args, 'id').flatMap((id) => {
    if (isTrue(id.attributes['only-if-exists']) && !assetOf(call, id.text)) return [];
    const asset = readableAsset(call, id.text);
    if (asset.content && accessIn(call, asset.namespace)('asset-content:access')) {
      call.outputs.push({ file: asset.content.file, size: asset.content.size, type: asset.content.type });
    }
    return [xpaths.length > 0 ? reducedAsset(asset, xpaths) : fullAsset(call, asset)];
  });
}

/** One element for each path, named by `ename`, or `value` without (reference 3.1). */
export const reducedAsset = (asset: AssetRecord, xpaths: readonly Element[]): Element =>
  el(
    'asset',
    xpaths.flatMap((xpath) =>
      valuesAt(asset, xpath.text.trim()).map((value) => el(xpath.attributes['ename'] ?? 'value', value)),
    ),
    { id: asset.id, version: asset.version },
  );

export function fullAsset(call: Call, asset: AssetRecord): Element {
  const may = accessIn(call, asset.namespace);
  return assetDocument(asset, {
    namespaceId: call.world.state.get('namespace', asset.namespace)?.id ?? 0,
    access: {
      administer: may('namespace:administer'),
      access: may('asset:access'),
      rename: may('asset:modify'),
      modify: may('asset:modify'),
      destroy: may('asset:destroy'),
      'access-content': may('asset-content:access'),
      'modify-content': may('asset-content:modify'),
    },
  });
}

async function destroyAssets(call: Call): Promise<Element[]> {
  const doomed = childrenOf(call.args, 'id').map((id) => {
    const asset = readableAsset(call, id.text);
    mustHave(call, asset, 'asset:destroy');
    return asset;
  });
  call.world.state.commit(...doomed.map((asset) => ['asset', String(asset.id), null] as ['asset', string, null]));
  for (const asset of doomed) if (asset.content) await call.world.contents.remove(asset.content.file);
  return [];
}
