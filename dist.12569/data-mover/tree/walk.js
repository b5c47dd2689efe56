// Walks what is to be uploaded: files and empty folders, in order of name. Links are followed only when asked, and never
// in a circle; what cannot be read is named.
import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isText, NOT_TEXT } from './names.rules.js';
/** So often others get their turn, signals too. */ const LOOKS_IN_A_ROW = 256;
/** One folder: its contents; several, or a file: each below its own name. Paths are relative, with `/`. */ export async function* walk(roots, options = {}) {
    const isTop = isOneFolder(roots);
    let looks = 0;
    for (const [root, at] of roots.entries()){
        const walker = found(at, isTop ? '' : basename(at), root, options.followSymlinks ?? false);
        for (const one of walker){
            yield one;
            looks += 1;
            if (looks % LOOKS_IN_A_ROW !== 0) continue;
            await nextTurn();
            options.signal?.throwIfAborted();
        }
    }
}
export function isOneFolder(roots) {
    const [only] = roots;
    return roots.length === 1 && only !== undefined && (statSync(only, {
        throwIfNoEntry: false
    })?.isDirectory() ?? false);
}
/** Folders that are open are kept in a list: a tree may be deeper than calls can be. */ function* found(at, top, root, follows) {
    const open = [];
    const look = function*(place, path) {
        const one = lookAt(place, path, root, follows || open.length === 0);
        if (one.kind !== 'folder') yield one;
        else {
            const inside = openFolder(place, path, follows, open);
            if ('kind' in inside) yield inside;
            else if (inside.names.length === 0 && path !== '') yield {
                kind: 'empty-folder',
                path
            };
            else open.push(inside);
        }
    };
    yield* look(at, top);
    for(let folder = open.at(-1); folder; folder = open.at(-1)){
        const name = folder.names[folder.next];
        folder.next += 1;
        if (name === undefined) open.pop();
        else yield* look(join(folder.at, name), folder.path === '' ? name : `${folder.path}/${name}`);
    }
}
/** @param follows what the user named is meant, also when it is a link */ function lookAt(at, path, root, follows) {
    // It cannot be asked for: the name that the system has is another one.
    if (!isText(path)) return {
        kind: 'unreadable',
        path,
        why: NOT_TEXT
    };
    try {
        const stat = follows ? statSync(at) : lstatSync(at);
        if (stat.isFile()) return {
            kind: 'file',
            path,
            root,
            size: stat.size,
            modifiedMs: Math.floor(stat.mtimeMs)
        };
        if (stat.isDirectory()) return {
            kind: 'folder'
        };
        const isLink = stat.isSymbolicLink();
        const why = isLink ? 'it is a symbolic link (--follow-symlinks takes what it leads to)' : 'it is neither a file nor a folder';
        return {
            kind: 'skipped',
            path,
            why
        };
    } catch (error) {
        return {
            kind: 'unreadable',
            path: path === '' ? '.' : path,
            why: reason(error)
        };
    }
}
function openFolder(at, path, follows, above) {
    try {
        const real = follows ? realpathSync(at) : at;
        if (follows && above.some((folder)=>folder.real === real)) return {
            kind: 'unreadable',
            path,
            why: 'it is a link back to a folder that it lies in'
        };
        return {
            at,
            path,
            names: readdirSync(at).sort(),
            next: 0,
            real
        };
    } catch (error) {
        return {
            kind: 'unreadable',
            path: path === '' ? '.' : path,
            why: reason(error)
        };
    }
}
const reason = (error)=>{
    const { code } = error;
    if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
    if (code === 'ENAMETOOLONG') return 'its path is longer than this system opens; move it up, or shorten names in it';
    if (code === 'ENOENT') return 'it is gone, or a link that leads nowhere';
    return code === 'ELOOP' ? 'it is a link that leads in a circle' : `it cannot be read (${code ?? 'unknown'})`;
};

//# sourceMappingURL=walk.js.map
