// A manifest of many files, and an emulator that holds just these: its journal is written to directly, as uploading a
// million files would take longer than all that is measured.
import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
const FOLDERS = 100;
const AT_ONCE = 10_000;
const WRITTEN_AT = Date.UTC(2026, 2, 1, 9);
const folderOf = (index)=>`run-${String(index % FOLDERS).padStart(3, '0')}`;
const nameOf = (index)=>`plane-${String(index).padStart(7, '0')}.tif`;
const sizeOf = (index)=>1 + index % 100_000;
const sumOf = (index)=>Math.imul(index + 1, 2_654_435_761) >>> 0;
export function writeManifest(file, files) {
    const descriptor = openSync(file, 'w');
    for(let from = 0; from < files; from += AT_ONCE){
        let lines = '';
        for(let index = from; index < Math.min(files, from + AT_ONCE); index += 1)lines += `{"path":"${folderOf(index)}/${nameOf(index)}","size":${sizeOf(index)},"crc32":"${sumOf(index).toString(16).padStart(8, '0')}","mtime":"${new Date(WRITTEN_AT + index).toISOString()}"}\n`;
        writeSync(descriptor, lines);
    }
    closeSync(descriptor);
}
/** To an emulator that is not running; in place of what an earlier call wrote, the same numbers being used. */ export function fillEmulator(dataDir, namespace, files) {
    const journal = join(dataDir, 'journal.ndjson');
    const write = (changes)=>appendFileSync(journal, `${JSON.stringify(changes)}\n`);
    let number = 1_000_000;
    const namespaces = Array.from({
        length: FOLDERS
    }, (_, index)=>`${namespace}/${folderOf(index)}`);
    write(namespaces.map((path)=>[
            'namespace',
            path,
            {
                id: ++number,
                path,
                ctime: WRITTEN_AT,
                creator: 'service:dispatch',
                acl: []
            }
        ]));
    for(let from = 0; from < files; from += AT_ONCE){
        const changes = [];
        for(let index = from; index < Math.min(files, from + AT_ONCE); index += 1){
            const id = ++number;
            const content = {
                id,
                file: `none-${id}`,
                size: sizeOf(index),
                crc: sumOf(index),
                type: 'image/tiff'
            };
            changes.push([
                'asset',
                String(id),
                {
                    ...{
                        id,
                        version: 1,
                        vid: id,
                        namespace: `${namespace}/${folderOf(index)}`,
                        name: nameOf(index)
                    },
                    ...{
                        type: 'image/tiff',
                        ctime: WRITTEN_AT,
                        mtime: WRITTEN_AT,
                        stime: id,
                        creator: 'service:dispatch'
                    },
                    content: {
                        ...content,
                        ctime: WRITTEN_AT,
                        stime: id
                    },
                    documents: []
                }
            ]);
        }
        write([
            ...changes,
            [
                'counter',
                '',
                number
            ]
        ]);
    }
}

//# sourceMappingURL=many-assets.js.map
