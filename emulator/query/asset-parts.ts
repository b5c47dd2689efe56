// The elements of an asset as `asset.get` shows it (reference 3.1), each by itself, so that a value of one does not need
// the others.

import { dateElement, humanSize } from '../formats.js';
import { STORE } from '../store/contents.js';
import type { AssetRecord } from '../store/records.js';
import type { State } from '../store/state.js';
import { el, type Element } from '../xml/element.js';

/** @param access the caller's rights, by the names of reference 3.1 */
type Part = (state: State, asset: AssetRecord, access: Record<string, boolean>) => Element[];

/** In the order in which they stand. */
export const PARTS: Record<string, Part> = {
  type: (_, asset) => [el('type', asset.type)],
  namespace: (state, asset) => [
    el('namespace', asset.namespace, { id: state.get('namespace', asset.namespace)?.id ?? 0 }),
  ],
  parent: (_, asset) => (asset.parent === undefined ? [] : [el('parent', asset.parent)]),
  path: (state, asset) => [el('path', state.pathOf(asset))],
  name: (_, asset) => (asset.name === null ? [] : [el('name', asset.name, { ext: extensionOf(asset.name) })]),
  description: (_, asset) => (asset.description === undefined ? [] : [el('description', asset.description)]),
  creator: (state, asset) => [
    el('creator', accountElements(asset.creator, 'user'), { id: state.get('user', asset.creator)?.id }),
  ],
  ctime: (_, asset) => [dateElement('ctime', asset.ctime)],
  vmtime: (_, asset) => [dateElement('vmtime', asset.mtime)],
  mtime: (_, asset) => [dateElement('mtime', asset.mtime)],
  stime: (_, asset) => [el('stime', asset.stime)],
  'created-via': () => [el('created-via', 'http', { secure: false })],
  versioned: (state, asset) => {
    const former = state.formerVersions(asset.id).filter((one) => one.version < asset.version);
    return [el('versioned', true, { count: former.length + 1 })];
  },
  access: (_, _asset, access) => [
    el(
      'access',
      Object.entries(access).map(([name, allowed]) => el(name, allowed)),
    ),
  ],
  meta: (state, asset) => [
    el('meta', [revisionElement(state, asset), ...asset.documents.map(documentElement)], { stime: asset.stime }),
  ],
  content: contentElements,
  collection: (state, asset) => (asset.isCollection ? [collectionElement(state, asset)] : []),
  members: (state, asset) =>
    asset.isCollection ? [el('members', [el('static', state.countBy('collection', String(asset.id)))])] : [],
};

export const rootAttributes = (asset: AssetRecord) => ({
  id: asset.id,
  version: asset.version,
  vid: asset.vid,
  collection: asset.isCollection ? true : undefined,
});

const extensionOf = (name: string | null): string | undefined => /[^.]\.([^.]+)$/.exec(name ?? '')?.[1];

/** Upper-case hexadecimal without leading zeros, as recorded (reference 7). */
export const hexOf = (crc: number): string => crc.toString(16).toUpperCase();

function accountElements(account: string, userName: string): Element[] {
  const colon = account.indexOf(':');
  return [el('domain', account.slice(0, Math.max(0, colon))), el(userName, account.slice(colon + 1))];
}

export function revisionElement(state: State, asset: AssetRecord): Element {
  const account = asset.modifier ?? asset.creator;
  const user = el('user', accountElements(account, 'name'), { id: state.get('user', account)?.id });
  return el('mf-revision-history', [user, el('type', asset.version === 1 ? 'create' : 'modify')], { id: 1 });
}

/** Replies declare the prefix with a URI equal to it, and number the document (reference 1.2). */
export function documentElement(document: { id: number; element: Element }): Element {
  const prefix = /^([^:]+):/.exec(document.element.name)?.[1];
  return {
    ...document.element,
    attributes: {
      ...document.element.attributes,
      ...(prefix ? { [`xmlns:${prefix}`]: prefix } : {}),
      id: String(document.id),
    },
  };
}

function contentElements(state: State, asset: AssetRecord): Element[] {
  const content = asset.content;
  if (!content) return [];
  const versions = new Set([...state.formerVersions(asset.id), asset].flatMap((one) => one.content?.id ?? []));
  return [
    el(
      'content',
      [
        dateElement('ctime', content.ctime),
        el('type', content.type, { ext: extensionOf(asset.name) }),
        el('size', content.size, { h: humanSize(content.size) }),
        ...(state.tellsChecksums
          ? [el('csum', hexOf(content.crc), { base: 16 }), el('csum', content.crc, { base: 10 })]
          : []),
        el('copy-id', content.id, { stime: content.stime }),
        dateElement('copy-ctime', content.ctime),
        el('store', [el('type', 'file-system'), el('name', STORE)], { oid: 1 }),
        el('number-of-copies', 1),
      ],
      { id: content.id, stime: content.stime, versions: versions.size, 'total-size': content.size },
    ),
  ];
}

/** What a collection holds, at any depth. */
interface Statistics {
  collections: number;
  others: number;
  /** Contents, and how many of them are empty. */
  contents: number;
  emptyContents: number;
  bytes: number;
}

export function statisticsOf(state: State, collection: AssetRecord): Statistics {
  const found: Statistics = { collections: 0, others: 0, contents: 0, emptyContents: 0, bytes: 0 };
  const count = (id: number): void => {
    for (const member of state.members(id)) {
      if (member.content) {
        found.contents += 1;
        found.bytes += member.content.size;
        if (member.content.size === 0) found.emptyContents += 1;
      }
      if (member.isCollection) {
        found.collections += 1;
        count(member.id);
      } else found.others += 1;
    }
  };
  count(collection.id);
  return found;
}

function collectionElement(state: State, asset: AssetRecord): Element {
  const held = statisticsOf(state, asset);
  return el('collection', [
    el('leaf', held.collections === 0),
    el('unique-name-index', true),
    ...(asset.accumulators ?? []).map((accumulator) =>
      el('accumulator', [el('stime', accumulator.stime), accumulatorValue(accumulator.type, held)], {
        type: accumulator.type,
        name: accumulator.name,
      }),
    ),
    ...(asset.quota ? [quotaElement(asset.quota, held)] : []),
    el('statistics', [
      el('non-collections', held.others),
      el('collections', held.collections),
      el('total-size', held.bytes, { h: humanSize(held.bytes) }),
    ]),
  ]);
}

const accumulatorValue = (type: string, held: Statistics): Element =>
  type === 'collection.asset.count'
    ? el('value', [el('collections', held.collections), el('non-collections', held.others)])
    : el('value', [
        el('total', held.bytes, {
          count: held.contents,
          'count-zero': held.emptyContents,
          h: humanSize(held.bytes),
        }),
      ]);

const quotaElement = (quota: NonNullable<AssetRecord['quota']>, held: Statistics): Element =>
  el('quota', [
    el('description', quota.description),
    el('allocation', quota.bytes, { h: humanSize(quota.bytes) }),
    el('on-overflow', 'fail'),
    el('used', held.bytes, { h: humanSize(held.bytes) }),
    el('in-flux', 0, { h: humanSize(0) }),
    el('count', held.contents),
    dateElement('mtime', quota.mtime),
  ]);
