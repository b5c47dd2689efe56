// What an archive holds: the contents that a query finds and the caller may read, each by its path less a prefix; and,
// where the query names folders and no files, the folders that would otherwise be missing.

import { accessTo } from '../access/access-lists.js';
import type { Comparison, Condition } from '../query/conditions.js';
import { limitOf } from '../query/narrowing.js';
import { Turns } from '../query/turns.js';
import { conditionsOf, found } from '../services/query-finding.js';
import { type Call, principals } from '../services/service.js';
import { parentOf } from '../store/paths.js';
import type { AssetRecord, NamespaceRecord } from '../store/records.js';
import type { ArchiveEntry } from './zip-writer.js';

/** A file, or a folder where there is no asset. */
interface Planned {
  name: string;
  asset?: AssetRecord;
}

/** Names of what goes in, as it stands now: folders first, each before what is in it. @throws ServiceFault a wrong query */
export async function planned(call: Call, prefix: string): Promise<Planned[]> {
  const { state } = call.world;
  const held = principals(call);
  const files: AssetRecord[] = [];
  for await (const asset of found(call))
    if (asset.content && accessTo(state, held, asset.namespace)('asset-content:access')) files.push(asset);
  const folders = (await emptyFolders(call, new Set(files.map((asset) => asset.namespace))))
    .filter((path) => path !== '/' && path !== prefix)
    .map((path) => ({ name: `${entryName(path, prefix)}/` }));
  return [...folders, ...files.map((asset) => ({ name: entryName(state.pathOf(asset), prefix), asset }))];
}

/** The planned entries; their bytes are read when their turn comes. */
export function* entries(call: Call, plan: readonly Planned[]): Generator<ArchiveEntry> {
  const { contents } = call.world;
  for (const { name, asset } of plan) {
    const content = asset?.content;
    if (!content) yield { name, size: 0, crc: 0, modified: new Date(call.world.now()), read: () => [], fill: () => {} };
    else
      yield {
        name,
        size: content.size,
        crc: content.crc,
        modified: new Date(asset.mtime),
        read: () => wholeOf(contents.readSmall(content.file, content.size)) ?? contents.read(content.file),
        ...(contents.isSmall(content.size) ? { fill: (target: Buffer) => contents.fill(content.file, target) } : {}),
      };
  }
}

const wholeOf = (bytes: Buffer | undefined): Iterable<Buffer> | undefined =>
  bytes && (bytes.length === 0 ? [] : [bytes]);

/**
 * The path less the prefix, or less its first slash where it does not begin with the prefix. A step that a program could
 * take for a way out of the folder it unpacks into (`.`, `..` or nothing, also between backslashes) has underscores in
 * place of its dots, whatever names the services let through.
 */
export function entryName(path: string, prefix: string): string {
  const name = prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path.slice(1);
  return name.split('/').map(safeStep).join('/');
}

const safeStep = (step: string): string =>
  step
    .split('\\')
    .map((part) => (/^\.{0,2}$/.test(part) ? '_'.repeat(Math.max(1, part.length)) : part))
    .join('\\');

/** Folders that the query names and nothing in the archive lies in: their assets, if any, have no content. */
async function emptyFolders(call: Call, filled: Set<string>): Promise<string[]> {
  const { state } = call.world;
  const conditions = conditionsOf(call);
  if (conditions.length === 0 || !conditions.every(namesFolders)) return [];
  const held = principals(call);
  const empty: string[] = [];
  const turns = new Turns();
  // Children before parents: whatever shows a folder shows those above it.
  for (const { path } of candidates(call, limitOf(conditions)).reverse()) {
    if (turns.isOver) await turns.next();
    if (!filled.has(path)) {
      const isNamed = conditions.every((condition) => isNamedBy(condition, path));
      if (!isNamed || !accessTo(state, held, path)('namespace:access')) continue;
      empty.push(path);
    }
    filled.add(parentOf(path));
  }
  return empty.reverse();
}

function candidates(call: Call, limit: ReturnType<typeof limitOf>): NamespaceRecord[] {
  const { state } = call.world;
  if (!limit || limit.below) return [...state.namespacesFrom(limit?.path ?? '/')];
  const only = state.get('namespace', limit.path);
  return only ? [only] : [];
}

/** Does the condition look at nothing but the folder? That the asset has a content goes without saying in an archive. */
function namesFolders(condition: Condition): boolean {
  if (condition.kind === 'and' || condition.kind === 'or') return condition.of.every(namesFolders);
  if (condition.kind === 'not') return condition.of.kind !== 'has-content' && namesFolders(condition.of);
  return condition.kind === 'namespace' || condition.kind === 'has-content';
}

function isNamedBy(condition: Condition, path: string): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((part) => isNamedBy(part, path));
    case 'or':
      return condition.of.some((part) => isNamedBy(part, path));
    case 'not':
      return !isNamedBy(condition.of, path);
    case 'namespace':
      return isWithin(condition.operator, condition.path, path);
    default:
      return true;
  }
}

function isWithin(operator: Comparison, wanted: string, path: string): boolean {
  const isBelow = path !== wanted && path.startsWith(wanted === '/' ? '/' : `${wanted}/`);
  if (operator === '>') return isBelow;
  if (operator === '>=') return isBelow || path === wanted;
  return (path === wanted) === (operator === '=');
}
