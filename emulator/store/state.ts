// Everything that is not content, in memory, with the indexes that look-ups need. Every change goes through `commit`,
// which writes the journal first.

import { storeFull } from '../faults.js';
import { type Change, Journal } from './journal.js';
import { type AssetKey, homeKey, Indexes, type StimeRange } from './indexes.js';
import { lastPartOf, parentOf } from './paths.js';
import type {
  AssetRecord,
  DocTypeRecord,
  GrantRecord,
  IoJobRecord,
  NamespaceRecord,
  RoleRecord,
  TaskRecord,
  TokenRecord,
  UserRecord,
} from './records.js';

interface Tables {
  namespace: NamespaceRecord;
  asset: AssetRecord;
  /** Earlier versions; the key is `id:version`. */
  version: AssetRecord;
  user: UserRecord;
  role: RoleRecord;
  roleNamespace: { name: string };
  grant: GrantRecord;
  token: TokenRecord;
  docNamespace: { name: string };
  docType: DocTypeRecord;
  ioJob: IoJobRecord;
  task: TaskRecord;
}
type TableName = keyof Tables;

const TABLES: TableName[] = [
  'namespace',
  'asset',
  'version',
  'user',
  'role',
  'roleNamespace',
  'grant',
  'token',
  'docNamespace',
  'docType',
  'ioJob',
  'task',
];

/** Tables that no query looks at, neither for what matches nor for what the caller may see. */
const UNQUERIED: ReadonlySet<string> = new Set(['ioJob', 'task', 'docNamespace', 'docType', 'roleNamespace']);

export class State {
  /** Of contents no checksum is told while this is false, as by a store that computes none, or computes it later. */
  tellsChecksums = true;
  private readonly tables = new Map<string, Map<string, unknown>>(
    TABLES.map((name) => [name, new Map<string, unknown>()]),
  );
  private readonly indexes = new Indexes();
  private counter = 1_000;
  private changes = 0;
  private journal: Journal | undefined;

  open(folder: string): void {
    this.journal = Journal.open(
      folder,
      (change) => this.apply(change),
      () => this.snapshot(),
    );
  }

  close(): void {
    this.journal?.close();
    this.journal = undefined;
  }

  get isOpen(): boolean {
    return this.journal !== undefined;
  }

  /** A number that was never given before; also the running change number (`stime`). */
  nextNumber(): number {
    this.counter += 1;
    return this.counter;
  }

  get lastNumber(): number {
    return this.counter;
  }

  /** Another number after every change that may change what a query answers. */
  get revision(): number {
    return this.changes;
  }

  /** Makes the changes durable and visible, all at once. */
  commit(...changes: Change[]): void {
    this.commitAll(changes);
  }

  /** As `commit`, for any number of changes. */
  commitAll(changes: readonly Change[]): void {
    const all = changes.concat([['counter', '', this.counter]]);
    if (!this.journal) throw new Error('The emulator has stopped.');
    try {
      this.journal.append(all);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      throw storeFull('There is not enough space left for the records of the store');
    }
    for (const change of all) this.apply(change);
  }

  get<T extends TableName>(table: T, key: string | number): Tables[T] | undefined {
    return this.tables.get(table)?.get(String(key)) as Tables[T] | undefined;
  }

  all<T extends TableName>(table: T): IterableIterator<Tables[T]> {
    return (this.tables.get(table) as Map<string, Tables[T]>).values();
  }

  namespaceOfId(id: number): NamespaceRecord | undefined {
    const path = this.indexes.namespaceById.get(id);
    return path === undefined ? undefined : this.get('namespace', path);
  }

  /** The asset of that name in a namespace, or in a collection. */
  assetNamed(home: string | number, name: string): AssetRecord | undefined {
    const id = this.indexes.assetByName.get(homeKey(home, name));
    return id === undefined ? undefined : this.get('asset', id);
  }

  /** The asset at a path; a step may be a namespace, a collection, or `__asset_id__` and a number for one without a name. */
  assetAt(path: string): AssetRecord | undefined {
    const name = lastPartOf(path);
    const home = parentOf(path);
    const unnamed = /^__asset_id__(\d+)$/.exec(name)?.[1];
    const inNamespace = this.get('namespace', home) ? this.assetNamed(home, name) : undefined;
    if (inNamespace) return inNamespace;
    const collection = this.collectionAt(home);
    const member = collection && this.assetNamed(collection.id, name);
    if (member || unnamed === undefined) return member;
    const byNumber = this.get('asset', unnamed);
    return byNumber && (byNumber.parent ?? byNumber.namespace) === (collection?.id ?? home) ? byNumber : undefined;
  }

  private collectionAt(path: string): AssetRecord | undefined {
    if (path === '/') return undefined;
    const name = lastPartOf(path);
    // Nearly every path leads through namespaces only, whose names no asset has.
    const isUnused = this.indexes.assetsBy.name.sizeOf(name) === 0 && !name.startsWith('__asset_id__');
    return isUnused ? undefined : this.assetAt(path);
  }

