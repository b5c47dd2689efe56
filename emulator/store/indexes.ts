// By what else records are looked up than by their keys. Kept with every change of a record.

import { Index } from './key-index.js';
import { parentOf } from './paths.js';
import type { AssetRecord, IoJobRecord, NamespaceRecord, TokenRecord } from './records.js';

/** By which an asset can be looked up without looking at others. */
export type AssetKey = 'namespace' | 'collection' | 'name' | 'document';

export interface StimeRange {
  least: number;
  most: number;
}

export class Indexes {
  /** Ids of assets by the namespace they lie in, the collection they are members of, name, and type of a document. */
  readonly assetsBy: Record<AssetKey, Index> = {
    namespace: new Index(),
    collection: new Index(),
    name: new Index(),
    document: new Index(),
  };
  readonly namespacesIn = new Index();
  readonly versionsOf = new Index();
  /** Id of the asset by its home, a namespace or a collection, and its name there. */
  readonly assetByName = new Map<string, string>();
  /**
   * Least and largest change number of the assets directly in a namespace. None where it has no assets, and where the
   * least or the largest has gone: then they have to be looked at.
   */
  readonly stimesIn = new Map<string, StimeRange>();
  /** Bytes of the contents directly in a namespace. */
  readonly bytesIn = new Map<string, number>();
  readonly ioJobByFile = new Map<string, string>();
  readonly namespaceById = new Map<number, string>();
  readonly tokenByHash = new Map<string, string>();

  add(table: string, key: string, value: unknown): void {
    if (table === 'asset') {
      const asset = value as AssetRecord;
      this.addStime(asset);
      eachKeyOf(asset, (by, at) => this.assetsBy[by].add(at, key));
      if (asset.name !== null) this.assetByName.set(homeKey(asset.parent ?? asset.namespace, asset.name), key);
      this.addBytes(asset.namespace, asset.content?.size ?? 0);
    } else if (table === 'namespace') {
      this.namespaceById.set((value as NamespaceRecord).id, key);
      if (key !== '/') this.namespacesIn.add(parentOf(key), key);
    } else if (table === 'version') this.versionsOf.add(String((value as AssetRecord).id), key);
    else if (table === 'token') this.tokenByHash.set((value as TokenRecord).tokenHash, key);
    else if (table === 'ioJob') this.ioJobByFile.set((value as IoJobRecord).file, key);
  }

  remove(table: string, key: string, former: unknown): void {
    if (table === 'asset') {
      const asset = former as AssetRecord;
      this.removeStime(asset);
      eachKeyOf(asset, (by, at) => this.assetsBy[by].remove(at, key));
      if (asset.name !== null) this.assetByName.delete(homeKey(asset.parent ?? asset.namespace, asset.name));
      this.addBytes(asset.namespace, -(asset.content?.size ?? 0));
    } else if (table === 'namespace') {
      this.namespaceById.delete((former as NamespaceRecord).id);
      if (key !== '/') this.namespacesIn.remove(parentOf(key), key);
    } else if (table === 'version') this.versionsOf.remove(String((former as AssetRecord).id), key);
    else if (table === 'token') this.tokenByHash.delete((former as TokenRecord).tokenHash);
    else if (table === 'ioJob') this.ioJobByFile.delete((former as IoJobRecord).file);
  }

  private addStime({ namespace, stime }: AssetRecord): void {
    const range = this.stimesIn.get(namespace);
    if (range) {
      if (stime < range.least) range.least = stime;
      if (stime > range.most) range.most = stime;
    } else if (this.assetsBy.namespace.sizeOf(namespace) === 0)
      this.stimesIn.set(namespace, { least: stime, most: stime });
  }

  private removeStime({ namespace, stime }: AssetRecord): void {
    const range = this.stimesIn.get(namespace);
    if (range && (stime === range.least || stime === range.most)) this.stimesIn.delete(namespace);
  }

  private addBytes(namespace: string, bytes: number): void {
    if (bytes !== 0) this.bytesIn.set(namespace, (this.bytesIn.get(namespace) ?? 0) + bytes);
  }
}

export const homeKey = (home: string | number, name: string): string => `${home}\0${name}`;

function eachKeyOf(asset: AssetRecord, visit: (by: AssetKey, at: string) => void): void {
  visit('namespace', asset.namespace);
  if (asset.parent !== undefined) visit('collection', String(asset.parent));
  if (asset.name !== null) visit('name', asset.name);
  for (const { element } of asset.documents) visit('document', element.name);
}
