// `asset.query` with its actions, pages and iterators (reference 6).

import { invalidArgument, ServiceFault } from '../faults.js';
import { type Condition, parseQuery } from '../query/aql.js';
import { candidates, matches } from '../query/matching.js';
import { pathOf, valuesAt } from '../query/asset-document.js';
import type { AssetRecord } from '../store/records.js';
import { normalPath } from '../store/state.js';
import { accessTo } from '../access/access-lists.js';
import { childrenOf, child, el, type Element, exactTextOf, isTrue, textOf } from '../xml/element.js';
import { fullAsset, reducedAsset } from './asset-services.js';
import { type Call, needed, principals, type ServiceTable } from './service.js';

const USUAL_PAGE = 100;
type Render = (call: Call, asset: AssetRecord) => Element;

export const queryServices: ServiceTable = {
  'asset.query': { access: 'ACCESS', run: query },
  'asset.count': { access: 'ACCESS', run: (call) => [el('total', [...found(call)].length)] },
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

/** Everything that the query names and the caller may see. */
export function* found(call: Call): Generator<AssetRecord> {
  const { state } = call.world;
  const conditions: Condition[] = childrenOf(call.args, 'where').map((where) => parseQuery(where.text));
  const namespace = exactTextOf(call.args, 'namespace');
  if (namespace !== undefined) conditions.unshift({ kind: 'namespace', operator: '>=', path: normalPath(namespace) });
  const held = principals(call);
  const visible = new Map<string, boolean>();
  const mayRead = (path: string): boolean => {
    let answer = visible.get(path);
    if (answer === undefined) visible.set(path, (answer = accessTo(state, held, path)('asset:access')));
    return answer;
  };
  for (const asset of candidates(state, conditions)) {
    if (mayRead(asset.namespace) && conditions.every((condition) => matches(condition, asset, call.actor.owner)))
      yield asset;
  }
}

function query(call: Call): Element[] {
  const action = textOf(call.args, 'action') ?? 'get-id';
  if (action === 'count') return [el('value', [...found(call)].length)];
  if (action === 'sum' || action === 'range') return [aggregate(call, action)];
  const render = rendering(call, action);
  const sorted = sortAssets(call, [...found(call)]);
  if (textOf(call.args, 'as') === 'iterator') return [openIterator(call, sorted, render)];
  const size = pageSize(textOf(call.args, 'size'));
  const from = Number(textOf(call.args, 'idx') ?? 1);
  if (!Number.isInteger(from) || from < 1) throw invalidArgument('args/idx');
  const page = sorted.slice(from - 1, from - 1 + size);
  return [...page.map((asset) => render(call, asset)), cursor(call, from, page.length, size, sorted.length)];
}

function rendering(call: Call, action: string): Render {
  const xpaths = childrenOf(call.args, 'xpath');
  const mark = (asset: AssetRecord) => ({ id: asset.id, version: asset.version });
  switch (action) {
    case 'get-id':
      return (_, asset) => el('id', asset.id, { version: asset.version });
    case 'get-name':
      return (_, asset) => el('name', asset.name ?? '', mark(asset));
    case 'get-path':
      return (_, asset) => el('path', pathOf(asset), mark(asset));
    case 'get-value':
    case 'get-values':
      return (_, asset) => reducedAsset(asset, xpaths);
    case 'get-meta':
      return (current, asset) => fullAsset(current, asset);
    default:
      throw invalidArgument('args/action', `'${action}' is not known`);
  }
}

function aggregate(call: Call, action: 'sum' | 'range'): Element {
  const xpath = child(call.args, 'xpath')?.text.trim();
  if (xpath === undefined) throw invalidArgument('args/xpath', 'missing value');
  let count = 0;
  let sum = 0n;
  let least: number | undefined;
  let most: number | undefined;
  for (const asset of found(call)) {
    for (const text of valuesAt(asset, xpath)) {
      const value = Number(text);
      count += 1;
      sum += BigInt(text);
      least = least === undefined ? value : Math.min(least, value);
      most = most === undefined ? value : Math.max(most, value);
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
    values: keys.map((key) => valuesAt(asset, key.text.trim())[0] ?? ''),
  }));
  valued.sort((left, right) => {
    for (const [index, key] of keys.entries()) {
      const [a = '', b = ''] = [left.values[index], right.values[index]];
      const isNumeric = a !== '' && b !== '' && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b));
      const order = isNumeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
      if (order !== 0) return key.attributes['order'] === 'desc' ? -order : order;
    }
    return left.asset.id - right.asset.id;
  });
  return valued.map((one) => one.asset);
}

function pageSize(text: string | undefined): number {
  if (text === 'infinity') return Infinity;
  const size = Number(text ?? USUAL_PAGE);
  if (!Number.isInteger(size) || size < 1) throw invalidArgument('args/size');
  return size;
}

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
    ...(withTotals ? [el('remaining', remaining)] : []),
  ]);
}

interface OpenIterator {
  ids: string[];
  position: number;
  render: Render;
}

function openIterator(call: Call, assets: AssetRecord[], render: Render): Element {
  const id = call.session.nextIterator;
  call.session.nextIterator += 1;
  call.session.iterators.set(id, { ids: assets.map((asset) => String(asset.id)), position: 0, render });
  return el('iterator', id);
}

function iterate(call: Call): Element[] {
  const id = Number(needed(call, 'id'));
  const iterator = call.session.iterators.get(id) as OpenIterator | undefined;
  if (!iterator) throw noIterator(id);
  const size = pageSize(textOf(call.args, 'size'));
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
