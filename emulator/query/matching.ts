// Which assets a parsed query finds. Namespaces that the query itself names narrow what is looked at.

import type { AssetRecord } from '../store/records.js';
import { type State } from '../store/state.js';
import { valuesAt } from './asset-document.js';
import type { Condition } from './aql.js';

export interface Asker {
  state: State;
  /** `domain:user` of the caller. */
  caller: string;
  /** The asset of an id or a path, if the caller may see it. */
  assetOf(reference: string): AssetRecord | undefined;
}

/** All assets that may match, by the namespaces that every match must lie in. */
export function* candidates(state: State, conditions: readonly Condition[]): Generator<AssetRecord> {
  const limit = limitOf(conditions);
  if (!limit) yield* state.all('asset');
  else if (limit.below) yield* state.assetsFrom(limit.path);
  else yield* state.assetsDirectlyIn(limit.path);
}

/** The namespace that all matches lie in, or below, as the query itself says. */
export const limitOf = (conditions: readonly Condition[]): { path: string; below: boolean } | undefined =>
  conditions.map(namespaceLimit).find((found) => found !== undefined);

function namespaceLimit(condition: Condition): { path: string; below: boolean } | undefined {
  if (condition.kind === 'namespace' && condition.operator === '=') return { path: condition.path, below: false };
  if (condition.kind === 'namespace' && condition.operator.startsWith('>'))
    return { path: condition.path, below: true };
  return condition.kind === 'and' ? (namespaceLimit(condition.left) ?? namespaceLimit(condition.right)) : undefined;
}

export function matches(condition: Condition, asset: AssetRecord, asker: Asker): boolean {
  const { state } = asker;
  switch (condition.kind) {
    case 'and':
      return matches(condition.left, asset, asker) && matches(condition.right, asset, asker);
    case 'or':
      return matches(condition.left, asset, asker) || matches(condition.right, asset, asker);
    case 'not':
      return !matches(condition.of, asset, asker);
    case 'namespace':
      return namespaceMatches(condition.operator, condition.path, asset.namespace);
    case 'field':
      return fieldMatches(condition.operator, condition.value, fieldOf(asset, condition.field));
    case 'number':
      return compare(condition.operator, numberOf(state, asset, condition.field), condition.value);
    case 'ids':
      return condition.values.includes(asset.id);
    case 'content':
      return (asset.content !== undefined) === condition.has;
    case 'created-by':
      return asset.creator === (condition.user ?? asker.caller);
    case 'modified-by':
      return (asset.modifier ?? asset.creator) === (condition.user ?? asker.caller);
    case 'time':
      return compare(condition.operator, asset[condition.field], condition.value);
    case 'time-range':
      return asset[condition.field] >= condition.from && asset[condition.field] <= condition.to;
    case 'collection':
      return isMember(asker, asset, condition.of, condition.deep);
    case 'is-collection':
      return asset.isCollection === true;
    case 'label':
      return asset.labels?.includes(condition.value) === true;
    case 'text':
      return textMatches(asset, condition.words, condition.all);
    case 'xpath':
      return valuesAt(state, asset, condition.path).some((value) =>
        condition.ignoreCase
          ? fieldMatches(condition.operator, condition.value.toLowerCase(), value.toLowerCase())
          : fieldMatches(condition.operator, condition.value, value),
      );
    case 'has-value':
      return hasValue(state, asset, condition.path) === condition.has;
    case 'name-starts-lowercase':
      return asset.name?.toLowerCase().startsWith(condition.value) === true;
  }
}

/** A path of a document alone asks whether the asset has the document. */
function hasValue(state: State, asset: AssetRecord, path: string): boolean {
  if (asset.documents.some((document) => document.element.name === path)) return true;
  return valuesAt(state, asset, path).some((value) => value !== '');
}

function isMember(asker: Asker, asset: AssetRecord, reference: string, deep: boolean): boolean {
  const collection = asker.assetOf(reference);
  if (!collection) return false;
  for (let at: AssetRecord | undefined = asset; at?.parent !== undefined; at = asker.state.get('asset', at.parent)) {
    if (at.parent === collection.id) return true;
    if (!deep) return false;
  }
  return false;
}

function textMatches(asset: AssetRecord, words: readonly string[], all: boolean): boolean {
  const texts = [asset.name ?? '', asset.description ?? ''];
  const gather = (element: AssetRecord['documents'][number]['element']): void => {
    texts.push(element.text);
    element.children.forEach(gather);
  };
  for (const document of asset.documents) gather(document.element);
  const whole = texts.join('\n').toLowerCase();
  const has = (word: string): boolean => whole.includes(word.toLowerCase());
  return all ? words.every(has) : words.some(has);
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

function numberOf(
  state: State,
  asset: AssetRecord,
  field: 'id' | 'stime' | 'csize' | 'version-count',
): number | undefined {
  switch (field) {
    case 'id':
      return asset.id;
    case 'stime':
      return asset.stime;
    case 'csize':
      return asset.content?.size;
    case 'version-count':
      return state.formerVersions(asset.id).length + 1;
  }
}

/** `=` takes `*` and `?` as a pattern. */
function fieldMatches(operator: string, wanted: string, actual: string | undefined): boolean {
  if (actual === undefined) return operator === '!=';
  if (operator === 'starts') return actual.startsWith(wanted);
  if (operator === 'contains') return actual.includes(wanted);
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
