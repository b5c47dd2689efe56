// Everything that is to go, listed before anything moves, or the reasons why nothing may.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { Failure, wrongUse } from '../failures.js';
import { inNotes, ownFolderIn } from '../journal/home.js';
import { refusal, windowsTrouble } from '../tree/names.rules.js';
import { sharedName, TreeList } from '../tree/tree-list.js';
import { isOneFolder, walk } from '../tree/walk.js';
/** So many names that Windows cannot hold are told one by one. */ const MOST_TOLD = 20;
/** @throws Failure something may not or cannot be uploaded; each is named before */ export async function gather(options, reporter) {
    const shared = sharedName(options.paths);
    if (shared !== undefined) throw wrongUse(`Two of the paths end in ${shared}; upload the folder that they lie in, or one after the other.`);
    const isOne = isOneFolder(options.paths);
    const list = new TreeList(options.listFile, options.paths, isOne);
    const gathering = new Gathering(list, reporter);
    const own = ownFolders(options.paths, isOne);
    for (const path of own)reporter.leftOut('this program keeps its own notes there', path);
    try {
        for await (const found of walk(options.paths, options)){
            const isOwn = own.some((folder)=>found.path === folder || found.path.startsWith(`${folder}/`));
            if (!isOwn && !options.leaveOut?.includes(found.path)) gathering.take(found);
        }
    } finally{
        inNotes(()=>list.finish());
    }
    return gathering.tree();
}
/** Where this program's own folder lies in the tree: it changes all the time, and is none of the data. */ function ownFolders(paths, isOne) {
    return paths.flatMap((path)=>{
        const own = ownFolderIn(path);
        return own === undefined ? [] : [
            isOne ? own : `${basename(path)}/${own}`
        ];
    });
}
let Gathering = class Gathering {
    list;
    reporter;
    hash = createHash('sha256');
    files = 0;
    bytes = 0;
    youngestMs = 0;
    faults = 0;
    windowsTroubles = 0;
    constructor(list, reporter){
        this.list = list;
        this.reporter = reporter;
        reporter.looks();
    }
    take(found) {
        if (found.kind === 'skipped') this.reporter.leftOut(found.why, found.path);
        else {
            const trouble = found.kind === 'unreadable' ? found.why : refusal(found.path);
            if (trouble !== undefined) {
                this.reporter.error(trouble, found.path);
                this.faults += 1;
            } else if (found.kind !== 'unreadable') this.add(found);
        }
    }
    tree() {
        if (this.windowsTroubles > MOST_TOLD) this.reporter.note(`${this.windowsTroubles - MOST_TOLD} more names are of the kind that Windows cannot hold.`);
        if (this.faults > 0) throw new Failure(`Nothing was sent: ${this.faults} ${this.faults === 1 ? 'entry' : 'entries'} cannot be uploaded, as told above. Put that right, and run the same command again.`);
        if (this.files === 0) throw wrongUse('There is no file to upload.');
        const { list, files, bytes, youngestMs } = this;
        return {
            list,
            files,
            bytes,
            youngestMs,
            fingerprint: this.hash.digest('hex')
        };
    }
    add(found) {
        const windows = windowsTrouble(found.path);
        if (windows !== undefined) {
            this.windowsTroubles += 1;
            if (this.windowsTroubles <= MOST_TOLD) this.reporter.note(`${windows}; whoever fetches it there will have to rename it`, found.path);
        }
        if (found.kind === 'empty-folder') {
            inNotes(()=>this.list.addEmptyFolder(found.path));
            this.hash.update(`${found.path}/\n`);
            return;
        }
        this.files += 1;
        this.bytes += found.size;
        this.youngestMs = Math.max(this.youngestMs, found.modifiedMs);
        inNotes(()=>this.list.addFile(found.path, found.root, found.size, found.modifiedMs));
        this.hash.update(`${found.path}\0${found.size}\0${found.modifiedMs}\n`);
    }
};

//# sourceMappingURL=gather.js.map
