// A compressed tar, with long names and large sizes in the pax form.
import { createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
/** The archive's bytes; one entry is read at a time. */ export async function* writeTarGz(entries) {
    const tar = pack();
    const gzip = createGzip();
    // Whatever ends one ends the other, and is told by reading the compressed side.
    const flowing = pipeline(tar, gzip);
    const filling = fill(tar, entries).catch((error)=>{
        tar.destroy(error instanceof Error ? error : new Error(String(error)));
    });
    flowing.catch(()=>undefined);
    try {
        for await (const part of gzip)yield part;
        await flowing;
    } finally{
        gzip.destroy();
        await filling;
    }
}
async function fill(tar, entries) {
    for await (const { name, size, modified, read } of entries){
        if (name.endsWith('/')) {
            tar.entry({
                name,
                type: 'directory',
                mode: 0o755,
                mtime: modified
            });
            continue;
        }
        const header = {
            name,
            size,
            mode: 0o644,
            mtime: modified
        };
        if (size === 0) tar.entry(header, '');
        else await pipeline(read(), tar.entry(header));
    }
    tar.finalize();
}

//# sourceMappingURL=tar-writer.js.map
