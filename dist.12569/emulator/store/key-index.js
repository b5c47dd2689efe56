// Sets of keys by another key. A lone key stands without a set: most names have one asset only.
export class Index {
    sets = new Map();
    add(at, key) {
        const found = this.sets.get(at);
        if (found === undefined) this.sets.set(at, key);
        else if (typeof found === 'object') found.add(key);
        else if (found !== key) this.sets.set(at, new Set([
            found,
            key
        ]));
    }
    remove(at, key) {
        const found = this.sets.get(at);
        if (typeof found === 'object') found.delete(key);
        if (found === key || typeof found === 'object' && found.size === 0) this.sets.delete(at);
    }
    of(at) {
        const found = this.sets.get(at);
        return typeof found === 'string' ? new Set([
            found
        ]) : found ?? NOTHING;
    }
    sizeOf(at) {
        const found = this.sets.get(at);
        return typeof found === 'string' ? 1 : found?.size ?? 0;
    }
}
const NOTHING = new Set();

//# sourceMappingURL=key-index.js.map
