// By what else records are looked up than by their keys. Kept with every change of a record.
import { Index } from './key-index.js';
import { parentOf } from './paths.js';
export class Indexes {
    /** Ids of assets by the namespace they lie in, the collection they are members of, name, and type of a document. */ assetsBy = {
        namespace: new Index(),
        collection: new Index(),
        name: new Index(),
        document: new Index()
    };
    namespacesIn = new Index();
    versionsOf = new Index();
    /** Id of the asset by its home, a namespace or a collection, and its name there. */ assetByName = new Map();
    /**
   * Least and largest change number of the assets directly in a namespace. None where it has no assets, and where the
   * least or the largest has gone: then they have to be looked at.
   */ stimesIn = new Map();
    /** Bytes of the contents directly in a namespace. */ bytesIn = new Map();
    ioJobByFile = new Map();
    namespaceById = new Map();
    tokenByHash = new Map();
    add(table, key, value) {
        if (table === 'asset') {
            const asset = value;
            this.addStime(asset);
            eachKeyOf(asset, (by, at)=>this.assetsBy[by].add(at, key));
            if (asset.name !== null) this.assetByName.set(homeKey(asset.parent ?? asset.namespace, asset.name), key);
            this.addBytes(asset.namespace, asset.content?.size ?? 0);
        } else if (table === 'namespace') {
            this.namespaceById.set(value.id, key);
            if (key !== '/') this.namespacesIn.add(parentOf(key), key);
        } else if (table === 'version') this.versionsOf.add(String(value.id), key);
        else if (table === 'token') this.tokenByHash.set(value.tokenHash, key);
        else if (table === 'ioJob') this.ioJobByFile.set(value.file, key);
    }
    remove(table, key, former) {
        if (table === 'asset') {
            const asset = former;
            this.removeStime(asset);
            eachKeyOf(asset, (by, at)=>this.assetsBy[by].remove(at, key));
            if (asset.name !== null) this.assetByName.delete(homeKey(asset.parent ?? asset.namespace, asset.name));
            this.addBytes(asset.namespace, -(asset.content?.size ?? 0));
        } else if (table === 'namespace') {
            this.namespaceById.delete(former.id);
            if (key !== '/') this.namespacesIn.remove(parentOf(key), key);
        } else if (table === 'version') this.versionsOf.remove(String(former.id), key);
        else if (table === 'token') this.tokenByHash.delete(former.tokenHash);
        else if (table === 'ioJob') this.ioJobByFile.delete(former.file);
    }
    addStime({ namespace, stime }) {
        const range = this.stimesIn.get(namespace);
        if (range) {
            if (stime < range.least) range.least = stime;
            if (stime > range.most) range.most = stime;
        } else if (this.assetsBy.namespace.sizeOf(namespace) === 0) this.stimesIn.set(namespace, {
            least: stime,
            most: stime
        });
    }
    removeStime({ namespace, stime }) {
        const range = this.stimesIn.get(namespace);
        if (range && (stime === range.least || stime === range.most)) this.stimesIn.delete(namespace);
    }
    addBytes(namespace, bytes) {
        if (bytes !== 0) this.bytesIn.set(namespace, (this.bytesIn.get(namespace) ?? 0) + bytes);
    }
}
export const homeKey = (home, name)=>`${home}\0${name}`;
function eachKeyOf(asset, visit) {
    visit('namespace', asset.namespace);
    if (asset.parent !== undefined) visit('collection', String(asset.parent));
    if (asset.name !== null) visit('name', asset.name);
    for (const { element } of asset.documents)visit('document', element.name);
}

//# sourceMappingURL=indexes.js.map