  pathOf(asset: AssetRecord): string {
    const collection = asset.parent === undefined ? undefined : this.get('asset', asset.parent);
    const home = collection ? this.pathOf(collection) : asset.namespace === '/' ? '' : asset.namespace;
    return `${home}/${asset.name ?? `__asset_id__${asset.id}`}`;
  }

  /** Ids of the assets found by a key, in no particular order. */
  assetIds(by: AssetKey, key: string): ReadonlySet<string> {
    return this.indexes.assetsBy[by].of(key);
  }

  countBy(by: AssetKey, key: string): number {
    return this.indexes.assetsBy[by].sizeOf(key);
  }

  /** Of the assets directly in a namespace; undefined where there is none. */
  stimesIn(namespace: string): Readonly<StimeRange> | undefined {
    let range = this.indexes.stimesIn.get(namespace);
    if (range) return range;
    for (const { stime } of this.assetsDirectlyIn(namespace)) {
      if (range) range = { least: Math.min(range.least, stime), most: Math.max(range.most, stime) };
      else range = { least: stime, most: stime };
    }
    if (range) this.indexes.stimesIn.set(namespace, range);
    return range;
  }

  get assetCount(): number {
    return this.tables.get('asset')?.size ?? 0;
  }

  *assetsDirectlyIn(namespace: string): Generator<AssetRecord> {
    yield* this.assetsOfIds(this.indexes.assetsBy.namespace.of(namespace));
  }

  *members(collection: number): Generator<AssetRecord> {
    yield* this.assetsOfIds(this.indexes.assetsBy.collection.of(String(collection)));
  }

  /** Earlier versions, oldest first. */
  formerVersions(asset: number): AssetRecord[] {
    return [...this.indexes.versionsOf.of(String(asset))]
      .flatMap((key) => this.get('version', key) ?? [])
      .sort((left, right) => left.version - right.version);
  }

  /** Paths of the namespaces directly in one, in no particular order. */
  childPaths(path: string): ReadonlySet<string> {
    return this.indexes.namespacesIn.of(path);
  }

  childNamespaces(path: string): NamespaceRecord[] {
    return [...this.indexes.namespacesIn.of(path)]
      .sort()
      .flatMap((childPath) => this.get('namespace', childPath) ?? []);
  }

  isLeaf(path: string): boolean {
    return this.indexes.namespacesIn.sizeOf(path) === 0;
  }

  /** The namespace and all below it, parents first. */
  *namespacesFrom(path: string): Generator<NamespaceRecord> {
    const here = this.get('namespace', path);
    if (!here) return;
    yield here;
    for (const below of this.childNamespaces(path)) yield* this.namespacesFrom(below.path);
  }

  *assetsFrom(path: string): Generator<AssetRecord> {
    for (const namespace of this.namespacesFrom(path)) yield* this.assetsDirectlyIn(namespace.path);
  }

  tokenOf(hash: string): TokenRecord | undefined {
    const id = this.indexes.tokenByHash.get(hash);
    return id === undefined ? undefined : this.get('token', id);
  }

  /** Bytes of the contents in a namespace and below it. */
  bytesFrom(namespace: string): number {
    let bytes = 0;
    for (const { path } of this.namespacesFrom(namespace)) bytes += this.indexes.bytesIn.get(path) ?? 0;
    return bytes;
  }

  ioJobOfFile(file: string): IoJobRecord | undefined {
    const ticket = this.indexes.ioJobByFile.get(file);
    return ticket === undefined ? undefined : this.get('ioJob', ticket);
  }

  /** Files in the contents folder that a record names. */
  *files(): Generator<string> {
    for (const asset of this.all('asset')) if (asset.content) yield asset.content.file;
    for (const former of this.all('version')) if (former.content) yield former.content.file;
    for (const job of this.all('ioJob')) yield job.file;
  }

  private *assetsOfIds(ids: ReadonlySet<string>): Generator<AssetRecord> {
    for (const id of ids) {
      const asset = this.get('asset', id);
      if (asset) yield asset;
    }
  }

  private apply([table, key, value]: Change): void {
    if (table === 'counter') {
      this.counter = Math.max(this.counter, value as number);
      return;
    }
    const records = this.tables.get(table);
    if (!records) throw new Error(`The journal names a table ${table} that this version does not know.`);
    if (!UNQUERIED.has(table)) this.changes += 1;
    const former = records.get(key);
    if (former !== undefined) this.indexes.remove(table, key, former);
    if (value === null) records.delete(key);
    else {
      records.set(key, value);
      this.indexes.add(table, key, value);
    }
  }

  private *snapshot(): Generator<Change> {
    yield ['counter', '', this.counter];
    for (const table of TABLES) for (const [key, value] of this.tables.get(table) ?? []) yield [table, key, value];
  }
}
