// What is known of the datasets of a watched folder: kept outside it, written by rename.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeWhole } from '../journal/durable.js';
import { folderFor, inNotes } from '../journal/home.js';
import { lock } from '../journal/lock.js';
export class WatchState {
    datasets = new Map();
    folder;
    isDamaged = false;
    /** @throws Failure its folder cannot be used */ constructor(watched){
        this.folder = folderFor([
            'watch',
            watched
        ]);
        const found = inNotes(()=>readJson(this.file('datasets.json')));
        if (found === 'damaged') this.isDamaged = true;
        else for (const [name, record] of Object.entries(found?.value ?? {}))this.datasets.set(name, record);
    }
    /** @throws Failure another watch is at this folder */ lock() {
        return lock(this.file('lock'), 'watching this folder');
    }
    /** Puts what is damaged aside, and answers where it is then; undefined: nothing is. */ putAside() {
        if (!this.isDamaged) return undefined;
        const file = this.file('datasets.json');
        inNotes(()=>renameSync(file, `${file}.damaged`));
        this.isDamaged = false;
        return `${file}.damaged`;
    }
    /** It holds from now on, also when it cannot be kept. @throws Failure it cannot be kept */ set(name, record) {
        if (this.datasets.get(name) === record) return;
        if (record) this.datasets.set(name, record);
        else this.datasets.delete(name);
        inNotes(()=>writeWhole(this.file('datasets.json'), JSON.stringify(Object.fromEntries(this.datasets), null, 1)));
    }
    file(name) {
        return join(this.folder, name);
    }
}

//# sourceMappingURL=watch-state.js.map
