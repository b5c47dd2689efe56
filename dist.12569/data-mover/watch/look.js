// A look at a watched folder: its datasets, and a fingerprint of each that changes with anything in it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolderIn } from '../journal/home.js';
import { walk } from '../tree/walk.js';
/** Names of the folders directly in it; hidden ones, and this program's own, are no datasets. */ export function datasetsIn(folder) {
    const own = ownFolderIn(folder);
    return readdirSync(folder, {
        withFileTypes: true
    }).filter((entry)=>entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== own).map((entry)=>entry.name).sort();
}
/** The same as long as it is this folder, wherever its share is mounted; undefined: the file system does not tell. */ export function identityOf(dataset) {
    const { ino, birthtimeNs } = statSync(dataset, {
        bigint: true
    });
    return ino === 0n || birthtimeNs <= 0n ? undefined : `${ino}-${birthtimeNs}`;
}
/** @param followSymlinks as the upload does: what changes behind a link is a change of the dataset then */ export async function lookAt(dataset, signal, followSymlinks = false) {
    const hash = createHash('sha256');
    const own = ownFolderIn(dataset);
    for await (const found of walk([
        dataset
    ], {
        signal,
        followSymlinks
    })){
        if (own !== undefined && (found.path === own || found.path.startsWith(`${own}/`))) continue;
        hash.update(found.kind === 'file' ? `${found.path}\0${found.size}\0${found.modifiedMs}\n` : `${found.kind} ${found.path}\n`);
    }
    return hash.digest('hex').slice(0, 32);
}
export const hasFile = (dataset, name)=>existsSync(join(dataset, name));

//# sourceMappingURL=look.js.map
