// Everything that is not content, in memory, with the indexes that look-ups need. Every change goes through `commit`,
// which writes the journal first.

import { type Change, Journal } from './journal.js';
import { Index } from './key-index.js';
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

/** By which an asset can be looked up without looking at others. */
export type AssetKey = 'namespace' | 'collection' | 'name' | 'document';

export class State {
  private readonly tables = new Map<string, Map<string, unknown>>(
    TABLES.map((name) => [name, new Map<string, unknown>()]),
  );
  /** Ids of assets by the namespace they lie in, the collection they are members of, name, and type of a document. */
  private readonly assetsBy: Record<AssetKey, Index> = {
    namespace: new Index(),
    collection: new Index(),
    name: new Index(),
    document: new Index(),
  };
  private readonly namespacesIn = new Index();
  private readonly versionsOf = new Index();
  private readonly assetByName = new Map<string, string>();
  /** Bytes of the contents directly in a namespace. */
  private readonly bytesIn = new Map<string, number>();
  private readonly ioJobByFile = new Map<string, string>();
  private readonly namespaceById = new Map<number, string>();
  private readonly tokenByHash = new Map<string, string>();
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
    this.journal.append(all);
    for (const change of all) this.apply(change);
  }

  get<T extends TableName>(table: T, key: string | number): Tables[T] | undefined {
    return this.tables.get(table)?.get(String(key)) as Tables[T] | undefined;
  }

  all<T extends TableName>(table: T): IterableIterator<Tables[T]> {
    return (this.tables.get(table) as Map<string, Tables[T]>).values();
  }

  namespaceOfId(id: number): NamespaceRecord | undefined {
    const path = this.namespaceById.get(id);
    return path === undefined ? undefined : this.get('namespace', path);
  }

  /** The asset of that name in a namespace, or in a collection. */
  assetNamed(home: string | number, name: string): AssetRecord | undefined {
    const id = this.assetByName.get(`${home}\0${name}`);
    return id === undefined ? undefined : this.get('asset', id);
  }

  /** The asset at a path; a step may be a namespace, a collection, or `__asset_id__` and a number for one without a name. */
  assetAt(path: string): AssetRecord | undefined {
    const name = lastPartOf(path);
    const home = parentOf(path);
    const unnamed = /^__asset_id__(\d+)$/.exec(name)?.[1];
    const inNamespace = this.get('namespace', home) ? this.assetNamed(home, name) : undefined;
    if (inNamespace) return inNamespace;
    const collection = home === '/' ? undefined : this.assetAt(home);
    const member = collection && this.assetNamed(collection.id, name);
    if (member || unnamed === undefined) return member;
    const byNumber = this.get('asset', unnamed);
    return byNumber && (byNumber.parent ?? byNumber.namespace) === (collection?.id ?? home) ? byNumber : undefined;
  }

  pathOf(asset: AssetRecord): string {
    const collection = asset.parent === undefined ? undefined : this.get('asset', asset.parent);
    const home = collection ? this.pathOf(collection) : asset.namespace === '/' ? '' : asset.namespace;
    return `${home}/${asset.name ?? `__asset_id__${asset.id}`}`;
  }

  /** Ids of the assets found by a key, in no particular order. */
  assetIds(by: AssetKey, key: string): ReadonlySet<string> {
    return this.assetsBy[by].of(key);
  }

  countBy(by: AssetKey, key: string): number {
    return this.assetsBy[by].sizeOf(key);
  }

  get assetCount(): number {
    return this.tables.get('asset')?.size ?? 0;
  }

  *assetsDirectlyIn(namespace: string): Generator<AssetRecord> {
    yield* this.assetsOfIds(this.assetsBy.namespace.of(namespace));
  }

  *members(collection: number): Generator<AssetRecord> {
    yield* this.assetsOfIds(this.assetsBy.collection.of(String(collection)));
  }

  /** Earlier versions, oldest first. */
  formerVersions(asset: number): AssetRecord[] {
    return [...this.versionsOf.of(String(asset))]
      .flatMap((key) => this.get('version', key) ?? [])
      .sort((left, right) => left.version - right.version);
  }

  /** Paths of the namespaces directly in one, in no particular order. */
  childPaths(path: string): ReadonlySet<string> {
    return this.namespacesIn.of(path);
  }

  childNamespaces(path: string): NamespaceRecord[] {
    return [...this.namespacesIn.of(path)].sort().flatMap((childPath) => this.get('namespace', childPath) ?? []);
  }

  isLeaf(path: string): boolean {
    return this.namespacesIn.sizeOf(path) === 0;
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
    const id = this.tokenByHash.get(hash);
    return id === undefined ? undefined : this.get('token', id);
  }

  /** Bytes of the contents in a namespace and below it. */
  bytesFrom(namespace: string): number {
    let bytes = 0;
    for (const { path } of this.namespacesFrom(namespace)) bytes += this.bytesIn.get(path) ?? 0;
    return bytes;
  }

  ioJobOfFile(file: string): IoJobRecord | undefined {
    const ticket = this.ioJobByFile.get(file);
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
    if (former !== undefined) this.unindex(table, key, former);
    if (value === null) records.delete(key);
    else {
      records.set(key, value);
      this.index(table, key, value);
    }
  }

  private index(table: string, key: string, value: unknown): void {
    if (table === 'asset') {
      const asset = value as AssetRecord;
      eachKeyOf(asset, (by, at) => this.assetsBy[by].add(at, key));
      if (asset.name !== null) this.assetByName.set(homeKey(asset, asset.name), key);
      this.addBytes(asset.namespace, asset.content?.size ?? 0);
    } else if (table === 'namespace') {
      this.namespaceById.set((value as NamespaceRecord).id, key);
      if (key !== '/') this.namespacesIn.add(parentOf(key), key);
    } else if (table === 'version') this.versionsOf.add(String((value as AssetRecord).id), key);
    else if (table === 'token') this.tokenByHash.set((value as TokenRecord).tokenHash, key);
    else if (table === 'ioJob') this.ioJobByFile.set((value as IoJobRecord).file, key);
  }

  private addBytes(namespace: string, bytes: number): void {
    if (bytes !== 0) this.bytesIn.set(namespace, (this.bytesIn.get(namespace) ?? 0) + bytes);
  }

  private unindex(table: string, key: string, former: unknown): void {
    if (table === 'asset') {
      const asset = former as AssetRecord;
      eachKeyOf(asset, (by, at) => this.assetsBy[by].remove(at, key));
      if (asset.name !== null) this.assetByName.delete(homeKey(asset, asset.name));
      this.addBytes(asset.namespace, -(asset.content?.size ?? 0));
    } else if (table === 'namespace') {
      this.namespaceById.delete((former as NamespaceRecord).id);
      if (key !== '/') this.namespacesIn.remove(parentOf(key), key);
    } else if (table === 'version') this.versionsOf.remove(String((former as AssetRecord).id), key);
    else if (table === 'token') this.tokenByHash.delete((former as TokenRecord).tokenHash);
    else if (table === 'ioJob') this.ioJobByFile.delete((former as IoJobRecord).file);
  }

  private *snapshot(): Generator<Change> {
    yield ['counter', '', this.counter];
    for (const table of TABLES) for (const [key, value] of this.tables.get(table) ?? []) yield [table, key, value];
  }
}

const homeKey = (asset: AssetRecord, name: string): string => `${asset.parent ?? asset.namespace}\0${name}`;

function eachKeyOf(asset: AssetRecord, visit: (by: AssetKey, at: string) => void): void {
  visit('namespace', asset.namespace);
  if (asset.parent !== undefined) visit('collection', String(asset.parent));
  if (asset.name !== null) visit('name', asset.name);
  for (const { element } of asset.documents) visit('document', element.name);
}
