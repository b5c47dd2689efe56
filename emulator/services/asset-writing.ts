// Making, changing and removing assets: names, contents, versions, quotas.

import {
  invalidArgument,
  nameExists,
  noAsset,
  noNamespace,
  notAuthorized,
  ServiceFault,
  storeFull,
} from '../faults.js';
import type { StoredContent } from '../store/byte-sink.js';
import type { Change } from '../store/journal.js';
import type { AssetRecord, ContentRecord } from '../store/records.js';
import { lastPartOf, normalPath, parentOf, pathOfReference } from '../store/paths.js';
import { child, childrenOf, el, type Element, exactTextOf, isTrue, textOf } from '../xml/element.js';
import { assetOf, mustHave } from './asset-access.js';
import { statisticsOf } from '../query/asset-parts.js';
import { quotaOf } from './collection-services.js';
import { checkDocuments } from './document-checks.js';
import { changedDocuments } from './documents.js';
import { makeNamespace } from './namespace-making.js';
import { accessIn, type Call } from './service.js';

/** Where a new asset is to lie. */
export interface Home {
  namespace: string;
  /** The collection that it becomes a member of. */
  collection?: AssetRecord;
}

/** @throws ServiceFault there is no such place, the name is taken or cannot be one, the caller may not, the store is full */
export function makeAsset(call: Call, home: Home, name: string | null): AssetRecord {
  const { state } = call.world;
  const namespace = state.get('namespace', home.namespace);
  const may = accessIn(call, home.namespace);
  if (!namespace || !may('namespace:access')) throw noNamespace(home.namespace);
  if (!may('asset:create'))
    throw notAuthorized(`user '${call.actor.owner}' not granted CREATE-ASSETS to namespace '${home.namespace}'`);
  const place = home.collection?.id ?? home.namespace;
  if (name !== null) checkName(name);
  if (name !== null && state.assetNamed(place, name)) throw nameExists(home.collection?.id ?? namespace.id, name);
  if (child(call.args, 'url'))
    throw new ServiceFault('This emulator fetches no content from an address; send it with the request');
  const documents = childrenOf(call.args, 'meta').flatMap((meta) => meta.children);
  if (!isTrue(textOf(call.args, 'allow-invalid-meta'))) checkDocuments(state, documents);
  const now = call.world.now();
  const isCollection = isTrue(textOf(call.args, 'collection'));
  const content = takeContent(call, home.namespace, home.collection);
  const quota = isCollection ? quotaOf(call) : undefined;
  const id = state.nextNumber();
  const label = textOf(call.args, 'label');
  const asset: AssetRecord = {
    id,
    version: 1,
    vid: state.nextNumber(),
    namespace: home.namespace,
    name,
    ...(home.collection ? { parent: home.collection.id } : {}),
    ...(isCollection ? { isCollection } : {}),
    ...(quota ? { quota } : {}),
    ...(label === undefined ? {} : { labels: [label] }),
    type: textOf(call.args, 'type') ?? (isCollection ? 'application/arc-asset-collection' : 'content/unknown'),
    description: textOf(call.args, 'description'),
    ctime: now,
    mtime: now,
    stime: state.nextNumber(),
    creator: call.actor.owner,
    ...(content ? { content } : {}),
    documents: documents.map((element) => ({ id: state.nextNumber(), element })),
  };
  state.commit(['asset', String(id), asset], ...finishedJob(call, content));
  return asset;
}

/** @throws ServiceFault it cannot be a name */
export function checkName(name: string): void {
  // eslint-disable-next-line no-control-regex -- these cannot stand in a name
  if (/^\.{0,2}$|[\x00-\x1f\x7f/]/.test(name)) throw invalidArgument('args/name', `'${name}' cannot be a name`);
}

/**
 * The next content that came with the request; a piece of an IO job is none.
 * @throws ServiceFault the caller may not write contents there, the store or a quota is full
 */
function takeContent(
  call: Call,
  namespace: string,
  collection: AssetRecord | undefined,
  replaced = 0,
): ContentRecord | undefined {
  const index = call.inputs.findIndex((one) => one.isPiece !== true);
  const input = call.inputs[index];
  if (!input) return undefined;
  if (!accessIn(call, namespace)('asset-content:modify'))
    throw notAuthorized(`user '${call.actor.owner}' not granted MODIFY-ASSET-CONTENT to namespace '${namespace}'`);
  if (call.world.contents.isFull) throw storeFull('There is not enough space left in the store');
  checkQuota(call, namespace, input.size - replaced);
  checkCollectionQuotas(call, collection, input.size - replaced);
  call.inputs.splice(index, 1);
  const { state } = call.world;
  const type = textOf(call.args, 'type') ?? input.type ?? 'content/unknown';
  return {
    id: state.nextNumber(),
    ...storedFields(input),
    ctime: call.world.now(),
    stime: state.nextNumber(),
    type,
  };
}

