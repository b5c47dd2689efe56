// What Mediaflux holds of a download, by path, for millions of files.
import { PathTable } from '../journal/path-table.js';
export class StoredFiles {
    usual = new PathTable();
    /** Those that do not fit in numbers: without size or checksum, or with an id that is none. */ unusual = new Map();
    static async of(link) {
        let files = new StoredFiles();
        await link.list(()=>{
            files = new StoredFiles();
            return (path, file)=>files.set(path, file);
        });
        return files;
    }
    get(path) {
        const entry = this.usual.get(path);
        if (!entry) return this.unusual.get(path);
        return {
            assetId: String(entry.first),
            size: entry.second,
            crc32: entry.word.toString(16).padStart(8, '0')
        };
    }
    set(path, file) {
        const id = Number(file.assetId);
        if (file.size !== null && file.crc32 !== null && Number.isSafeInteger(id) && String(id) === file.assetId) this.usual.set(path, Number.parseInt(file.crc32, 16), id, file.size);
        else this.unusual.set(path, file);
    }
}

//# sourceMappingURL=stored-files.js.map
