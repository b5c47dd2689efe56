// An asset as `asset.get` shows it (reference 3.1), and values of it by path.

import { dateElement, dateText, humanSize } from '../formats.js';
import { STORE } from '../store/contents.js';
import type { AssetRecord } from '../store/records.js';
import type { State } from '../store/state.js';
import { el, type Element } from '../xml/element.js';

const extensionOf = (name: string | null): string | undefined => /[^.]\.([^.]+)$/.exec(name ?? '')?.[1];

/** Upper-case hexadecimal without leading zeros, as recorded (reference 7). */
export const hexOf = (crc: number): string => crc.toString(16).toUpperCase();

/** @param access the caller's rights, by the names of reference 3.1 */
export function assetDocument(state: State, asset: AssetRecord, access: Record<string, boolean>): Element {
  const former = state.formerVersions(asset.id);
  const children: Element[] = [
    el('type', asset.type),
    el('namespace', asset.namespace, { id: state.get('namespace', asset.namespace)?.id ?? 0 }),
  ];
  if (asset.parent !== undefined) children.push(el('parent', asset.parent));
  children.push(el('path', state.pathOf(asset)));
  if (asset.name !== null) children.push(el('name', asset.name, { ext: extensionOf(asset.name) }));
  if (asset.description !== undefined) children.push(el('description', asset.description));
  children.push(
    el('creator', accountElements(asset.creator), { id: state.get('user', asset.creator)?.id }),
    dateElement('ctime', asset.ctime),
    dateElement('vmtime', asset.mtime),
    dateElement('mtime', asset.mtime),
    el('stime', asset.stime),
    el('created-via', 'http', { secure: false }),
    el('versioned', true, { count: former.filter((one) => one.version < asset.version).length + 1 }),
    el(
      'access',
      Object.entries(access).map(([name, allowed]) => el(name, allowed)),
    ),
    el('meta', [revisionElement(state, asset), ...asset.documents.map(documentElement)], { stime: asset.stime }),
  );
  if (asset.content) children.push(contentElement(asset, contentVersions(asset, former)));
  if (asset.isCollection) children.push(...collectionElements(state, asset));
  return el('asset', children, {
    id: asset.id,
    version: asset.version,
    vid: asset.vid,
    collection: asset.isCollection ? true : undefined,
  });
}

function accountElements(account: string): Element[] {
  const colon = account.indexOf(':');
  return [el('domain', account.slice(0, Math.max(0, colon))), el('user', account.slice(colon + 1))];
}

function revisionElement(state: State, asset: AssetRecord): Element {
  const account = asset.modifier ?? asset.creator;
  const colon = account.indexOf(':');
  const user = el('user', [el('domain', account.slice(0, Math.max(0, colon))), el('name', account.slice(colon + 1))], {
    id: state.get('user', account)?.id,
  });
  return el('mf-revision-history', [user, el('type', asset.version === 1 ? 'create' : 'modify')], { id: 1 });
}

/** Replies declare the prefix with a URI equal to it, and number the document (reference 1.2). */
function documentElement(document: { id: number; element: Element }): Element {
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

const contentVersions = (asset: AssetRecord, former: readonly AssetRecord[]): number =>
  new Set([...former, asset].flatMap((one) => one.content?.id ?? [])).size;

function contentElement(asset: AssetRecord, versions: number): Element {
  const content = asset.content;
  if (!content) throw new Error('The asset has no content.');
  return el(
    'content',
    [
      dateElement('ctime', content.ctime),
      el('type', content.type, { ext: extensionOf(asset.name) }),
      el('size', content.size, { h: humanSize(content.size) }),
      el('csum', hexOf(content.crc), { base: 16 }),
      el('csum', content.crc, { base: 10 }),
      el('copy-id', content.id, { stime: content.stime }),
      dateElement('copy-ctime', content.ctime),
      el('store', [el('type', 'file-system'), el('name', STORE)], { oid: 1 }),
      el('number-of-copies', 1),
    ],
    { id: content.id, stime: content.stime, versions, 'total-size': content.size },
  );
}

function collectionElements(state: State, asset: AssetRecord): Element[] {
  let [collections, others, bytes, members] = [0, 0, 0, 0];
  const count = (id: number, isDirect: boolean): void => {
    for (const member of state.members(id)) {
      if (isDirect) members += 1;
      bytes += member.content?.size ?? 0;
      if (member.isCollection) {
        collections += 1;
        count(member.id, false);
      } else others += 1;
    }
  };
  count(asset.id, true);
  return [
    el('collection', [
      el('leaf', collections === 0),
      el('unique-name-index', true),
      el('statistics', [
        el('non-collections', others),
        el('collections', collections),
        el('total-size', bytes, { h: humanSize(bytes) }),
      ]),
    ]),
    el('members', [el('static', members)]),
  ];
}

/** The expression by which one client builds a path (reference 6.1): answered with the path itself. */
const PATH_EXPRESSION = /^string\.format\('%s\/%s',\s*xvalue\('namespace'\)/;

/** Texts of every place that `path` names: `content/size`, `@id`, `content/csum[@base='16']`, `meta/ns:doc/el`, `ns:doc/el`. */
export function valuesAt(state: State, asset: AssetRecord, path: string): string[] {
  const quick = quickValue(state, asset, path);
  if (quick !== undefined) return quick === null ? [] : [quick];
  const steps = path
    .replace(/^\/?asset\//, '')
    .split('/')
    .filter((step) => step !== '');
  const document = assetDocument(state, asset, {});
  const from = steps[0]?.includes(':')
    ? document.children.filter((candidate) => candidate.name === 'meta')
    : [document];
  return follow(from, steps);
}

function quickValue(state: State, asset: AssetRecord, path: string): string | null | undefined {
  switch (path) {
    case 'name':
      return asset.name;
    case 'namespace':
      return asset.namespace;
    case 'path':
      return state.pathOf(asset);
    case 'id':
    case '@id':
      return String(asset.id);
    case 'version':
    case '@version':
      return String(asset.version);
    case 'stime':
      return String(asset.stime);
    case 'mtime':
      return dateText(asset.mtime);
    case 'ctime':
      return dateText(asset.ctime);
    case 'content/size':
      return asset.content ? String(asset.content.size) : null;
    case 'content/@total-size':
      return String(asset.content?.size ?? 0);
    case 'content/csum':
    case "content/csum[@base='16']":
      return asset.content ? hexOf(asset.content.crc) : null;
    case '@collection':
      return String(asset.isCollection ?? false);
    default:
      return PATH_EXPRESSION.test(path) ? state.pathOf(asset) : undefined;
  }
}

function follow(elements: Element[], steps: string[]): string[] {
  const [step, ...rest] = steps;
  if (step === undefined) return elements.map((element) => element.text);
  if (step.startsWith('@')) return elements.flatMap((element) => element.attributes[step.slice(1)] ?? []);
  const match = /^([^[\]]+)(?:\[@([^=\]]+)=['"]([^'"]*)['"]\])?$/.exec(step);
  if (!match) return [];
  const [, name, attribute, value] = match;
  const found = elements.flatMap((element) =>
    element.children.filter(
      (candidate) => candidate.name === name && (attribute === undefined || candidate.attributes[attribute] === value),
    ),
  );
  return follow(found, rest);
}
