// Values of an asset by path: `content/size`, `@id`, `content/csum[@base='16']`, `meta/ns:doc/el`, `ns:doc/el`. A path is
// read once; what it then looks at is no more than the element it names.

import { dateText } from '../formats.js';
import type { AssetRecord } from '../store/records.js';
import type { State } from '../store/state.js';
import type { Element } from '../xml/element.js';
import { documentElement, hexOf, PARTS, revisionElement, rootAttributes } from './asset-parts.js';

/** Texts of every place that the path names. */
export type Reader = (state: State, asset: AssetRecord) => readonly string[];

interface Step {
  name: string;
  /** The step is an attribute of the one before it. */
  isAttribute: boolean;
  /** `[@name='value']` */
  test?: { name: string; value: string };
}

const NONE: readonly string[] = [];
const MOST_KEPT = 1_000;
/** Longer than any path; so reading one never takes long. */
const LONGEST_PATH = 2_000;
const kept = new Map<string, Reader>();

export function readerOf(path: string): Reader {
  if (path.length > LONGEST_PATH) return () => NONE;
  let reader = kept.get(path);
  if (!reader) {
    reader = makeReader(path);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(path, reader);
  }
  return reader;
}

export const valuesAt = (state: State, asset: AssetRecord, path: string): readonly string[] =>
  readerOf(path)(state, asset);

/** The type of document that an asset must have for the path to have a value, if it is one. */
export function documentTypeIn(path: string): string | undefined {
  const place = placeOf(path);
  return place?.kind === 'document' && place.type !== REVISION_HISTORY ? place.type : undefined;
}

/** Is the path that of a whole document? */
export function isWholeDocument(path: string): boolean {
  const place = placeOf(path);
  return place?.kind === 'document' && place.steps.length === 0;
}

/** The expression by which one client builds a path (reference 6.1): answered with the path itself. */
const PATH_EXPRESSION = /^string\.format\('%s\/%s',\s*xvalue\('namespace'\)/;

/** Undefined or null: no value. */
type Plain = (state: State, asset: AssetRecord) => string | number | null | undefined;

const hexadecimalSum: Plain = (state, asset) =>
  state.tellsChecksums ? asset.content && hexOf(asset.content.crc) : undefined;

/** What is asked for most, without any element. */
const PLAIN = new Map<string, Plain>([
  ['name', (_, asset) => asset.name],
  ['namespace', (_, asset) => asset.namespace],
  ['path', (state, asset) => state.pathOf(asset)],
  ['type', (_, asset) => asset.type],
  ['description', (_, asset) => asset.description],
  ['parent', (_, asset) => asset.parent],
  ['id', (_, asset) => asset.id],
  ['@id', (_, asset) => asset.id],
  ['version', (_, asset) => asset.version],
  ['@version', (_, asset) => asset.version],
  ['stime', (_, asset) => asset.stime],
  ['mtime', (_, asset) => dateText(asset.mtime)],
  ['ctime', (_, asset) => dateText(asset.ctime)],
  ['content/type', (_, asset) => asset.content?.type],
  ['content/size', (_, asset) => asset.content?.size],
  ['content/@total-size', (_, asset) => asset.content?.size ?? 0],
  ['content/csum', hexadecimalSum],
  ["content/csum[@base='16']", hexadecimalSum],
  ["content/csum[@base='10']", (state, asset) => (state.tellsChecksums ? asset.content?.crc : undefined)],
  ['@collection', (_, asset) => String(asset.isCollection ?? false)],
]);

function makeReader(path: string): Reader {
  if (PATH_EXPRESSION.test(path)) return (state, asset) => [state.pathOf(asset)];
  const plain = PLAIN.get(path.replace(/^\/?asset\//, '').replaceAll('"', "'"));
  if (plain)
    return (state, asset) => {
      const value = plain(state, asset);
      return value == null ? NONE : [String(value)];
    };
  const place = placeOf(path);
  if (!place) return () => NONE;
  if (place.kind === 'attribute')
    return (_, asset) => {
      const value = Object.entries(rootAttributes(asset)).find(([name]) => name === place.name)?.[1];
      return value === undefined ? NONE : [String(value)];
    };
  const { kind, steps } = place;
  if (kind === 'part') {
    const part = PARTS[place.name];
    return part ? (state, asset) => follow(part(state, asset, {}), steps) : () => NONE;
  }
  const { type, test } = place;
  if (type === REVISION_HISTORY) return (state, asset) => follow([revisionElement(state, asset)], steps);
  return (_, asset) => {
    if (asset.documents.length === 0) return NONE;
    const elements = asset.documents.filter(({ element }) => element.name === type).map(documentElement);
    return follow(elements.filter(passes(test)), steps);
  };
}

const REVISION_HISTORY = 'mf-revision-history';

type Place =
  | { kind: 'attribute'; name: string }
  | { kind: 'part'; name: string; steps: readonly Step[] }
  | { kind: 'document'; type: string; test: Step['test']; steps: readonly Step[] };

/** Undefined for what is no path. */
function placeOf(path: string): Place | undefined {
  if (path.length > LONGEST_PATH) return undefined;
  const steps = (path.replace(/^\/?asset\//, '').match(/(?:\[[^\]]*\]|[^/[])+/g) ?? []).map(stepOf);
  if (!steps.every((step) => step !== undefined)) return undefined;
  const [first, second] = steps;
  if (!first) return undefined;
  if (first.isAttribute) return { kind: 'attribute', name: first.name };
  const isInMeta = first.name === 'meta' && second !== undefined && !second.isAttribute;
  if (!isInMeta && Object.hasOwn(PARTS, first.name)) return { kind: 'part', name: first.name, steps: steps.slice(1) };
  const document = isInMeta ? second : first;
  return { kind: 'document', type: document.name, test: document.test, steps: steps.slice(isInMeta ? 2 : 1) };
}

function stepOf(text: string): Step | undefined {
  if (text.startsWith('@')) return { name: text.slice(1), isAttribute: true };
  const match = /^([^[\]]+)(?:\[@([^=\]]+)=['"]([^'"]*)['"]\])?$/.exec(text);
  if (!match) return undefined;
  const [, name = '', attribute, value = ''] = match;
  return { name, isAttribute: false, ...(attribute === undefined ? {} : { test: { name: attribute, value } }) };
}

const passes =
  (test: Step['test']) =>
  (element: Element): boolean =>
    test === undefined || element.attributes[test.name] === test.value;

function follow(elements: readonly Element[], steps: readonly Step[]): readonly string[] {
  let at = elements;
  for (const step of steps) {
    if (step.isAttribute) return at.flatMap((element) => element.attributes[step.name] ?? []);
    at = at.flatMap((element) =>
      element.children.filter((child) => child.name === step.name).filter(passes(step.test)),
    );
  }
  return at.map((element) => element.text);
}
