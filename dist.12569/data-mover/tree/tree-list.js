// What is to be sent, as it was found before anything moved: a line for each file and empty folder in a file of the
// journal's folder, read again as often as it is needed.
import { basename, dirname, join } from 'node:path';
import { linesOf, LineWriter } from '../journal/lines.js';
export class TreeList {
    file;
    writer;
    bases;
    constructor(file, roots, /** One folder: its contents lie at the top, without its name. */ isOneFolder){
        this.file = file;
        this.bases = isOneFolder ? [
            ...roots
        ] : roots.map(dirname);
    }
    addFile(path, root, size, modifiedMs) {
        this.write([
            path,
            root,
            size,
            modifiedMs
        ]);
    }
    addEmptyFolder(path) {
        this.write([
            path
        ]);
    }
    finish() {
        this.writer?.close();
        this.writer = undefined;
    }
    *entries() {
        for (const text of linesOf(this.file)){
            const [path, root, size, modifiedMs] = JSON.parse(text);
            if (root === undefined) yield {
                emptyFolder: path
            };
            else yield {
                path,
                from: join(this.bases[root] ?? '', path),
                size: size ?? 0,
                modifiedMs: modifiedMs ?? 0
            };
        }
    }
    write(line) {
        this.writer ??= new LineWriter(this.file);
        this.writer.write(JSON.stringify(line));
    }
}
/** The name that two of the roots would share. */ export function sharedName(roots) {
    const names = roots.map((root)=>basename(root));
    return names.find((name, index)=>names.indexOf(name) !== index);
}

//# sourceMappingURL=tree-list.js.map
