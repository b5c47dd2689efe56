// Which assets a query needs to look at: those of the condition, among all that must hold, that an index narrows most.

import type { AssetRecord } from '../store/records.js';
import type { AssetKey } from '../store/indexes.js';
import type { State } from '../store/state.js';
import type { Condition } from './conditions.js';
import { isPattern } from './glob.js';
import type { Asker } from './predicates.js';
import { documentTypeIn } from './values.js';

interface Source {
  /** How many it gives; it may stop counting above `limit`. */
  count(limit: number): number;
  assets(): Iterable<AssetRecord>;
}

/**
 * All assets that may match, in no particular order; one that moves meanwhile may come twice. Where the conditions leave
 * half of all assets or more, it is all, which mostly come in the order of their ids.
 */
export function candidates(asker: Asker, conditions: readonly Condition[]): Iterable<AssetRecord> {
  let best: Source | undefined;
  let least = asker.state.assetCount / 2;
  for (const source of conditions.flatMap((condition) => sourcesOf(asker, condition))) {
    const count = source.count(least);
    if (count < least) [best, least] = [source, count];
  }
  return best ? best.assets() : asker.state.all('asset');
}

/** The namespace that all matches lie in, or below, as the query itself says. */
export const limitOf = (conditions: readonly Condition[]): { path: string; below: boolean } | undefined =>
  conditions.map(namespaceLimit).find((found) => found !== undefined);

function namespaceLimit(condition: Condition): { path: string; below: boolean } | undefined {
  if (condition.kind === 'namespace' && condition.operator !== '!=')
    return { path: condition.path, below: condition.operator !== '=' };
  return condition.kind === 'and' ? limitOf(condition.of) : undefined;
}

/** Each of them alone gives every match. */
function sourcesOf(asker: Asker, condition: Condition): Source[] {
  switch (condition.kind) {
    case 'and':
      return condition.of.flatMap((part) => sourcesOf(asker, part));
    case 'or':
      return eitherOf(condition.of.map((part) => sourcesOf(asker, part)[0]));
    case 'always':
      return condition.answer ? [] : [{ count: () => 0, assets: () => [] }];
    case 'ids':
      return [byIds(asker, condition.values)];
    case 'number':
      return condition.field === 'id' && condition.operator === '=' ? [byIds(asker, [condition.value])] : [];
    case 'namespace':
      if (condition.operator === '!=') return [];
      return condition.operator === '=' ? [byKey(asker, 'namespace', condition.path)] : [byTree(asker, condition.path)];
    case 'field': {
      const { operator, value, ignoreCase } = condition.test;
      const isExact = condition.field === 'name' && operator === '=' && !ignoreCase && !isPattern(value);
      return isExact ? [byKey(asker, 'name', value)] : [];
    }
    case 'collection':
      return byCollection(asker, condition);
    case 'values':
    case 'has-value': {
      const type = documentTypeIn(condition.path);
      return type === undefined ? [] : [byKey(asker, 'document', type)];
    }
    default:
      return [];
  }
}

function eitherOf(parts: readonly (Source | undefined)[]): Source[] {
  if (!parts.every((part) => part !== undefined)) return [];
  return [
    {
      count: (limit) => parts.reduce((sum, part) => (sum > limit ? sum : sum + part.count(limit)), 0),
      *assets() {
        for (const part of parts) yield* part.assets();
      },
    },
  ];
}

const byIds = ({ state }: Asker, ids: readonly number[]): Source => ({
  count: () => ids.length,
  assets: () => ids.flatMap((id) => state.get('asset', id) ?? []),
});

const byKey = ({ state }: Asker, by: AssetKey, key: string): Source => ({
  count: () => state.countBy(by, key),
  *assets() {
    // A copy: an asset that is changed while others are looked at goes to the end of its set.
    for (const id of [...state.assetIds(by, key)]) {
      const asset = state.get('asset', id);
      if (asset) yield asset;
    }
  },
});

/** The namespace and all below it. */
const byTree = (asker: Asker, path: string): Source => ({
  count(limit) {
    let count = 0;
    for (const below of pathsFrom(asker.state, path)) {
      count += 1 + asker.state.countBy('namespace', below);
      if (count > limit) break;
    }
    return count;
  },
  *assets() {
    for (const below of pathsFrom(asker.state, path)) yield* byKey(asker, 'namespace', below).assets();
  },
});

/** The path and those of all namespaces below it. */
export function* pathsFrom(state: State, path: string): Generator<string> {
  yield path;
  for (const below of [...state.childPaths(path)]) yield* pathsFrom(state, below);
}

function byCollection(asker: Asker, { of, deep }: Condition & { kind: 'collection' }): Source[] {
  const collection = asker.assetOf(of);
  if (!collection) return [byIds(asker, [])];
  return deep ? [byMembers(asker, collection.id)] : [byKey(asker, 'collection', String(collection.id))];
}

/** Members, members of members, and so on. */
const byMembers = (asker: Asker, collection: number): Source => ({
  count(limit) {
    let count = 0;
    for (const _ of this.assets()) {
      count += 1;
      if (count > limit) break;
    }
    return count;
  },
  *assets() {
    for (const member of byKey(asker, 'collection', String(collection)).assets()) {
      yield member;
      if (member.isCollection) yield* byMembers(asker, member.id).assets();
    }
  },
});
