// Paths of namespaces and assets.
export const parentOf = (path)=>path.slice(0, path.lastIndexOf('/')) || '/';
export const lastPartOf = (path)=>path.slice(path.lastIndexOf('/') + 1);
/** The path in `path=…`, in either case, with quotes round the path or round it all; undefined for an id. */ export function pathOfReference(reference) {
    const bare = reference.replace(/^\s*(['"])(path=.*)\1\s*$/is, '$2');
    return /^\s*path=(.*)$/is.exec(bare)?.[1];
}
/** With a leading and without a trailing slash; `/` itself stays. Clients leave the first out or quote the path. */ export function normalPath(text) {
    const bare = text.replace(/^\s*(['"])(.*)\1\s*$/s, '$2').replace(/^\s+\//, '/');
    const parts = bare.split('/').filter((part)=>part !== '');
    return `/${parts.join('/')}`;
}

//# sourceMappingURL=paths.js.map
