// Which assets a parsed query finds. Namespaces that the query itself names narrow what is looked at.

import type { AssetRecord } from '../store/records.js';
import { type State } from '../store/state.js';
import { valuesAt } from './asset-document.js';
import type { Condition } from './aql.js';

/** All assets that may match, by the namespaces that every match must lie in. */
export function* candidates(state: State, conditions: readonly Condition[]): Generator<AssetRecord> {
  const limit = conditions.map(namespaceLimit).find((found) => found !== undefined);
  if (!limit) yield* state.all('asset');
  else if (limit.below) yield* state.assetsFrom(limit.path);
  else yield* state.assetsDirectlyIn(limit.path);
}

function namespaceLimit(condition: Condition): { path: string; below: boolean } | undefined {
  if (condition.kind === 'namespace' && condition.operator === '=') return { path: condition.path, below: false };
  if (condition.kind === 'namespace' && condition.operator.startsWith('>'))
    return { path: condition.path, below: true };
  return condition.kind === 'and' ? (namespaceLimit(condition.left) ?? namespaceLimit(condition.right)) : undefined;
}

export function matches(condition: Condition, asset: AssetRecord, caller: string): boolean {
  switch (condition.kind) {
    case 'and':
      return matches(condition.left, asset, caller) && matches(condition.right, asset, caller);
    case 'or':
      return matches(condition.left, asset, caller) || matches(condition.right, asset, caller);
    case 'not':
      return !matches(condition.of, asset, caller);
    case 'namespace':
      return namespaceMatches(condition.operator, condition.path, asset.namespace);
    case 'field':
      return fieldMatches(condition.operator, condition.value, fieldOf(asset, condition.field));
    case 'number':
      return compare(condition.operator, numberOf(asset, condition.field), condition.value);
    case 'ids':
      return condition.values.includes(asset.id);
    case 'content':
      return (asset.content !== undefined) === condition.has;
    case 'created-by':
      return asset.creator === (condition.user ?? caller);
    case 'xpath':
      return valuesAt(asset, condition.path).some((value) => fieldMatches(condition.operator, condition.value, value));
    case 'has-value':
      return valuesAt(asset, condition.path).some((value) => value !== '') === condition.has;
  }
}

function namespaceMatches(operator: string, wanted: string, actual: string): boolean {
  const isBelow = actual.startsWith(wanted === '/' ? '/' : `${wanted}/`);
  switch (operator) {
    case '=':
      return actual === wanted;
    case '!=':
      return actual !== wanted;
    case '>=':
      return actual === wanted || isBelow;
    case '>':
      return actual !== wanted && isBelow;
    default:
      return false;
  }
}

const fieldOf = (asset: AssetRecord, field: 'name' | 'type' | 'ctype'): string | undefined =>
  field === 'name' ? (asset.name ?? undefined) : field === 'type' ? asset.type : asset.content?.type;

const numberOf = (asset: AssetRecord, field: 'id' | 'stime' | 'csize'): number | undefined =>
  field === 'id' ? asset.id : field === 'stime' ? asset.stime : asset.content?.size;

/** `=` takes `*` and `?` as a pattern. */
function fieldMatches(operator: string, wanted: string, actual: string | undefined): boolean {
  if (actual === undefined) return operator === '!=';
  if (operator === 'starts') return actual.startsWith(wanted);
  if (operator === '=' || operator === '!=') {
    const pattern = wanted
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '[^]*')
      .replace(/\?/g, '[^]');
    return new RegExp(`^${pattern}$`, 'u').test(actual) === (operator === '=');
  }
  const [left, right] = [Number(actual), Number(wanted)];
  return Number.isNaN(left) || Number.isNaN(right) ? compare(operator, actual, wanted) : compare(operator, left, right);
}

function compare<Value extends number | string>(operator: string, left: Value | undefined, right: Value): boolean {
  if (left === undefined) return false;
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
