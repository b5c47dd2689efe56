// Everything that is not content, in memory, with the indexes that look-ups need. Every change goes through `commit`,
// which writes the journal first.
import { storeFull } from '../faults.js';
import { Journal } from './journal.js';
import { homeKey, Indexes } from './indexes.js';
import { lastPartOf, parentOf } from './paths.js';
const TABLES = [
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
    'task'
];
/** Tables that no query looks at, neither for what matches nor for what the caller may see. */ const UNQUERIED = new Set([
    'ioJob',
    'task',
    'docNamespace',
    'docType',
    'roleNamespace'
]);
export class State {
    tables = new Map(TABLES.map((name)=>[
            name,
            new Map()
        ]));
    indexes = new Indexes();
    counter = 1_000;
    changes = 0;
    journal;
    open(folder) {
        this.journal = Journal.open(folder, (change)=>this.apply(change), ()=>this.snapshot());
    }
    close() {
        this.journal?.close();
        this.journal = undefined;
    }
    get isOpen() {
        return this.journal !== undefined;
    }
    /** A number that was never given before; also the running change number (`stime`). */ nextNumber() {
        this.counter += 1;
        return this.counter;
    }
    get lastNumber() {
        return this.counter;
    }
    /** Another number after every change that may change what a query answers. */ get revision() {
        return this.changes;
    }
    /** Makes the changes durable and visible, all at once. */ commit(...changes) {
        this.commitAll(changes);
    }
    /** As `commit`, for any number of changes. */ commitAll(changes) {
        const all = changes.concat([
            [
                'counter',
                '',
                this.counter
            ]
        ]);
        if (!this.journal) throw new Error('The emulator has stopped.');
        try {
            this.journal.append(all);
        } catch (error) {
            if (error.code !== 'ENOSPC') throw error;
            throw storeFull('There is not enough space left for the records of the store');
        }
        for (const change of all)this.apply(change);
    }
    get(table, key) {
        return this.tables.get(table)?.get(String(key));
    }
    all(table) {
        return this.tables.get(table).values();
    }
    namespaceOfId(id) {
        const path = this.indexes.namespaceById.get(id);
        return path === undefined ? undefined : this.get('namespace', path);
    }
    /** The asset of that name in a namespace, or in a collection. */ assetNamed(home, name) {
        const id = this.indexes.assetByName.get(homeKey(home, name));
        return id === undefined ? undefined : this.get('asset', id);
    }
    /** The asset at a path; a step may be a namespace, a collection, or `__asset_id__` and a number for one without a name. */ assetAt(path) {
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
    pathOf(asset) {
        const collection = asset.parent === undefined ? undefined : this.get('asset', asset.parent);
        const home = collection ? this.pathOf(collection) : asset.namespace === '/' ? '' : asset.namespace;
        return `${home}/${asset.name ?? `__asset_id__${asset.id}`}`;
    }
    /** Ids of the assets found by a key, in no particular order. */ assetIds(by, key) {
        return this.indexes.assetsBy[by].of(key);
    }
    countBy(by, key) {
        return this.indexes.assetsBy[by].sizeOf(key);
    }
    /** Of the assets directly in a namespace; undefined where there is none. */ stimesIn(namespace) {
        let range = this.indexes.stimesIn.get(namespace);
        if (range) return range;
        for (const { stime } of this.assetsDirectlyIn(namespace)){
            if (range) range = {
                least: Math.min(range.least, stime),
                most: Math.max(range.most, stime)
            };
            else range = {
                least: stime,
                most: stime
            };
        }
        if (range) this.indexes.stimesIn.set(namespace, range);
        return range;
    }
    get assetCount() {
        return this.tables.get('asset')?.size ?? 0;
    }
    *assetsDirectlyIn(namespace) {
        yield* this.assetsOfIds(this.indexes.assetsBy.namespace.of(namespace));
    }
    *members(collection) {
        yield* this.assetsOfIds(this.indexes.assetsBy.collection.of(String(collection)));
    }
    /** Earlier versions, oldest first. */ formerVersions(asset) {
        return [
            ...this.indexes.versionsOf.of(String(asset))
        ].flatMap((key)=>this.get('version', key) ?? []).sort((left, right)=>left.version - right.version);
    }
    /** Paths of the namespaces directly in one, in no particular order. */ childPaths(path) {
        return this.indexes.namespacesIn.of(path);
    }
    childNamespaces(path) {
        return [
            ...this.indexes.namespacesIn.of(path)
        ].sort().flatMap((childPath)=>this.get('namespace', childPath) ?? []);
    }
    isLeaf(path) {
        return this.indexes.namespacesIn.sizeOf(path) === 0;
    }
    /** The namespace and all below it, parents first. */ *namespacesFrom(path) {
        const here = this.get('namespace', path);
        if (!here) return;
        yield here;
        for (const below of this.childNamespaces(path))yield* this.namespacesFrom(below.path);
    }
    *assetsFrom(path) {
        for (const namespace of this.namespacesFrom(path))yield* this.assetsDirectlyIn(namespace.path);
    }
    tokenOf(hash) {
        const id = this.indexes.tokenByHash.get(hash);
        return id === undefined ? undefined : this.get('token', id);
    }
    /** Bytes of the contents in a namespace and below it. */ bytesFrom(namespace) {
        let bytes = 0;
        for (const { path } of this.namespacesFrom(namespace))bytes += this.indexes.bytesIn.get(path) ?? 0;
        return bytes;
    }
    ioJobOfFile(file) {
        const ticket = this.indexes.ioJobByFile.get(file);
        return ticket === undefined ? undefined : this.get('ioJob', ticket);
    }
    /** Files in the contents folder that a record names. */ *files() {
        for (const asset of this.all('asset'))if (asset.content) yield asset.content.file;
        for (const former of this.all('version'))if (former.content) yield former.content.file;
        for (const job of this.all('ioJob'))yield job.file;
    }
    *assetsOfIds(ids) {
        for (const id of ids){
            const asset = this.get('asset', id);
            if (asset) yield asset;
        }
    }
    apply([table, key, value]) {
        if (table === 'counter') {
            this.counter = Math.max(this.counter, value);
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
    *snapshot() {
        yield [
            'counter',
            '',
            this.counter
        ];
        for (const table of TABLES)for (const [key, value] of this.tables.get(table) ?? [])yield [
            table,
            key,
            value
        ];
    }
}

//# sourceMappingURL=state.js.map
