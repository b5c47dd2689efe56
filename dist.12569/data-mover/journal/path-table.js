// Three numbers for each of millions of paths, in 33 bytes a place instead of the 200 and more of a Map of objects: open
// addressing over typed arrays, a path known by the first 96 bits of its SHA-256.
import { hash } from 'node:crypto';
const FREE = 0;
const TAKEN = 1;
const REMOVED = 2;
const FIRST_PLACES = 1_024;
export class PathTable {
    size = 0;
    occupied = 0;
    places = FIRST_PLACES;
    states = new Uint8Array(FIRST_PLACES);
    words = new Uint32Array(FIRST_PLACES * 4);
    doubles = new Float64Array(FIRST_PLACES * 2);
    get(path) {
        const place = this.find(keyOf(path));
        return this.states[place] === TAKEN ? this.at(place) : undefined;
    }
    set(path, word, first, second) {
        if (this.occupied * 4 >= this.places * 3) this.grow();
        this.put(keyOf(path), word, first, second);
    }
    delete(path) {
        const place = this.find(keyOf(path));
        if (this.states[place] !== TAKEN) return;
        this.states[place] = REMOVED;
        this.size -= 1;
    }
    empty(places) {
        this.places = places;
        this.occupied = 0;
        this.states = new Uint8Array(places);
        this.words = new Uint32Array(places * 4);
        this.doubles = new Float64Array(places * 2);
    }
    at(place) {
        return {
            word: this.words[place * 4 + 3] ?? 0,
            first: this.doubles[place * 2] ?? 0,
            second: this.doubles[place * 2 + 1] ?? 0
        };
    }
    put(key, word, first, second) {
        const place = this.find(key);
        if (this.states[place] === FREE) {
            this.size += 1;
            this.occupied += 1;
            this.states[place] = TAKEN;
        }
        this.words.set([
            ...key,
            word
        ], place * 4);
        this.doubles[place * 2] = first;
        this.doubles[place * 2 + 1] = second;
    }
    /** Where the key is, or the free place where it would go. */ find([one, two, three]) {
        const mask = this.places - 1;
        for(let place = one & mask;; place = place + 1 & mask){
            const state = this.states[place];
            if (state === FREE) return place;
            const at = place * 4;
            if (state === TAKEN && this.words[at] === one && this.words[at + 1] === two && this.words[at + 2] === three) return place;
        }
    }
    grow() {
        const { places, states, words, doubles } = this;
        // Many removals need a clean table, not a larger one.
        this.empty(this.size * 2 >= places ? places * 2 : places);
        this.size = 0;
        for(let place = 0; place < places; place += 1){
            if (states[place] !== TAKEN) continue;
            const [one = 0, two = 0, three = 0, word = 0] = words.subarray(place * 4, place * 4 + 4);
            this.put([
                one,
                two,
                three
            ], word, doubles[place * 2] ?? 0, doubles[place * 2 + 1] ?? 0);
        }
    }
}
/** From text of one character a byte: a buffer for each of a million paths would be a million to collect. */ function keyOf(path) {
    const digest = hash('sha256', path, 'binary');
    return [
        wordAt(digest, 0),
        wordAt(digest, 4),
        wordAt(digest, 8)
    ];
}
const wordAt = (digest, at)=>(digest.charCodeAt(at) | digest.charCodeAt(at + 1) << 8 | digest.charCodeAt(at + 2) << 16 | digest.charCodeAt(at + 3) << 24) >>> 0;

//# sourceMappingURL=path-table.js.map