const storedFields = ({ file, size, crc }: StoredContent) => ({ file, size, crc });

/** A content that came through an IO job: the job ends when an asset takes it. */
function finishedJob(call: Call, content: ContentRecord | undefined): Change[] {
  const job = content && call.world.state.ioJobOfFile(content.file);
  return job ? [['ioJob', String(job.ticket), null]] : [];
}

/** @throws ServiceFault a quota of the namespace, or of one above it, would be exceeded */
export function checkQuota(call: Call, namespace: string, added: number): void {
  const { state } = call.world;
  for (let at = namespace; ; at = parentOf(at)) {
    const quota = state.get('namespace', at)?.quotaBytes;
    if (quota !== undefined && state.bytesFrom(at) + added > quota)
      throw storeFull(`The quota of the namespace '${at}' is used up`);
    if (at === '/') return;
  }
}

/** @throws ServiceFault a quota of the collection, or of one that it is in, would be exceeded */
function checkCollectionQuotas(call: Call, collection: AssetRecord | undefined, added: number): void {
  const { state } = call.world;
  for (let at = collection; at; at = at.parent === undefined ? undefined : state.get('asset', at.parent)) {
    if (at.quota && statisticsOf(state, at).bytes + added > at.quota.bytes)
      throw storeFull(`The quota of the collection ${at.id} is used up`);
  }
}

/** `asset.set` (reference 3.2). */
export function setAsset(call: Call): Element[] {
  const { state } = call.world;
  const reference = exactTextOf(call.args, 'id') ?? '';
  const asset = assetOf(call, reference);
  if (!asset || !accessIn(call, asset.namespace)('asset:access')) {
    const path = pathOfReference(reference);
    if (!isTrue(textOf(call.args, 'create')) || path === undefined || asset) throw noAsset(reference);
    const place = normalPath(path);
    return [el('id', makeAsset(call, homeOfPath(call, place), lastPartOf(place)).id)];
  }
  mustHave(call, asset, 'asset:modify');
  const isChecked = !isTrue(textOf(call.args, 'allow-invalid-meta'));
  const documents = changedDocuments(state, asset.documents, childrenOf(call.args, 'meta'), isChecked);
  const name = exactTextOf(call.args, 'name');
  if (name !== undefined) checkName(name);
  if (name !== undefined && name !== asset.name && state.assetNamed(asset.parent ?? asset.namespace, name)) {
    throw nameExists(asset.parent ?? state.get('namespace', asset.namespace)?.id ?? 0, name);
  }
  const collection = asset.parent === undefined ? undefined : state.get('asset', asset.parent);
  const content = takeContent(call, asset.namespace, collection, asset.content?.size);
  const stime = state.nextNumber();
  const changed: AssetRecord = {
    ...asset,
    version: asset.version + 1,
    vid: state.nextNumber(),
    mtime: call.world.now(),
    stime,
    modifier: call.actor.owner,
    ...(name === undefined ? {} : { name }),
    type: textOf(call.args, 'type') ?? asset.type,
    description: textOf(call.args, 'description') ?? asset.description,
    ...(content ? { content } : {}),
    documents,
  };
  state.commit(
    ['version', `${asset.id}:${asset.version}`, asset],
    ['asset', String(asset.id), changed],
    ...finishedJob(call, content),
  );
  const version = el('version', changed.version, { id: asset.id, stime, 'changed-or-created': true });
  // One client takes an upload for failed that brings no `id` (reference 4); all others prefer it or pass it over.
  return content ? [version, el('id', asset.id)] : [version];
}

/** The namespace or the collection that a path leads into; namespaces that are missing are made. */
function homeOfPath(call: Call, path: string): Home {
  const { state } = call.world;
  const home = parentOf(path);
  if (state.get('namespace', home)) return { namespace: home };
  const collection = state.assetAt(home);
  if (collection?.isCollection) return { namespace: collection.namespace, collection };
  makeNamespace(call, home, true);
  return { namespace: home };
}

/**
 * Assets with all their versions and, of a collection, its members. Answers the files that belong to nothing any more.
 * @throws ServiceFault the caller may not destroy one of them
 */
export function removalOf(call: Call, assets: Iterable<AssetRecord>): { changes: Change[]; files: string[] } {
  const { state } = call.world;
  const changes: Change[] = [];
  const files = new Set<string>();
  const remove = (asset: AssetRecord): void => {
    mustHave(call, asset, 'asset:destroy');
    changes.push(['asset', String(asset.id), null]);
    if (asset.content) files.add(asset.content.file);
    for (const former of state.formerVersions(asset.id)) {
      changes.push(['version', `${former.id}:${former.version}`, null]);
      if (former.content) files.add(former.content.file);
    }
    if (asset.isCollection) for (const member of state.members(asset.id)) remove(member);
  };
  for (const asset of assets) remove(asset);
  return { changes, files: [...files] };
}
