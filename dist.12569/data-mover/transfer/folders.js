// Namespaces in Mediaflux, each made once and ahead of the files in it.
/** Making one again changes nothing, so that only the latest are remembered. */ const REMEMBERED = 10_000;
export class Folders {
    link;
    made = new Map();
    constructor(link){
        this.link = link;
    }
    ensure(folder) {
        const standing = this.made.get(folder);
        if (standing) return standing;
        if (this.made.size >= REMEMBERED) this.made.clear();
        const making = this.link.makeFolder(folder);
        this.made.set(folder, making);
        making.catch(()=>this.made.delete(folder));
        return making;
    }
    /** The folder that a file at `path` lies in. */ ensureFor(path) {
        const end = path.lastIndexOf('/');
        return end < 0 ? undefined : this.ensure(path.slice(0, end));
    }
}

//# sourceMappingURL=folders.js.map
