// Everything that is not content, in memory, with the indexes that look-ups need. Every change goes through `commit`,
// which writes the journal first.

import { type Change, Journal } from './journal.js';
import type {
  AssetRecord,
  DocTypeRecord,
  GrantRecord,
  NamespaceRecord,
  RoleRecord,
  TokenRecord,
  UserRecord,
} from './records.js';

interface Tables {
  namespace: NamespaceRecord;
  asset: AssetRecord;
  user: UserRecord;
  role: RoleRecord;
  roleNamespace: { name: string };
  grant: GrantRecord;
  token: TokenRecord;
  docNamespace: { name: string };
  docType: DocTypeRecord;
}
type TableName = keyof Tables;

const TABLES: TableName[] = [
  'namespace',
  'asset',
  'user',
  'role',
  'roleNamespace',
  'grant',
  'token',
  'docNamespace',
  'docType',
];

export class State {
  private readonly tables = new Map<string, Map<string, unknown>>(
    TABLES.map((name) => [name, new Map<string, unknown>()]),
  );
  /** Namespace path to the ids of the assets directly in it. */
  private readonly assetsIn = new Map<string, Set<string>>();
  private readonly assetByPath = new Map<string, string>();
  private readonly namespacesIn = new Map<string, Set<string>>();
  private readonly tokenByHash = new Map<string, string>();
  private counter = 1_000;
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

  /** Makes the changes durable and visible, all at once. */
  commit(...changes: Change[]): void {
    const all: Change[] = [...changes, ['counter', '', this.counter]];
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

  assetAt(namespace: string, name: string): AssetRecord | undefined {
    const id = this.assetByPath.get(`${namespace}\0${name}`);
    return id === undefined ? undefined : this.get('asset', id);
  }

  *assetsDirectlyIn(namespace: string): Generator<AssetRecord> {
    for (const id of this.assetsIn.get(namespace) ?? []) {
      const asset = this.get('asset', id);
      if (asset) yield asset;
    }
  }

  childNamespaces(path: string): NamespaceRecord[] {
    return [...(this.namespacesIn.get(path) ?? [])]
      .sort()
      .flatMap((childPath) => this.get('namespace', childPath) ?? []);
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

  private apply([table, key, value]: Change): void {
    if (table === 'counter') {
      this.counter = Math.max(this.counter, value as number);
      return;
    }
    const records = this.tables.get(table);
    if (!records) throw new Error(`The journal names a table ${table} that this version does not know.`);
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
      let ids = this.assetsIn.get(asset.namespace);
      if (!ids) this.assetsIn.set(asset.namespace, (ids = new Set()));
      ids.add(key);
      if (asset.name !== null) this.assetByPath.set(`${asset.namespace}\0${asset.name}`, key);
    } else if (table === 'namespace' && key !== '/') {
      const parent = parentOf(key);
      let paths = this.namespacesIn.get(parent);
      if (!paths) this.namespacesIn.set(parent, (paths = new Set()));
      paths.add(key);
    } else if (table === 'token') this.tokenByHash.set((value as TokenRecord).tokenHash, key);
  }

  private unindex(table: string, key: string, former: unknown): void {
    if (table === 'asset') {
      const asset = former as AssetRecord;
      this.assetsIn.get(asset.namespace)?.delete(key);
      if (asset.name !== null) this.assetByPath.delete(`${asset.namespace}\0${asset.name}`);
    } else if (table === 'namespace' && key !== '/') this.namespacesIn.get(parentOf(key))?.delete(key);
    else if (table === 'token') this.tokenByHash.delete((former as TokenRecord).tokenHash);
  }

  private *snapshot(): Generator<Change> {
    yield ['counter', '', this.counter];
    for (const table of TABLES) for (const [key, value] of this.tables.get(table) ?? []) yield [table, key, value];
  }
}

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
export const lastPartOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** With a leading and without a trailing slash; `/` itself stays. Clients leave the first out or quote the path. */
export function normalPath(text: string): string {
  const bare = text.replace(/^'(.*)'$/, '$1');
  const parts = bare.split('/').filter((part) => part !== '');
  return `/${parts.join('/')}`;
}
