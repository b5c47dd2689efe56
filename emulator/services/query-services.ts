// `asset.query` with its actions, pages and iterators (reference 6).

import { invalidArgument, ServiceFault } from '../faults.js';
import { type Condition, parseQuery } from '../query/aql.js';
import { type Asker, candidates, matches } from '../query/matching.js';
import { valuesAt } from '../query/asset-document.js';
import type { AssetRecord } from '../store/records.js';
import { normalPath } from '../store/paths.js';
import { accessTo } from '../access/access-lists.js';
import { attributeOf, childrenOf, child, el, type Element, exactTextOf, isTrue, textOf } from '../xml/element.js';
import { visibleAsset } from './asset-access.js';
import { type Render, renderingOf } from './rendering.js';
import { type Call, needed, principals, type ServiceTable, wholeNumber } from './service.js';

const USUAL_PAGE = 100;

export const queryServices: ServiceTable = {
  'asset.query': { access: 'ACCESS', run: query },
  'asset.count': { access: 'ACCESS', run: (call) => [el('total', countOf(found(call)))] },
  'asset.query.iterate': { access: 'ACCESS', run: iterate },
  'asset.query.iterator.destroy': {
    access: 'ACCESS',
    run(call) {
      const id = Number(needed(call, 'id'));
      const isThere = call.session.iterators.delete(id);
      if (!isThere && !isTrue(textOf(call.args, 'ignore-missing'))) throw noIterator(id);
      return [];
    },
  },
};

function countOf(assets: Iterable<AssetRecord>): number {
  let count = 0;
  for (const _ of assets) count += 1;
  return count;
}

/** What the arguments `where`, `namespace` and `collection` ask for, all of it. @throws ServiceFault a syntax error */
export function conditionsOf(call: Call): Condition[] {
  const conditions: Condition[] = childrenOf(call.args, 'where')
    .filter((where) => where.text.trim() !== '')
    .map((where) => parseQuery(where.text, call.world.now()));
  const namespace = exactTextOf(call.args, 'namespace');
  if (namespace !== undefined) conditions.unshift({ kind: 'namespace', operator: '>=', path: normalPath(namespace) });
  const collection = exactTextOf(call.args, 'collection');
  if (collection !== undefined) conditions.push({ kind: 'collection', of: collection, deep: true });
  return conditions;
}

/** Everything that the query names and the caller may see. */
export function* found(call: Call): Generator<AssetRecord> {
  const { state } = call.world;
  const conditions = conditionsOf(call);
  const held = principals(call);
  const visible = new Map<string, boolean>();
  const mayRead = (path: string): boolean => {
    let answer = visible.get(path);
    if (answer === undefined) visible.set(path, (answer = accessTo(state, held, path)('asset:access')));
    return answer;
  };
  const asker: Asker = { state, caller: call.actor.owner, assetOf: (reference) => visibleAsset(call, reference) };
  for (const asset of candidates(state, conditions)) {
    if (mayRead(asset.namespace) && conditions.every((condition) => matches(condition, asset, asker))) yield asset;
  }
}

async function query(call: Call): Promise<Element[]> {
  const action = textOf(call.args, 'action')?.toLowerCase() ?? 'get-id';
  if (action === 'count') return [el('value', countOf(found(call)))];
  if (action === 'sum' || action === 'range') return [aggregate(call, action)];
  if (action === 'pipe') return pipe(call);
  const render = renderingOf(call, action);
  const sorted = sortAssets(call, [...found(call)]);
  if (textOf(call.args, 'as')?.toLowerCase() === 'iterator') return [openIterator(call, sorted, render)];
  const size = pageSize(call);
  const from = wholeNumber(call, 'idx', 1, 1);
  const page = sorted.slice(from - 1, from - 1 + size);
  return [...page.map((asset) => render(call, asset)), cursor(call, from, page.length, size, sorted.length)];
}

/** Runs a service on each result, with the `id` added to its arguments. */
async function pipe(call: Call): Promise<Element[]> {
  const service = child(call.args, 'service');
  const name = service && attributeOf(service, 'name');
  if (!service || name === undefined) throw invalidArgument('args/service', 'missing value');
  const assets = [...found(call)];
  const replies: Element[] = [];
  for (const asset of assets) {
    const result = await call.run(name, { ...service, children: [el('id', asset.id), ...service.children] });
    if (!isTrue(textOf(call.args, 'count'))) replies.push(...result);
  }
  return isTrue(textOf(call.args, 'count')) ? [el('count', assets.length)] : replies;
}

