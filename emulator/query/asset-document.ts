// An asset as `asset.get` shows it (reference 3.1), and values of it by path.

import { dateElement, humanSize } from '../dates.js';
import type { AssetRecord } from '../store/records.js';
import { el, type Element } from '../xml/element.js';

export const pathOf = (asset: AssetRecord): string =>
  `${asset.namespace === '/' ? '' : asset.namespace}/${asset.name ?? `__asset_id__${asset.id}`}`;

const extensionOf = (name: string): string | undefined => /[^.]\.([^.]+)$/.exec(name)?.[1];

/** Upper-case hexadecimal without leading zeros, as recorded (reference 7). */
export const hexOf = (crc: number): string => crc.toString(16).toUpperCase();

export interface DocumentFacts {
  namespaceId: number;
  /** The caller's rights, by the names of reference 3.1. */
  access: Record<string, boolean>;
}

export function assetDocument(asset: AssetRecord, facts: DocumentFacts): Element {
  const [domain = '', user = ''] = asset.creator.split(':');
  const children: Element[] = [
    el('type', asset.type),
    el('namespace', asset.namespace, { id: facts.namespaceId }),
    el('path', pathOf(asset)),
  ];
  if (asset.name !== null) children.push(el('name', asset.name, { ext: extensionOf(asset.name) }));
  if (asset.description !== undefined) children.push(el('description', asset.description));
  children.push(
    el('creator', [el('domain', domain), el('user', user)]),
    dateElement('ctime', asset.ctime),
    dateElement('mtime', asset.mtime),
    el('stime', asset.stime),
    el(
      'access',
      Object.entries(facts.access).map(([name, allowed]) => el(name, allowed)),
    ),
  );
  if (asset.documents.length > 0) {
    children.push(
      el(
        'meta',
        asset.documents.map((document) => documentElement(document)),
        { stime: asset.stime },
      ),
    );
  }
  if (asset.content) children.push(contentElement(asset));
  return el('asset', children, { id: asset.id, version: asset.version, vid: asset.vid });
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

function contentElement(asset: AssetRecord): Element {
  const content = asset.content;
  if (!content) throw new Error('The asset has no content.');
  return el(
    'content',
    [
      dateElement('ctime', content.ctime),
      el('type', content.type, { ext: asset.name === null ? undefined : extensionOf(asset.name) }),
      el('size', content.size, { h: humanSize(content.size) }),
      el('csum', hexOf(content.crc), { base: 16 }),
      el('csum', content.crc, { base: 10 }),
    ],
    { id: content.id, stime: content.stime, versions: 1, 'total-size': content.size },
  );
}

const NO_FACTS: DocumentFacts = { namespaceId: 0, access: {} };
/** The expression by which one client builds a path (reference 6.1): answered with the path itself. */
const PATH_EXPRESSION = /^string\.format\('%s\/%s',\s*xvalue\('namespace'\)/;

/** Texts of every place that `path` names: `content/size`, `@id`, `content/csum[@base='16']`, `meta/ns:doc/el`, `ns:doc/el`. */
export function valuesAt(asset: AssetRecord, path: string): string[] {
  const quick = quickValue(asset, path);
  if (quick !== undefined) return quick === null ? [] : [quick];
  const steps = path
    .replace(/^asset\//, '')
    .split('/')
    .filter((step) => step !== '');
  const document = assetDocument(asset, NO_FACTS);
  const from = steps[0]?.includes(':')
    ? document.children.filter((candidate) => candidate.name === 'meta')
    : [document];
  return follow(from, steps);
}

function quickValue(asset: AssetRecord, path: string): string | null | undefined {
  switch (path) {
    case 'name':
      return asset.name;
    case 'namespace':
      return asset.namespace;
    case 'path':
      return pathOf(asset);
    case 'id':
    case '@id':
      return String(asset.id);
    case 'version':
    case '@version':
      return String(asset.version);
    case 'stime':
      return String(asset.stime);
    case 'content/size':
      return asset.content ? String(asset.content.size) : null;
    case 'content/@total-size':
      return String(asset.content?.size ?? 0);
    case 'content/csum':
    case "content/csum[@base='16']":
      return asset.content ? hexOf(asset.content.crc) : null;
    case '@collection':
      return 'false';
    default:
      return PATH_EXPRESSION.test(path) ? pathOf(asset) : undefined;
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
