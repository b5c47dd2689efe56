// A local file as it leaves the disk, and the judgement whether what Mediaflux holds is it.
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
export const CHANGED = 'it changed while it was read';
const CHUNK_BYTES = 1024 * 1024;
export const stateOf = (stat)=>({
        size: stat.size,
        modifiedMs: Math.floor(stat.mtimeMs)
    });
export const nameOf = (file)=>posix.basename(file.path);
/**
 * Bytes of a file from `offset` on.
 * @param length how many at most; undefined: to its end, wherever that is by then, so that growth shows
 */ export async function* partsOf(path, offset, length, onPart) {
    const end = length === undefined ? {} : {
        end: offset + length - 1
    };
    for await (const part of createReadStream(path, {
        highWaterMark: CHUNK_BYTES,
        start: offset,
        ...end
    })){
        onPart(part);
        yield part;
    }
}
/** Only what stayed as it was, and arrived as it is, counts. A file without content may have no checksum in Mediaflux. */ export function judge(file, before, after, held, crc) {
    if (after.size !== before.size || after.modifiedMs !== before.modifiedMs) return {
        because: CHANGED
    };
    if ((held.size ?? 0) !== before.size) return {
        because: `Mediaflux holds ${held.size ?? 'no'} bytes of it instead of ${before.size}`
    };
    if (held.crc32 !== null && held.crc32 !== crc) return {
        because: 'its checksum in Mediaflux is another'
    };
    return {
        file: {
            path: file.path,
            ...before,
            crc32: crc
        }
    };
}

//# sourceMappingURL=local-content.js.map