function aggregate(call: Call, action: 'sum' | 'range'): Element {
  const xpath = child(call.args, 'xpath')?.text.trim();
  if (xpath === undefined) throw invalidArgument('args/xpath', 'missing value');
  let count = 0;
  let sum = 0n;
  let least: bigint | undefined;
  let most: bigint | undefined;
  for (const asset of found(call)) {
    for (const text of valuesAt(call.world.state, asset, xpath)) {
      if (!/^-?\d+$/.test(text)) throw invalidArgument('args/xpath', `'${text}' is not a whole number`);
      const value = BigInt(text);
      count += 1;
      sum += value;
      if (least === undefined || value < least) least = value;
      if (most === undefined || value > most) most = value;
    }
  }
  if (action === 'sum') return el('value', count === 0 ? '' : sum, { nbe: count });
  return el('value', least === undefined || most === undefined ? [] : [el('min', least), el('max', most)], {
    nbe: count,
  });
}

function sortAssets(call: Call, assets: AssetRecord[]): AssetRecord[] {
  const keys = childrenOf(child(call.args, 'sort') ?? el('sort'), 'key');
  if (keys.length === 0) return assets.sort((left, right) => left.id - right.id);
  const valued = assets.map((asset) => ({
    asset,
    values: keys.map((key) => valuesAt(call.world.state, asset, key.text.trim())[0] ?? ''),
  }));
  valued.sort((left, right) => {
    for (const [index, key] of keys.entries()) {
      const [a = '', b = ''] = [left.values[index], right.values[index]];
      const isNumeric = a !== '' && b !== '' && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b));
      const order = isNumeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
      if (order !== 0) return attributeOf(key, 'order')?.toLowerCase() === 'desc' ? -order : order;
    }
    return left.asset.id - right.asset.id;
  });
  return valued.map((one) => one.asset);
}

const pageSize = (call: Call): number =>
  textOf(call.args, 'size')?.toLowerCase() === 'infinity' ? Infinity : wholeNumber(call, 'size', USUAL_PAGE, 1);

/** `remaining` is sent as 0 on the last page when totals are asked for: one client's loop needs it (reference 6). */
function cursor(call: Call, from: number, count: number, size: number, total: number): Element {
  const withTotals = isTrue(textOf(call.args, 'count'));
  const to = from + count - 1;
  const remaining = Math.max(0, total - to);
  const isComplete = withTotals || remaining === 0;
  return el('cursor', [
    el('count', count),
    el('from', from),
    el('to', to),
    ...(from > 1 ? [el('prev', Math.max(1, from - (Number.isFinite(size) ? size : from)))] : []),
    el('next', to + 1),
    el('total', isComplete ? total : to, { complete: isComplete }),
    ...(withTotals || remaining > 0 ? [el('remaining', remaining)] : []),
  ]);
}

interface OpenIterator {
  ids: string[];
  position: number;
  render: Render;
}

function openIterator(call: Call, assets: AssetRecord[], render: Render): Element {
  const id = (call.session.iteratorCount.last += 1);
  call.session.iterators.set(id, { ids: assets.map((asset) => String(asset.id)), position: 0, render });
  return el('iterator', id);
}

function iterate(call: Call): Element[] {
  const id = Number(needed(call, 'id'));
  const iterator = call.session.iterators.get(id) as OpenIterator | undefined;
  if (!iterator) throw noIterator(id);
  const size = pageSize(call);
  const batch = iterator.ids.slice(iterator.position, iterator.position + size);
  iterator.position += batch.length;
  const isComplete = iterator.position >= iterator.ids.length;
  if (isComplete) call.session.iterators.delete(id);
  const items = batch.flatMap((assetId) => {
    const asset = call.world.state.get('asset', assetId);
    return asset ? [iterator.render(call, asset)] : [];
  });
  return [...items, el('iterated', items.length, { complete: isComplete })];
}

const noIterator = (id: number) => new ServiceFault(`The session does not have an iterator (id): ${id}`);
